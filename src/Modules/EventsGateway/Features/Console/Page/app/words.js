// What the gateway's texts mean, for a person. A text that is not here is shown as it is.

export const number = value => value == null ? '–' : Math.round(value).toLocaleString('en');
export const decimal = (value, digits = 1) => value == null ? '–'
  : value.toLocaleString('en', { minimumFractionDigits: value < 10 && value % 1 ? digits : 0, maximumFractionDigits: value < 10 ? digits : 0 });
export const count = (many, one, several = `${one}s`) => `${number(many)} ${many === 1 ? one : several}`;
export const bytes = value => value == null ? '–' : value < 1024 ? count(value, 'byte') : `${decimal(value / 1024)} KiB`;
export const sentence = text => !text ? '' : `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

const look = (words, text) => words[text] ?? text ?? '–';

export const types = ['SHIPMENT_CREATED', 'SHIPMENT_UPDATED', 'SHIPMENT_DELIVERED', 'SHIPMENT_CANCELLED'];
export const typeText = type => {
  const word = type?.replace(/^SHIPMENT_/, '').toLowerCase() ?? '–';
  return word[0].toUpperCase() + word.slice(1);
};

export const statuses = ['pending', 'processed', 'failed'];
export const statusKind = status => ({ processed: 'good', failed: 'bad', pending: 'busy' })[status] ?? 'calm';

const outcomes = {
  routed: 'Routed',
  late: 'Came late, needed no routing',
  'shipment-ended': 'Its shipment had ended',
  'rejected-by-router': 'Rejected by the routing service',
  'retries-exhausted': 'Retries used up',
  'deadline-exceeded': 'Given up after waiting too long',
  poison: 'Workers died while on it',
  unreadable: 'Could not be read',
  unstorable: 'The store cannot hold it',
};
export const outcomeNames = Object.keys(outcomes);
export const outcomeText = outcome => look(outcomes, outcome);

const advice = {
  'retries-exhausted': 'Replay once the routing service answers again.',
  'deadline-exceeded': 'Replay once the routing service answers again.',
  'rejected-by-router': 'The routing service says no to these. A replay helps only if something was changed there.',
  'shipment-ended': 'Events that happened after their shipment was delivered or cancelled. A replay is refused again.',
  poison: 'Look at the logs of the workers before you replay.',
  unreadable: 'Kept with its bytes. No replay brings it back; the courier can send it again.',
  unstorable: 'Kept with its bytes. No replay brings it back; the courier can send it again.',
};
const notRouted = 'The service answers, but does not route. Ask its owner before you replay.';
export const adviceText = (outcome, error) =>
  outcome === 'retries-exhausted' && error?.includes('routed: false') ? notRouted : advice[outcome] ?? '';

/** Replayed events of ended shipments are refused once more. */
export const isReplayUseful = outcome => outcome !== 'shipment-ended';

const results = {
  routed: 'Routed',
  late: 'Late: not routed',
  'shipment-ended': 'Refused: shipment had ended',
  'not-routed': 'Answered, but not routed',
  'timed-out': 'No answer in time',
  'connection-lost': 'Connection lost',
  'transient-status': 'Answered with an error',
  'permanent-status': 'Rejected',
  unreadable: 'Answer not readable',
  abandoned: 'Interrupted: the worker went away',
};
export const resultText = result => look(results, result);
export const resultKind = result => ['routed', 'late'].includes(result) ? 'good' : result === 'abandoned' ? 'calm' : 'bad';

const reasons = {
  missing_signature: 'No signature',
  invalid_signature: 'Signature does not match',
  invalid_field: 'A field is wrong',
  malformed_body: 'Body is no JSON',
  unsupported_media_type: 'Wrong content type',
  too_large: 'Body too large',
  unavailable: 'Gateway was not available',
  conflict: 'Same id, other body',
};
export const reasonText = reason => look(reasons, reason);

const actions = {
  login: 'Logged in', logout: 'Logged out', 'login-rejected': 'Login refused', replay: 'Replay', erase: 'Erasure',
  'clear-deduplication-cache': 'Forgot seen keys',
};
export const actionText = action => look(actions, action);

const engines = { sqlite: 'SQLite', rabbitmq: 'RabbitMQ', redis: 'Redis', mongodb: 'MongoDB' };
export const engineText = engine => look(engines, engine);
const duties = { sqlite: 'queue and store', rabbitmq: 'queue', redis: 'filter of duplicates', mongodb: 'store' };
export const engineDuty = engine => look(duties, engine);
const absences = {
  sqlite: 'Webhooks are rejected with 503 until it answers: couriers send them again, nothing that was accepted is lost.',
  rabbitmq: 'Webhooks are rejected with 503 until it answers: couriers send them again, nothing that was accepted is lost.',
  mongodb: 'Webhooks are still accepted and wait in the queue. Nothing is lost; processing goes on once it answers.',
  redis: 'Everything goes on. Duplicates are recognised in the store instead of at the door.',
};
export const withoutEngine = engine => absences[engine] ?? '';
