// A credit-control session: CCR-I, some CCR-U, CCR-T; RARs and ASRs are answered, and a gateway that
// is started again is found again.
//
//   npm ci && node ccr.mjs [URL] [--updates 1] [--every 1] [--timeout 10] [--give-up 60] [--wait-rar]
//
// All times are in seconds; with --wait-rar the first CCR-U waits for a RAR.
// Exit status: 0 done; 1 the session was refused or failed; 2 wrong arguments; 3 the gateway is gone.
import { parseArgs } from 'node:util';
import { CallError, Gateway, GatewayGone } from './gateway.mjs';

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        updates: { type: 'string', default: '1' },
        every: { type: 'string', default: '1' },
        timeout: { type: 'string', default: '10' },
        'give-up': { type: 'string', default: '60' },
        'wait-rar': { type: 'boolean', default: false },
      },
    });
    const number = (name) => {
      if (!(Number(values[name]) >= 0)) throw new Error(`--${name}: a number is expected`);
      return Number(values[name]);
    };
    return {
      url: new URL(positionals[0] ?? 'ws://127.0.0.1:8080/').href,
      updates: number('updates'),
      every: number('every'),
      timeout: number('timeout'),
      giveUp: number('give-up'),
      waitRar: values['wait-rar'],
    };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
const options = readArguments();

// Chosen here, so that a CCR-I that is sent again is for the same session.
const session = `example.client;${Math.floor(Date.now() / 1000)};${process.pid}`;
let aborted = false;
let woken = false; // by the network
let wake = () => {};

// What the network asks: the result is the answer's AVPs.
function serve(method, params) {
  if (params['Session-Id'] !== session) return { 'Result-Code': 'DIAMETER_UNKNOWN_SESSION_ID' };
  if (method !== 'RAR' && method !== 'ASR') {
    throw Object.assign(new Error(`${method} is not served here`), { resultCode: 3001 });
  }
  aborted ||= method === 'ASR';
  woken = true;
  wake();
  // RFC 8506 section 5.5: a CCR-U follows a RAR; after an ASR it is the CCR-T.
  return { 'Result-Code': method === 'RAR' ? 'DIAMETER_LIMITED_SUCCESS' : 'DIAMETER_SUCCESS' };
}

const gateway = new Gateway(options.url, {
  serve,
  timeout: options.timeout * 1000,
  giveUp: options.giveUp * 1000,
  trace: (direction, text) => console.log(direction, text),
});

let number = 0;
async function ccr(type, units) {
  const answer = await gateway.callUntilAnswered('CCR', {
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
  number += 1;
  if (answer['Result-Code'] !== 2001) {
    throw new Error(`${type}: Result-Code ${answer['Result-Code']}`);
  }
}

// Until it is time for the next request, or the network wants one.
async function pause(seconds) {
  if (!woken) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      wake = () => { clearTimeout(timer); resolve(); };
    });
  }
  woken = false;
}

async function runSession() {
  const wanted = { 'Requested-Service-Unit': { 'CC-Total-Octets': '1000' } };
  const used = { 'Used-Service-Unit': [{ 'CC-Total-Octets': '800' }] };
  await ccr('INITIAL_REQUEST', wanted);
  gateway.sessions.add(session);
  if (options.waitRar) await pause(86_400);
  for (let i = 0; i < options.updates && !aborted; i += 1) {
    if (i > 0) await pause(options.every);
    if (!aborted) await ccr('UPDATE_REQUEST', { ...used, ...wanted });
  }
  gateway.sessions.delete(session);
  await ccr('TERMINATION_REQUEST', used);
}

let status = 0;
try {
  await Promise.race([runSession(), gateway.ended]);
} catch (error) {
  console.error(error.message);
  if (error instanceof CallError) console.error(JSON.stringify(error.data));
  status = error instanceof GatewayGone ? 3 : 1;
}
await gateway.close();
process.exit(status);
