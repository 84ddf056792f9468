// A credit-control session in a few lines: CCR-I, CCR-U, CCR-T, and an answer to a RAR.
//
//   npm ci && node ccr.mjs [ws://127.0.0.1:8080/] [--wait-rar]
//
// With --wait-rar the session stays open until the server has sent a Re-Auth-Request.
import WebSocket from 'ws';

const url = process.argv.find((word) => word.startsWith('ws')) ?? 'ws://127.0.0.1:8080/';
const session = `example.client;${Date.now()};${process.pid}`;
const socket = new WebSocket(url, 'diameter.jsonrpc.v1');
const waiting = new Map();
let id = 0;
let reauthorized;
const rar = new Promise((resolve) => { reauthorized = resolve; });

function send(message) {
  console.log('->', JSON.stringify(message));
  socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
}

// A request to the network: its answer, whatever its Result-Code, is the result.
function request(method, params) {
  id += 1;
  send({ id, method, params });
  return new Promise((resolve, reject) => { waiting.set(id, { resolve, reject }); });
}

// A request from the network carries a method; the answer goes back under its id.
function serve({ id: theirs, method }) {
  if (method === 'RAR') {
    send({ id: theirs, result: { 'Result-Code': 'DIAMETER_LIMITED_SUCCESS' } });
    reauthorized();
  } else {
    send({ id: theirs, error: { code: -32601, message: `${method} is not served here` } });
  }
}

socket.on('message', (data) => {
  const message = JSON.parse(data);
  console.log('<-', JSON.stringify(message));
  if (message.method) {
    serve(message);
    return;
  }
  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) reject(new Error(message.error.message));
  else resolve(message.result);
});

function ccr(type, number, units) {
  return request('CCR', {
    'Session-Id': session,
    'Destination-Realm': 'example',
    'Auth-Application-Id': 4,
    'Service-Context-Id': '32251@3gpp.org',
    'CC-Request-Type': type,
    'CC-Request-Number': number,
    'Subscription-Id': [{
      'Subscription-Id-Type': 'END_USER_E164',
      'Subscription-Id-Data': '491701234567',
    }],
    ...units,
  });
}

const wanted = { 'Requested-Service-Unit': { 'CC-Total-Octets': '1000' } };
const used = { 'Used-Service-Unit': [{ 'CC-Total-Octets': '800' }] };

socket.on('error', (error) => { console.error(error.message); process.exit(1); });
socket.on('open', async () => {
  try {
    await ccr('INITIAL_REQUEST', 0, wanted);
    if (process.argv.includes('--wait-rar')) await rar;
    await ccr('UPDATE_REQUEST', 1, { ...used, ...wanted });
    await ccr('TERMINATION_REQUEST', 2, used);
    socket.close(1000);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
});
