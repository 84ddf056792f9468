// Sends many Credit-Control-Requests through a running gateway and checks that every answer is
// the answer of its request: same id, Session-Id and CC-Request-Number, none lost, none doubled.
//
//   node ws_load_test.mjs --url ws://127.0.0.1:8080/ [--requests 10000] [--in-flight 64]
//                         [--connections 4] [--timeout SECONDS] [--realm ocs.example]
//
// Each unit of flight is a session of its own: CCR-I, then CCR-U, ..., last CCR-T.
import { parseArgs } from 'node:util';
import WebSocket from 'ws';

const { values: args } = parseArgs({
  options: {
    url: { type: 'string' },
    requests: { type: 'string', default: '10000' },
    'in-flight': { type: 'string', default: '64' },
    connections: { type: 'string', default: '4' },
    timeout: { type: 'string', default: '120' },
    realm: { type: 'string', default: 'example' },
    updates: { type: 'string', default: '3' },
  },
});
if (!args.url) {
  console.error('ws_load_test: --url is missing');
  process.exit(2);
}
const total = Number(args.requests);
const connections = Number(args.connections);
const sessionsPerConnection = Number(args['in-flight']) / connections;
const updates = Number(args.updates);
const run = `${process.pid}.${Date.now()}`;

const problems = [];
let sent = 0;
let answered = 0;
let finished;
const done = new Promise((resolve) => { finished = resolve; });

function fail(text) {
  problems.push(text);
  if (problems.length > 20) finished();
}

const types = { I: 'INITIAL_REQUEST', U: 'UPDATE_REQUEST', T: 'TERMINATION_REQUEST' };

/** One session after the other, one request in flight. */
class Flight {
  constructor(client, index) {
    this.client = client;
    this.index = index;
    this.generation = 0;
    this.open();
  }

  open() {
    this.generation += 1;
    this.number = 0;
    this.session = `load.example;${run};${this.client.index}.${this.index};${this.generation}`;
  }

  next() {
    if (sent >= total || problems.length > 20) return;
    sent += 1;
    const phase = this.number === 0 ? 'I' : this.number <= updates ? 'U' : 'T';
    const params = {
      'Session-Id': this.session,
      'Destination-Realm': args.realm,
      'Auth-Application-Id': 4,
      'Service-Context-Id': '32251@3gpp.org',
      'CC-Request-Type': types[phase],
      'CC-Request-Number': this.number,
      'Subscription-Id': [{
        'Subscription-Id-Type': 'END_USER_E164',
        'Subscription-Id-Data': `${run}.${this.client.index}.${this.index}`,
      }],
    };
    if (phase !== 'T') params['Requested-Service-Unit'] = { 'CC-Total-Octets': '10' };
    if (phase !== 'I') params['Used-Service-Unit'] = { 'CC-Total-Octets': '10' };
    this.client.send(this, params);
  }

  answer(result) {
    const where = `${this.session} number ${this.number}`;
    if (result['Session-Id'] !== this.session) {
      fail(`${where}: the answer has Session-Id ${result['Session-Id']}`);
    }
    if (Number(result['CC-Request-Number']) !== this.number) {
      fail(`${where}: the answer has CC-Request-Number ${result['CC-Request-Number']}`);
    }
    const code = result['Result-Code'];
    if (code !== 'DIAMETER_SUCCESS' && Number(code) !== 2001) fail(`${where}: Result-Code ${code}`);
    this.number += 1;
    if (this.number > updates + 1) this.open();
    this.next();
  }
}

class Client {
  constructor(index) {
    this.index = index;
    this.nextId = 1;
    this.waiting = new Map();
  }

  connect() {
    this.socket = new WebSocket(args.url, 'diameter.jsonrpc.v1', { perMessageDeflate: false });
    this.socket.on('message', (data) => this.receive(String(data)));
    this.socket.on('close', (code) => {
      if (!this.closing) { fail(`connection ${this.index} was closed with ${code}`); finished(); }
    });
    return new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
    });
  }

  send(flight, params) {
    const id = `${this.index}-${this.nextId++}`;
    this.waiting.set(id, flight);
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'CCR', params }));
  }

  receive(text) {
    const message = JSON.parse(text);
    const flight = this.waiting.get(message.id);
    if (!flight) {
      fail(`connection ${this.index}: an answer to nothing: ${text.slice(0, 200)}`);
      return;
    }
    this.waiting.delete(message.id);
    answered += 1;
    if (message.error) {
      fail(`${flight.session}: ${JSON.stringify(message.error).slice(0, 300)}`);
      flight.open();
      flight.next();
    } else {
      flight.answer(message.result);
    }
    if (answered >= total) finished();
  }

  close() {
    this.closing = true;
    return new Promise((resolve) => {
      this.socket.on('close', resolve);
      this.socket.close(1000);
    });
  }
}

const clients = Array.from({ length: connections }, (_, index) => new Client(index));
try {
  await Promise.all(clients.map((client) => client.connect()));
} catch (error) {
  console.error(`ws_load_test: ${args.url}: ${error.message}`);
  process.exit(1);
}
const timer = setTimeout(() => {
  fail(`after ${args.timeout} s: ${answered} answers to ${sent} of ${total} requests`);
  finished();
}, Number(args.timeout) * 1000);

const start = process.hrtime.bigint();
for (const client of clients) {
  for (let i = 0; i < sessionsPerConnection; i += 1) new Flight(client, i).next();
}
await done;
clearTimeout(timer);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const lost = clients.reduce((sum, client) => sum + client.waiting.size, 0);
if (lost !== 0) problems.push(`${lost} requests were never answered`);
await Promise.race([
  Promise.all(clients.map((client) => client.close())),
  new Promise((resolve) => { setTimeout(resolve, 3000).unref(); }),
]);

for (const problem of problems.slice(0, 20)) console.error(`ws_load_test: ${problem}`);
console.log(`${answered} answers to ${sent} requests over ${connections} connections, `
  + `${args['in-flight']} in flight, in ${seconds.toFixed(2)} s`);
process.exit(problems.length === 0 && answered === total ? 0 : 1);
