// A client of the gateway, to copy. It connects again when the connection ends, with growing
// intervals; it answers what the network asks; it says of each call that failed whether it may have
// been served; and it ends when the gateway is gone for good.
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const FIRST_INTERVAL = 250; // ms; doubled after each failure
const LONGEST_INTERVAL = 10_000;
const PING_INTERVAL = 15_000; // a connection that does not answer pings is dead
const GRACE = 2_000; // the gateway's own error, which says more, comes before ours

// Clients that lose one gateway must not all come back in the same instant.
const spread = (interval) => interval * (0.5 + Math.random());

// The gateway could not be reached for as long as we were told to try.
export class GatewayGone extends Error {}

// A call without an answer: docs/jsonrpc.md, "Error codes".
export class CallError extends Error {
  constructor({ code, message, data = {} }) {
    super(message);
    this.code = code;
    this.data = data;
    // Worth another attempt; anything else would fail again in the same way.
    this.passing = ['unable_to_deliver', 'timed_out', 'too_busy', 'peer_lost', 'draining',
      'connection_lost'].includes(data.name);
    // False where the request certainly reached nobody. Else it may have been served, and charged.
    this.maybeServed = data.sent !== false;
  }
}

export class Gateway {
  #url; #serve; #giveUp; #timeout; #trace;
  #socket = null; // while it is open
  #connecting = null; // while it is not yet
  #calls = new Map(); // by id; those that are not sent wait for a connection
  #lastId = 0;
  #closing = new AbortController();
  #gone = null;

  // Session-Ids whose requests from the network are ours: a new connection asks for them again.
  sessions = new Set();
  // Settled when there will be no connection any more; rejected where it is the gateway's fault.
  ended;

  // serve(method, params) gives the result for a request from the network, or throws.
  constructor(url, { serve, giveUp = 60_000, timeout = 10_000, trace = () => {} }) {
    this.#url = url;
    this.#serve = serve;
    this.#giveUp = giveUp;
    this.#timeout = timeout;
    this.#trace = trace;
    this.ended = this.#stayConnected();
    this.ended.catch(() => {}); // whoever waits for it is told, and calls are
  }

  // What still waits fails.
  async close() {
    this.#closing.abort();
    if (this.#socket) this.#socket.close(1000);
    else this.#connecting?.terminate();
    await this.ended.catch(() => {});
  }

  // The answer, whatever its Result-Code; a CallError where there is none.
  call(method, params = {}, timeout = this.#timeout) {
    if (this.#gone) return Promise.reject(this.#gone);
    if (this.#closing.signal.aborted) return Promise.reject(new Error('closed'));
    const id = ++this.#lastId;
    const limit = method.includes('.') ? {} : { $timeout: timeout };
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, ...limit } });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, 'timed_out', 'no answer came'),
        timeout + GRACE);
      this.#calls.set(id, { text, resolve, reject, timer, sent: false });
      this.#sendWaiting();
    });
  }

  // Calls until there is an answer. Only for requests that the server knows again, as it knows a CCR
  // by Session-Id and CC-Request-Number (RFC 8506 section 8.2): others are charged twice.
  async callUntilAnswered(method, params, giveUp = this.#giveUp) {
    const end = Date.now() + giveUp;
    let repeated = {};
    for (let interval = FIRST_INTERVAL; ; interval = Math.min(2 * interval, LONGEST_INTERVAL)) {
      try {
        return await this.call(method, { ...params, ...repeated });
      } catch (error) {
        if (!error.passing || Date.now() + interval > end) throw error;
        // The T bit (RFC 6733 section 3) lets the server look for the request that it had before.
        if (error.maybeServed) repeated = { $retransmitted: true };
      }
      await sleep(spread(interval));
    }
  }

  async #stayConnected() {
    let interval = FIRST_INTERVAL;
    let lastSeen = Date.now();
    while (!this.#closing.signal.aborted) {
      const lived = await this.#connectOnce();
      if (lived !== null) lastSeen = Date.now();
      if (lived > interval) interval = FIRST_INTERVAL;
      const left = lastSeen + this.#giveUp - Date.now();
      if (left <= 0) {
        this.#gone = new GatewayGone(`${this.#url} was not reached for ${this.#giveUp} ms`);
        break;
      }
      await sleep(Math.min(spread(interval), left), null, { signal: this.#closing.signal })
        .catch(() => {});
      interval = Math.min(2 * interval, LONGEST_INTERVAL);
    }
    for (const id of [...this.#calls.keys()]) this.#fail(id, 'connection_lost', 'no connection');
    if (this.#gone) throw this.#gone;
  }

  // One connection, until it has ended: how long it lived, or null where there was none.
  #connectOnce() {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.#url, 'diameter.jsonrpc.v1', { handshakeTimeout: 5_000 });
      this.#connecting = socket;
      let opened = null;
      let alive = true;
      const pings = setInterval(() => {
        if (!alive) socket.terminate();
        else if (opened !== null) { alive = false; socket.ping(); }
      }, PING_INTERVAL);
      socket.on('pong', () => { alive = true; });
      socket.on('open', () => {
        opened = Date.now();
        this.#socket = socket;
        for (const session of this.sessions) {
          this.call('gateway.bind', { session_id: session }).catch((e) => this.#trace('!!', e.message));
        }
        this.#sendWaiting();
      });
      socket.on('message', (data) => this.#onMessage(socket, data.toString()));
      socket.on('error', (error) => this.#trace('!!', error.message)); // 'close' follows
      socket.on('close', () => {
        clearInterval(pings);
        this.#socket = null;
        for (const [id, call] of [...this.#calls]) {
          if (call.sent) this.#fail(id, 'connection_lost', 'the connection ended');
        }
        resolve(opened === null ? null : Date.now() - opened);
      });
    });
  }

  #sendWaiting() {
    for (const call of this.#calls.values()) {
      if (!this.#socket || call.sent) continue;
      call.sent = true;
      this.#send(this.#socket, call.text);
    }
  }

  #send(socket, text) {
    this.#trace('->', text);
    socket.send(text);
  }

  #fail(id, name, message) {
    const call = this.#calls.get(id);
    this.#settle(id, 'reject', this.#gone ?? new CallError({ message, data: { name, sent: call.sent } }));
  }

  #settle(id, how, value) {
    const call = this.#calls.get(id);
    if (!call) return; // its time was over
    this.#calls.delete(id);
    clearTimeout(call.timer);
    call[how](value);
  }

  #onMessage(socket, text) {
    this.#trace('<-', text);
    const message = JSON.parse(text);
    if (message.method && 'id' in message) this.#answer(socket, message);
    else if (message.method) this.#onNotification(message);
    else if (message.error) this.#settle(message.id, 'reject', new CallError(message.error));
    else this.#settle(message.id, 'resolve', message.result);
  }

  #onNotification({ method, params }) {
    // Another client has the session now; other notifications may come to be.
    if (method === 'gateway.session_taken') this.sessions.delete(params.session_id);
  }

  // A request from the network: the answer goes back under its id, on the connection that it came by.
  async #answer(socket, { id, method, params }) {
    let outcome;
    try {
      outcome = { result: await this.#serve(method, params) };
    } catch (error) {
      outcome = { error: { code: -32000, message: error.message,
        data: { result_code: error.resultCode ?? 5012 } } };
    }
    if (socket.readyState === WebSocket.OPEN) {
      this.#send(socket, JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
    }
  }
}
