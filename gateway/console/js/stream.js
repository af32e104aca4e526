// The margin stream: one WebSocket for the whole page, topics shared by whoever asks for them. It reconnects by itself, resumes each topic after the
// last number it saw, takes a snapshot where the gateway cannot resume, and always says how fresh what is on the screen is.

import { Emitter } from '/kit/emitter.js';
import { get } from './api.js';
import { merge } from './merge.js';
import { session } from './session.js';

const PROTOCOL = 'tarazu.margin.json';
const PING_MILLIS = 5_000;
const SILENT_MILLIS = 12_000;
const RETRY_MILLIS = [250, 500, 1_000, 2_000, 4_000, 8_000];
const CLOSE_NORMAL = 1000;
const CLOSE_POLICY = 1008;

/** @typedef {Record<string, unknown>} State */
/** @typedef {{ state: State, isWhole: boolean, changes: State }} Update `isWhole`: a snapshot, not a delta. */
/** @typedef {{ after?: number, seq?: number, changes?: State }} Delta */
/** @typedef {'off' | 'connecting' | 'live' | 'reconnecting'} Phase */

class Topic {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.stream = '';
    this.sequence = 0;
    /** @type {State | undefined} */
    this.state = undefined;
    /** The gateway's refusal; '' when it has not refused. */
    this.refusal = '';
    /** @type {Emitter<Update>} */
    this.updates = new Emitter();
    /** @type {Emitter<string>} */
    this.refused = new Emitter();
  }
}

class MarginStream {
  /** @type {Phase} */
  phase = 'off';
  /** Milliseconds since the epoch when the gateway was heard last; 0 = never. */
  heardAt = 0;
  /** Fires on every change of phase. @type {Emitter<Phase>} */
  phases = new Emitter();
  /** @type {Map<string, Topic>} */
  topics = new Map();
  /** @type {WebSocket | undefined} */
  socket = undefined;
  failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  retry = undefined;

  constructor() {
    setInterval(() => this.keepAlive(), PING_MILLIS);
    addEventListener('online', () => this.connectNow());
    addEventListener('offline', () => this.socket?.close());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.connectNow();
    });
  }

  /** Connects when there is a token and something is subscribed; drops the connection without a token. */
  follow() {
    if (session.token === '') {
      this.enter('off');
      this.socket?.close(CLOSE_NORMAL, 'signed out');
      this.topics.clear();
    } else this.connectNow();
  }

  /**
   * Follows a topic; the listener gets what is known at once. Returns what ends it.
   * @param {string} name
   * @param {(update: Update) => void} listener
   * @param {(refusal: string) => void} [refused]
   * @returns {() => void}
   */
  subscribe(name, listener, refused = () => {}) {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = new Topic(name);
      this.topics.set(name, topic);
      if (this.phase === 'live') this.ask(topic);
      else this.connectNow();
    } else if (topic.state !== undefined) listener({ state: topic.state, isWhole: true, changes: topic.state });
    if (topic.refusal !== '') refused(topic.refusal);
    const followed = topic;
    const ends = [followed.updates.on(listener), followed.refused.on(refused)];
    return () => {
      for (const end of ends) end();
      if (followed.updates.listeners.size > 0 || this.topics.get(name) !== followed) return;
      this.topics.delete(name);
      this.tell({ op: 'unsubscribe', topic: name });
    };
  }

  connectNow() {
    if (session.me === undefined || this.socket !== undefined) return;
    clearTimeout(this.retry);
    this.enter(this.heardAt === 0 ? 'connecting' : 'reconnecting');
    const url = new URL('/v1/stream', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, [PROTOCOL, `bearer.${session.token}`]);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.failures = 0;
      this.heard();
      this.enter('live');
      for (const topic of this.topics.values()) this.ask(topic);
    });
    socket.addEventListener('message', ({ data }) => this.take(String(data)));
    socket.addEventListener('close', ({ code }) => this.closed(socket, code));
  }

  /** @param {WebSocket} socket @param {number} code */
  closed(socket, code) {
    if (this.socket !== socket) return;
    this.socket = undefined;
    if (session.token === '') return this.enter('off');
    this.enter('reconnecting');
    // A handshake that is refused shows no status to a page: the API tells whether it was the token.
    if (this.failures > 0 || code === CLOSE_POLICY) get('/v1/me').catch(() => {});
    const wait = RETRY_MILLIS[Math.min(this.failures, RETRY_MILLIS.length - 1)] ?? 0;
    this.failures += 1;
    this.retry = setTimeout(() => this.connectNow(), wait * (0.75 + Math.random() / 2));
  }

  keepAlive() {
    if (this.phase !== 'live') return;
    if (Date.now() - this.heardAt > SILENT_MILLIS) this.socket?.close();
    else this.tell({ op: 'ping' });
  }

  /** @param {string} text */
  take(text) {
    this.heard();
    /** @type {{ op: string, topic?: string, stream?: string, after?: number, seq?: number, data?: State, changes?: State, code?: string, message?: string }} */
    const message = JSON.parse(text);
    const topic = this.topics.get(message.topic ?? '');
    if (topic === undefined) return;
    if (message.op === 'snapshot') this.replace(topic, message.data ?? {}, message.stream ?? '', message.seq ?? 0);
    else if (message.op === 'delta') this.change(topic, message);
    else if (message.op === 'error') {
      topic.refusal = message.message ?? message.code ?? 'refused';
      topic.refused.emit(topic.refusal);
    }
  }

  /** @param {Topic} topic @param {State} state @param {string} stream @param {number} sequence */
  replace(topic, state, stream, sequence) {
    Object.assign(topic, { state, stream, sequence, refusal: '' });
    topic.updates.emit({ state, isWhole: true, changes: state });
  }

  /** A delta that begins after what we have means that something was missed: a snapshot mends it. @param {Topic} topic @param {Delta} delta */
  change(topic, { after = 0, seq: sequence = 0, changes = {} }) {
    if (topic.state === undefined || sequence < topic.sequence) return;
    if (after > topic.sequence) {
      topic.state = undefined;
      this.ask(topic);
      return;
    }
    topic.state = merge(topic.state, changes);
    topic.sequence = sequence;
    topic.updates.emit({ state: topic.state, isWhole: false, changes });
  }

  /** @param {Topic} topic */
  ask(topic) {
    const resume = topic.state === undefined ? {} : { after: topic.sequence, stream: topic.stream };
    this.tell({ op: 'subscribe', topic: topic.name, ...resume });
  }

  /** @param {State} message */
  tell(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  heard() {
    this.heardAt = Date.now();
  }

  /** @param {Phase} phase */
  enter(phase) {
    if (this.phase === phase) return;
    this.phase = phase;
    this.phases.emit(phase);
  }
}

/** The one stream of this tab. */
export const stream = new MarginStream();
