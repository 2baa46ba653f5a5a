// Display texts for the codes of the gateway. A code without a text is shown as it is.

export const number = value => value == null ? '–' : Math.round(value).toLocaleString('en');
export const decimal = (value, digits = 1) => value == null ? '–'
  : value.toLocaleString('en', {
    minimumFractionDigits: value < 10 && value % 1 ? digits : 0, maximumFractionDigits: value < 10 ? digits : 0,
  });
export const count = (amount, one, several = `${one}s`) => `${number(amount)} ${amount === 1 ? one : several}`;
export const bytes = value => value == null ? '–' : value < 1024 ? count(value, 'byte') : `${decimal(value / 1024)} KiB`;
export const sentence = text => !text ? '' : `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

const label = (labels, code) => labels[code] ?? code ?? '–';

export const types = ['SHIPMENT_CREATED', 'SHIPMENT_UPDATED', 'SHIPMENT_DELIVERED', 'SHIPMENT_CANCELLED'];
export const typeText = type => {
  const text = type?.replace(/^SHIPMENT_/, '').toLowerCase() ?? '–';
  return text[0].toUpperCase() + text.slice(1);
};

export const statuses = ['pending', 'processed', 'failed', 'dismissed'];
export const statusKind = status => ({ processed: 'good', failed: 'bad', pending: 'pending' })[status] ?? 'neutral';

const outcomes = {
  routed: 'Routed',
  late: 'Late: not routed',
  mapped: 'Mapped to its events',
  'shipment-ended': 'Shipment had ended',
  'rejected-by-router': 'Rejected by the routing service',
  'retries-exhausted': 'Retries exhausted',
  'deadline-exceeded': 'Processing deadline exceeded',
  poison: 'Poison: its workers died',
  unreadable: 'Unreadable',
  unstorable: 'Not storable',
  unmapped: 'Not mapped',
};
export const outcomeNames = Object.keys(outcomes);
export const outcomeText = outcome => label(outcomes, outcome);

const advice = {
  'retries-exhausted': 'Replay after the routing service has recovered.',
  'deadline-exceeded': 'Replay after the routing service has recovered.',
  'rejected-by-router': 'The routing service rejects these events. Replay only after something has changed there.',
  'shipment-ended': 'These events occurred after their shipment was delivered or cancelled. A replay fails again, unless '
    + 'the shipment is reopened.',
  poison: 'Check the worker logs before a replay.',
  unreadable: 'The bytes are stored. A replay is not possible; the sender can resubmit.',
  unstorable: 'The bytes are stored. A replay is not possible; the sender can resubmit.',
  unmapped: 'The request is stored. The mapping of its source finds no event in it: correct the mapping.',
};
const notRouted = 'The routing service answers but does not route. Contact its owner before a replay.';
export const adviceText = (outcome, error) =>
  outcome === 'retries-exhausted' && error?.includes('routed: false') ? notRouted : advice[outcome] ?? '';

/** A replayed event of an ended shipment ends as before. */
export const isReplayUseful = outcome => !['shipment-ended', 'late'].includes(outcome);

const neverReplayed = ['routed', 'mapped', 'unreadable', 'unstorable'];
/** In a list. Retention keeps no content of old late and dismissed events. */
export const isReplayable = ({ status, outcome, bodyRemoved }) => !bodyRemoved && !neverReplayed.includes(outcome)
  && (outcome === 'late' ? status === 'processed' : status === 'failed' || status === 'dismissed');

const results = {
  routed: 'Routed',
  late: 'Late: not routed',
  mapped: 'Mapped to its events',
  unmapped: 'Not mapped',
  'shipment-ended': 'Shipment had ended',
  'not-routed': 'Answered, not routed',
  'timed-out': 'Timed out',
  'connection-lost': 'Connection lost',
  'transient-status': 'Temporary error',
  'permanent-status': 'Rejected',
  unreadable: 'Unreadable response',
  abandoned: 'Abandoned: the worker died',
};
export const resultText = result => label(results, result);
export const resultKind = result =>
  ['routed', 'late', 'mapped'].includes(result) ? 'good' : result === 'abandoned' ? 'neutral' : 'bad';

const reasons = {
  missing_signature: 'Missing signature',
  invalid_signature: 'Invalid signature',
  invalid_field: 'Invalid field',
  incomplete_body: 'Body did not arrive',
  too_many_requests: 'Too many requests',
  overloaded: 'Too many bodies at once',
  bad_request: 'Unreadable request',
  malformed_body: 'Body is not JSON',
  unsupported_media_type: 'Unsupported content type',
  too_large: 'Body too large',
  unavailable: 'Gateway unavailable',
  conflict: 'Conflict: same event ID, different body',
};
export const reasonText = reason => label(reasons, reason);

/** The requests of a source that were not answered with success. */
export const rejectedOf = ({ rejected }) => Object.values(rejected).reduce((total, amount) => total + amount, 0);

const actions = {
  login: 'Login', logout: 'Logout', 'login-rejected': 'Login rejected', replay: 'Replay', dismiss: 'Dismissal',
  export: 'Export', erase: 'Erasure',
  'pause-routing': 'Routing paused', 'resume-routing': 'Routing resumed',
  'reopen-shipment': 'Shipment reopened',
  'clear-deduplication-cache': 'Deduplication cache cleared', 'prepare-return': 'Return to NestJS prepared',
};
export const actionText = action => label(actions, action);

const backends = { sqlite: 'SQLite', rabbitmq: 'RabbitMQ', redis: 'Redis', mongodb: 'MongoDB' };
export const backendText = backend => label(backends, backend);
const roles = { sqlite: 'queue and store', rabbitmq: 'queue', redis: 'deduplication cache', mongodb: 'store' };
export const backendRole = backend => label(roles, backend);
