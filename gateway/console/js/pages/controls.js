// Kill switches and exchange segments. One person stops a client or the firm; two let it go again: one asks, another approves. Engaged switches and
// open requests are shown to everybody who may see the house.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { askReason } from '/kit/sheet.js';
import { get, send } from '../api.js';
import { SegmentPanel } from '../desk/segment-panel.js';
import { timeOfDay } from '../format.js';
import { LiveTable } from '../live-table.js';
import { poll } from '../poll.js';
import { session } from '../session.js';
import { stream } from '../stream.js';

const LOOK_MILLIS = 2_000;

/** @typedef {{ account: string | null, change: import('../wire.d.ts').KillChange | null, isAsked: boolean }} Engaged account null: the whole firm. */
/** @typedef {import('../wire.d.ts').ReleaseRequest} ReleaseRequest */

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function controlsPage(root) {
  const page = new Controls();
  fill(
    root,
    h('h1', { class: 'page-title' }, 'Controls'),
    h(
      'p',
      { class: 'lede' },
      'A killed client, or the whole firm, gets every new order refused; cancels still pass, and fills are booked as they come. Engaging takes one person. Letting go takes two: whoever asks cannot approve.',
    ),
    page.element,
  );
  return { title: 'Controls', end: () => page.end() };
}

class Controls {
  constructor() {
    this.engaged = new LiveTable(engagedTerms((kill) => void this.ask(kill)));
    this.requests = new LiveTable(requestTerms((request) => void this.approve(request)));
    this.segments = new SegmentPanel();
    this.account = h('input', { id: 'kill-account', maxlength: '16', autocomplete: 'off', spellcheck: 'false' });
    this.reason = h('input', { id: 'kill-reason', minlength: '3', maxlength: '200', required: true, autocomplete: 'off' });
    this.element = h(
      'div',
      { class: 'desk' },
      h(
        'div',
        { class: 'span-7 column' },
        card('Engaged', [this.engaged.element], { id: 'engaged' }),
        card('Release asked for', [this.requests.element], { id: 'releases' }),
      ),
      h('div', { class: 'span-5' }, this.form()),
      h('div', { class: 'span-12' }, this.segments.element),
    );
    this.watch = poll(async () => void (await Promise.all([this.look(), this.segments.look()])), LOOK_MILLIS);
    // Switches are shown at once; requests for release are not part of the stream.
    this.unfollow = stream.subscribe('desk', ({ changes }) => 'kill_switches' in changes && void this.watch.now());
  }

  end() {
    this.watch.end();
    this.unfollow();
  }

  form() {
    if (!session.may('kill:engage'))
      return card('Engage', [h('p', { class: 'empty' }, `Role ${session.me?.role ?? ''} may not engage a kill switch.`)]);
    const field = (/** @type {string} */ label, /** @type {HTMLElement} */ input) =>
      h('div', { class: 'field' }, h('label', { for: input.id }, label), input);
    const form = h(
      'form',
      { class: 'switchboard', onsubmit: (/** @type {SubmitEvent} */ event) => void this.engage(event) },
      field('Reason, kept with the switch', this.reason),
      h(
        'div',
        { class: 'line' },
        field('Client', this.account),
        h('button', { class: 'primary', 'data-tone': 'loss', value: 'ACCOUNT' }, 'Stop this client'),
      ),
      h('div', { class: 'line' }, h('button', { class: 'plain', value: 'FIRM' }, 'Stop the whole firm …')),
    );
    return card('Engage', [form], { id: 'engage' });
  }

  async look() {
    try {
      /** @type {import('../wire.d.ts').KillSwitches} */
      const { firm, accounts, releases } = await get('/v1/kill-switches');
      const isAsked = (/** @type {string | null} */ name) => releases.some(({ account }) => account === name);
      /** @type {Engaged[]} */
      const whole = firm.engaged ? [{ account: null, change: firm.last_change, isAsked: isAsked(null) }] : [];
      this.engaged.update([...whole, ...accounts.map(({ account, last_change: change }) => ({ account, change, isAsked: isAsked(account) }))]);
      this.requests.update(releases);
    } catch (error) {
      this.engaged.empty = faultText(error);
    }
  }

  /** @param {SubmitEvent} event */
  async engage(event) {
    event.preventDefault();
    const scope = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value ?? 'ACCOUNT';
    const [account, reason] = [this.account.value.trim(), this.reason.value.trim()];
    if (scope === 'ACCOUNT' && account === '') return this.account.focus();
    if (scope === 'FIRM' && (await confirmFirm(reason)) === undefined) return;
    const body = { scope, reason, ...(scope === 'FIRM' ? {} : { account }) };
    if (await this.act(() => send('POST', '/v1/kill-switches', body), scope === 'FIRM' ? 'The firm is stopped.' : `${account} is stopped.`))
      this.reason.form?.reset();
  }

  /** @param {Engaged} kill */
  async ask({ account }) {
    const what = account ?? 'the firm';
    const reason = await askReason({
      title: `Ask to release ${what}`,
      words: 'Another person has to approve before trading goes on.',
      verb: 'Ask for release',
      tone: 'ok',
    });
    if (reason === undefined) return;
    await this.act(
      () => send('POST', '/v1/kill-switches/release', account === null ? { scope: 'FIRM', reason } : { scope: 'ACCOUNT', account, reason }),
      `Release of ${what} asked for: another person approves.`,
    );
  }

  /** @param {ReleaseRequest} request */
  async approve({ id, account }) {
    await this.act(() => send('POST', `/v1/kill-switches/release/${encodeURIComponent(id)}/approve`), `${account ?? 'The firm'} may trade again.`);
  }

  /** @param {() => Promise<unknown>} work @param {string} done */
  async act(work, done) {
    try {
      await work();
      notice(done);
      await this.watch.now();
      return true;
    } catch (error) {
      notice(`Nothing changed: ${faultText(error)}`, 'loss');
      await this.watch.now();
      return false;
    }
  }
}

/** @param {string} reason */
function confirmFirm(reason) {
  const words = `Every order of every client will be refused from now on. Reason given: “${reason}”. Type it again to go on.`;
  return askReason({ title: 'Stop the whole firm?', words, verb: 'Stop the firm' });
}

/** @param {(kill: Engaged) => void} ask @returns {import('../live-table.js').TableTerms<Engaged>} */
function engagedTerms(ask) {
  return {
    caption: 'Engaged kill switches',
    empty: 'None: everybody may trade.',
    key: (row) => row.account ?? '',
    rowTone: () => 'loss',
    columns: [
      { label: 'Who', text: whoText, sortText: whoText },
      { label: 'Reason', text: (row) => row.change?.reason ?? '', wraps: true },
      { label: 'By', text: (row) => row.change?.by ?? '', drop: 'late' },
      { label: 'Since', text: (row) => timeOfDay(row.change?.at), drop: 'late' },
      { label: 'Release', draw: (cell, row) => drawButton(cell, row.isAsked ? '' : 'Ask for release', session.may('kill:release'), () => ask(row)) },
    ],
  };
}

/** @param {{ account: string | null }} row */
function whoText({ account }) {
  return account ?? 'The whole firm';
}

/** @param {(request: ReleaseRequest) => void} approve @returns {import('../live-table.js').TableTerms<ReleaseRequest>} */
function requestTerms(approve) {
  return {
    caption: 'Requests for release',
    empty: 'No release is asked for.',
    key: (row) => String(row.id),
    columns: [
      { label: 'Who', text: whoText },
      { label: 'Reason', text: (row) => row.reason, wraps: true },
      { label: 'Asked by', text: (row) => row.requested_by, tone: (row) => (row.requested_by === session.me?.subject ? 'warn' : undefined) },
      {
        label: 'Approve',
        draw: (cell, row) =>
          drawButton(
            cell,
            row.requested_by === session.me?.subject ? '' : 'Approve',
            session.may('kill:release'),
            () => approve(row),
            'waits for another person',
          ),
      },
    ],
  };
}

/** @param {HTMLElement} cell @param {string} label @param {boolean} may @param {() => void} act @param {string} [otherwise] */
function drawButton(cell, label, may, act, otherwise = 'asked for') {
  const mark = `${label}|${may}`;
  if (cell.dataset.mark === mark) return;
  cell.dataset.mark = mark;
  cell.replaceChildren(label !== '' && may ? h('button', { type: 'button', class: 'tiny', onclick: act }, label) : label === '' ? otherwise : '');
}
