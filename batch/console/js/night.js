// The night as this tab knows it: the view of one date, the days before it, and how fresh both are. Hears of changes over one event stream, asks for the
// view by its tag, goes on by itself after a break.

import { Emitter } from '/kit/emitter.js';
import { ask, get } from './api.js';
import { byKey } from './paths.js';
import { session } from './session.js';

/** Predictions move although nothing happens. */
const LOOK_MILLIS = 10_000;
/** Longer than the server's heartbeat: silence means the line is down. */
const SILENCE_MILLIS = 12_000;
const RETRY_MILLIS = 1_000;
const RETRY_MILLIS_MAX = 8_000;
const DAYS = 35;
const DAYS_WITH_STATES = 9;
/** The days are asked for again at most this often. */
const DAYS_MILLIS = 2_000;

/** @typedef {import('./wire.d.ts').NightView} NightView */
/** @typedef {'off' | 'connecting' | 'live' | 'reconnecting'} LinePhase */

class Night {
  date = '';
  /** @type {NightView | undefined} */
  view = undefined;
  /** Newest first. @type {readonly import('./wire.d.ts').Day[]} */
  days = [];
  /** @type {LinePhase} */
  phase = 'off';
  /** When the server was last heard, milliseconds of this machine. */
  heardAt = 0;
  /** The view or the days changed. @type {Emitter<Night>} */
  changed = new Emitter();
  /** The line's phase changed. @type {Emitter<Night>} */
  phases = new Emitter();
  /** Server's clock less ours, microseconds. */
  offset = 0;
  /** Why the view cannot be had; '' when it can. */
  fault = '';
  tag = '';
  daysAt = 0;
  daysDue = false;
  /** @type {AbortController | undefined} */
  line = undefined;
  looking = false;
  lookAgain = false;

  constructor() {
    setInterval(() => session.me !== undefined && document.visibilityState === 'visible' && void this.look(), LOOK_MILLIS);
  }

  /** Microseconds since 1970, as the server sees it. */
  get now() {
    return Date.now() * 1000 + this.offset;
  }

  /** Every instance of the date, parents first in each phase. @returns {import('./wire.d.ts').Instance[]} */
  get instances() {
    return (this.view?.runs ?? []).flatMap(({ instances }) => instances);
  }

  /** @returns {Map<string, import('./wire.d.ts').Instance>} */
  get byKey() {
    return byKey(this.instances);
  }

  /** @param {import('./wire.d.ts').Phase} phase */
  run(phase) {
    return this.view?.runs.find(({ run }) => run.phase === phase);
  }

  /** The person is known: start listening. @param {number} serverNow */
  start(serverNow) {
    this.offset = serverNow - Date.now() * 1000;
    if (this.line === undefined) void this.listen();
  }

  /** The session is over. */
  stop() {
    this.line?.abort();
    this.line = undefined;
    Object.assign(this, { view: undefined, days: [], tag: '', date: '' });
    this.become('off');
  }

  /** Shows another date. @param {string} date */
  async follow(date) {
    if (date === this.date) return;
    Object.assign(this, { date, tag: '', view: undefined, fault: '' });
    this.changed.emit(this);
    await Promise.all([this.look(), this.lookBack()]);
  }

  /** Asks for the view, unless it is as it was; a wish while one is on its way is granted after it. */
  async look() {
    if (this.date === '' || session.token === '') return;
    if (this.looking) {
      this.lookAgain = true;
      return;
    }
    this.looking = true;
    const { date, tag } = this;
    try {
      const response = await ask('/v1/night', { query: { date }, headers: tag === '' ? {} : { 'if-none-match': tag } });
      this.heard();
      if (response.status !== 304 && date === this.date) this.take(await response.json(), response.headers.get('etag') ?? '');
    } catch (error) {
      if (date === this.date && this.view === undefined && session.token !== '') {
        this.fault = error instanceof Error ? error.message : String(error);
        this.changed.emit(this);
      }
    } finally {
      this.looking = false;
    }
    if (this.lookAgain || date !== this.date) {
      this.lookAgain = false;
      await this.look();
    }
  }

  /** @param {NightView} view @param {string} tag */
  take(view, tag) {
    this.offset = view.now - Date.now() * 1000;
    Object.assign(this, { view, tag, fault: '' });
    this.changed.emit(this);
  }

  /** Asks for the days up to the date shown or today, whichever is later. */
  async lookBack() {
    if (this.daysDue) return;
    const wait = this.daysAt + DAYS_MILLIS - Date.now();
    if (wait > 0 && this.days.length > 0) {
      this.daysDue = true;
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.daysDue = false;
    }
    if (this.date === '' || session.token === '') return;
    this.daysAt = Date.now();
    /** @type {{ days: import('./wire.d.ts').Day[] } | undefined} */
    const answer = await get('/v1/night/days', { until: this.date, count: DAYS, states: DAYS_WITH_STATES }).catch(() => undefined);
    if (answer === undefined) return;
    this.days = answer.days;
    this.changed.emit(this);
  }

  /** Keeps one event stream open until the session ends. */
  async listen() {
    const line = new AbortController();
    this.line = line;
    this.become('connecting');
    for (let wait = RETRY_MILLIS; !line.signal.aborted; wait = Math.min(wait * 2, RETRY_MILLIS_MAX)) {
      const hadHeard = this.heardAt;
      await this.hear(line).catch(() => undefined);
      if (line.signal.aborted) return;
      this.become('reconnecting');
      if (this.heardAt > hadHeard) wait = RETRY_MILLIS;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Reads one stream to its end. @param {AbortController} line */
  async hear(line) {
    const silence = new AbortController();
    let timer = 0;
    const awake = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
    };
    awake();
    try {
      const response = await ask('/v1/night/changes', { signal: AbortSignal.any([line.signal, silence.signal]) });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        awake();
        this.heard();
        if (part.value.includes('event: changed')) await Promise.all([this.look(), void this.lookBack()]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  heard() {
    this.heardAt = Date.now();
    this.become('live');
  }

  /** @param {LinePhase} phase */
  become(phase) {
    if (this.phase === phase) return;
    this.phase = phase;
    this.phases.emit(this);
  }
}

/** The one night of this tab. */
export const night = new Night();
