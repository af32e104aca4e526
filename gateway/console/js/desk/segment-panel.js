// Exchange segments: one person closes or limits one at once; letting orders in again is asked for, and another person approves it.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { askReason } from '/kit/sheet.js';
import { get, send } from '../api.js';
import { timeOfDay } from '../format.js';
import { LiveTable } from '../live-table.js';
import { session } from '../session.js';

/** @typedef {import('../wire.d.ts').Segments['segments'][number]} Segment */
/** @typedef {import('../wire.d.ts').SegmentRequest} SegmentRequest */
/** @typedef {Segment['state']} State */

/** States, from the one that keeps nothing out. @type {Readonly<Record<State, { words: string, tone: string, verb: string }>>} */
const STATES = {
  OPEN: { words: '● open', tone: 'ok', verb: 'Open' },
  PRE_OPEN: { words: '◇ pre-open', tone: 'warn', verb: 'Pre-open' },
  REDUCE_ONLY: { words: '◆ reduce only', tone: 'warn', verb: 'Reduce only' },
  CLOSED: { words: '▲ closed', tone: 'loss', verb: 'Close' },
};
const ORDER = /** @type {State[]} */ (Object.keys(STATES));

/** May one person go from one state to the other? @param {State} before @param {State} after */
const isTighter = (before, after) => ORDER.indexOf(after) > ORDER.indexOf(before);

export class SegmentPanel {
  segments = new LiveTable(segmentTerms((segment, state) => void this.set(segment, state)));
  requests = new LiveTable(requestTerms((request) => void this.approve(request)));
  element = h(
    'div',
    { class: 'column' },
    card('Exchange segments', [this.segments.element], { id: 'segments' }),
    card('Changes asked for', [this.requests.element], { id: 'segment-requests' }),
  );

  /** Asks anew. */
  async look() {
    try {
      /** @type {import('../wire.d.ts').Segments} */
      const { segments, requests } = await get('/v1/segments');
      this.segments.update(segments);
      this.requests.update(requests);
    } catch (error) {
      this.segments.empty = faultText(error);
    }
  }

  /** @param {Segment} segment @param {State} state */
  async set({ segment, state: before }, state) {
    const alone = isTighter(before, state);
    const { verb, tone } = STATES[state];
    const words = alone
      ? 'It happens at once. Open orders stay as they are, cancels pass, fills are booked.'
      : 'Letting orders in takes two persons: another one has to approve within ten minutes.';
    const reason = await askReason({
      title: `${segment}: ${verb.toLowerCase()}`,
      words,
      verb: alone ? verb : `Ask: ${verb.toLowerCase()}`,
      tone: alone ? 'loss' : tone === 'ok' ? 'ok' : 'loss',
    });
    if (reason === undefined) return;
    const path = `/v1/segments/${segment}${alone ? '' : '/requests'}`;
    await this.act(
      () => send('POST', path, { state, reason }),
      alone
        ? `${segment} is ${STATES[state].words.slice(2)}.`
        : `Asked for: another person approves that ${segment} is ${STATES[state].words.slice(2)}.`,
    );
  }

  /** @param {SegmentRequest} request */
  async approve({ id, segment, state }) {
    await this.act(
      () => send('POST', `/v1/segments/requests/${encodeURIComponent(id)}/approve`),
      `${segment} is ${STATES[/** @type {State} */ (state)].words.slice(2)}.`,
    );
  }

  /** @param {() => Promise<unknown>} work @param {string} done */
  async act(work, done) {
    try {
      await work();
      notice(done);
    } catch (error) {
      notice(`Nothing changed: ${faultText(error)}`, 'loss');
    }
    await this.look();
  }
}

/** @param {(segment: Segment, state: State) => void} set @returns {import('../live-table.js').TableTerms<Segment>} */
function segmentTerms(set) {
  /** @type {import('../live-table.js').Column<Segment>[]} */
  const columns = [
    { label: 'Segment', text: (row) => row.segment, sortText: (row) => row.segment },
    { label: 'State', text: (row) => STATES[row.state].words, tone: (row) => STATES[row.state].tone },
    {
      label: 'Last change',
      text: ({ last_change: change }) => (change === null ? '' : `${timeOfDay(change.at)} by ${change.by.join(' and ')}: ${change.reason}`),
      wraps: true,
      drop: 'late',
    },
  ];
  if (session.may('segments:write')) columns.push({ label: 'Change', draw: (cell, row) => drawStates(cell, row, set) });
  return {
    caption: 'Exchange segments',
    empty: 'Segments are not known yet.',
    key: (row) => row.segment,
    rowTone: (row) => (row.state === 'OPEN' ? undefined : STATES[row.state].tone),
    columns,
  };
}

/** @param {HTMLElement} cell @param {Segment} row @param {(segment: Segment, state: State) => void} set */
function drawStates(cell, row, set) {
  if (cell.dataset.state === row.state) return;
  cell.dataset.state = row.state;
  const others = ORDER.filter((state) => state !== row.state);
  cell.replaceChildren(
    ...others.map((state) =>
      h(
        'button',
        { type: 'button', class: 'tiny', 'aria-label': `${STATES[state].verb} ${row.segment}`, onclick: () => set(row, state) },
        `${STATES[state].verb} …`,
      ),
    ),
  );
}

/** @param {(request: SegmentRequest) => void} approve @returns {import('../live-table.js').TableTerms<SegmentRequest>} */
function requestTerms(approve) {
  return {
    caption: 'Changes of segments asked for',
    empty: 'Nothing is asked for.',
    key: (row) => row.id,
    columns: [
      { label: 'Segment', text: (row) => row.segment },
      { label: 'To be', text: (row) => STATES[/** @type {State} */ (row.state)].words },
      { label: 'Reason', text: (row) => row.reason, wraps: true },
      { label: 'Asked by', text: (row) => row.requested_by },
      {
        label: 'Approve',
        draw: (cell, row) => {
          if (cell.childNodes.length > 0) return;
          const isOwn = row.requested_by === session.me?.subject;
          const button = h(
            'button',
            { type: 'button', class: 'tiny', 'aria-label': `Approve ${row.segment}`, onclick: () => approve(row) },
            'Approve',
          );
          cell.replaceChildren(isOwn || !session.may('segments:write') ? 'waits for another person' : button);
        },
      },
    ],
  };
}
