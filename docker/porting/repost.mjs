#!/usr/bin/env node
// Sends the jobs that the BullMQ version of the original has left in Redis to the gateway, signed as a sender signs them.
// It reads Redis and changes nothing there, so it may be stopped, killed and run again: the gateway answers what it has
// already as a duplicate. Run it when the original is stopped: its workers move jobs. Node 18 or later, no packages.
//   REDIS_HOST=… REDIS_PORT=… REDIS_PASSWORD=… WEBHOOK_SECRET=… node repost.mjs http://HOST:3000/v1/events-gateway
// Exit code: 0 all jobs are in the gateway, 1 some are not (each is named), 2 it was not completed: run it again.
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';

const {
  REDIS_HOST = 'localhost', REDIS_PORT = '6379', REDIS_PASSWORD = '', REDIS_DB = '0', WEBHOOK_SECRET = '',
  BULL_PREFIX = 'bull', BULL_QUEUE = 'events-processing', TRIES = '20', AT_ONCE = '8',
} = process.env;
const target = process.argv[2];
if (!target || !WEBHOOK_SECRET) {
  console.error('usage: WEBHOOK_SECRET=… REDIS_HOST=… node repost.mjs http://HOST:PORT/v1/events-gateway');
  process.exit(2);
}

// Completed jobs are not read: BullMQ removes them, and the row of each is processed. A job that was active when its worker
// was killed is of its row's status: the gateway does not route it again where that is processed.
const lists = ['wait', 'paused', 'active'];
const sets = ['prioritized', 'delayed', 'failed'];
const key = name => `${BULL_PREFIX}:${BULL_QUEUE}:${name}`;

/** A connection that sends commands of Redis (RESP 2) and gives their answers in order. */
class Redis {
  #waiting = [];
  #bytes = Buffer.alloc(0);

  constructor(socket) {
    this.socket = socket;
    socket.on('data', more => {
      this.#bytes = Buffer.concat([this.#bytes, more]);
      for (let read; this.#waiting.length && (read = parse(this.#bytes, 0)); ) {
        this.#bytes = this.#bytes.subarray(read.end);
        const { resolve, reject } = this.#waiting.shift();
        if (read.value instanceof Error) reject(read.value);
        else resolve(read.value);
      }
    });
    const fail = fault => this.#waiting.splice(0).forEach(one => one.reject(fault ?? new Error('Redis closed the connection')));
    socket.on('error', fail).on('close', () => fail());
  }

  static open() {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(REDIS_PORT), REDIS_HOST, () => resolve(new Redis(socket))).once('error', reject);
    });
  }

  send(...words) {
    const parts = words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    // Nothing answers on a closed connection, so that the program would end without its report.
    if (this.socket.destroyed) return Promise.reject(new Error('Redis closed the connection'));
    this.socket.write(`*${words.length}\r\n${parts.join('')}`);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

/** The answer at this place; undefined while it has not arrived as a whole. */
function parse(bytes, from) {
  const end = bytes.indexOf('\r\n', from);
  if (end < 0) return undefined;
  const line = bytes.toString('utf8', from + 1, end);
  let next = end + 2;
  switch (String.fromCharCode(bytes[from])) {
    case '+': return { value: line, end: next };
    case '-': return { value: new Error(`Redis: ${line}`), end: next };
    case ':': return { value: Number(line), end: next };
    case '$':
      if (line === '-1') return { value: null, end: next };
      if (bytes.length < next + Number(line) + 2) return undefined;
      return { value: bytes.subarray(next, next + Number(line)), end: next + Number(line) + 2 };
    case '*': {
      const value = [];
      for (let n = Number(line); n > 0; n--) {
        const item = parse(bytes, next);
        if (!item) return undefined;
        value.push(item.value);
        next = item.end;
      }
      return { value, end: next };
    }
    default: throw new Error('This is not Redis');
  }
}

/** The ids of all jobs at one moment, each with its state. */
async function readIds(redis) {
  const read = (command, names) => names.map(name => redis.send(command, key(name), '0', '-1'));
  const answers = [redis.send('MULTI'), ...read('LRANGE', lists), ...read('ZRANGE', sets), redis.send('EXEC')];
  const found = (await Promise.all(answers)).at(-1);
  const states = new Map();
  [...lists, ...sets].forEach((state, i) => {
    // A marker of BullMQ (0:…) wakes workers and is no job.
    for (const id of found[i].map(String)) if (!/^0(:|$)/.test(id)) states.set(id, state);
  });
  return states;
}

const pause = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));

/** accepted, duplicate, or rejected: why; throws while the gateway cannot say so. */
async function post(body) {
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-signature': signature };
  for (let tries = 1; ; tries++) {
    let fault, wait = Math.min(tries, 5);
    try {
      const signal = AbortSignal.timeout(30_000);
      const answer = await fetch(target, { method: 'POST', headers, body, redirect: 'error', signal });
      const text = await answer.text();
      if (answer.status === 202) return answer.headers.get('idempotent-replayed') === 'true' ? 'duplicate' : 'accepted';
      fault = new Error(`${answer.status} ${text}`);
      // A wrong secret or address concerns every job.
      fault.isFinal = answer.status === 401 || answer.status === 404;
      if ([400, 413, 415].includes(answer.status)) return `rejected ${answer.status} ${text}`;
      wait = Number(answer.headers.get('retry-after')) || wait;
    } catch (thrown) {
      fault = thrown;
    }
    if (fault.isFinal || tries >= Number(TRIES)) throw new Error(`${target}: ${fault.cause?.message ?? fault.message}`);
    await pause(wait);
  }
}

const count = new Map([...lists, ...sets].map(state => [state, { jobs: 0, accepted: 0, duplicate: 0, rejected: 0, empty: 0 }]));
const redis = await Redis.open();
try {
  if (REDIS_PASSWORD) await redis.send('AUTH', REDIS_PASSWORD);
  if (REDIS_DB !== '0') await redis.send('SELECT', REDIS_DB);
  const jobs = [...await readIds(redis)];
  for (const [, state] of jobs) count.get(state).jobs++;
  const sendNext = async () => {
    for (let job; (job = jobs.shift()); ) {
      const [id, state] = job;
      const data = await redis.send('HGET', key(id), 'data');
      const result = data === null ? 'empty' : await post(data);
      count.get(state)[result.split(' ')[0]]++;
      if (!['accepted', 'duplicate'].includes(result)) console.log(`${state} job ${JSON.stringify(id)}: ${result}`);
    }
  };
  // After a fault no further job begins, and those that have begun are counted.
  const stopping = fault => { jobs.length = 0; throw fault; };
  const ends = await Promise.allSettled(Array.from({ length: Number(AT_ONCE) }, () => sendNext().catch(stopping)));
  const failed = ends.find(end => end.status === 'rejected');
  if (failed) throw failed.reason;
} catch (fault) {
  console.error(`not completed: ${fault.message}`);
  process.exitCode = 2;
} finally {
  redis.socket.destroy();
}

const total = { jobs: 0, accepted: 0, duplicate: 0, rejected: 0, empty: 0 };
for (const [state, row] of count) {
  for (const name of Object.keys(total)) total[name] += row[name];
  print(state, row);
}
print('total', total);
const open = total.jobs - total.accepted - total.duplicate - total.rejected - total.empty;
if (open > 0) console.log(`${open} jobs were not sent: run it again`);
if (!process.exitCode) process.exitCode = total.rejected + total.empty + open > 0 ? 1 : 0;

function print(name, row) {
  console.log(`${name.padEnd(12)} ${Object.entries(row).map(([what, n]) => `${n} ${what}`).join(', ')}`);
}
