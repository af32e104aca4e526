// The square-off blotter: who is due and why, plans and how far they are, the second person for large ones, the dealer's basket where no order system takes
// the orders.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { addressOf, go } from '/kit/router.js';
import { askReason } from '/kit/sheet.js';
import { get, getText, send } from '../api.js';
import { count, spaced, timeOfDay, wholeRupees } from '../format.js';
import { LiveTable } from '../live-table.js';
import { poll } from '../poll.js';
import { session } from '../session.js';

/** @typedef {import('../wire-square-off.d.ts').SquareOffDue} Due */
/** @typedef {import('../wire-square-off.d.ts').SquareOffPlan} Plan */

const LOOK_MILLIS = 3_000;
const CAUSES = {
  productTime: 'product’s time is up',
  marginShortfall: 'margin is short',
  lossLimit: 'loss limit reached',
  killed: 'kill switch',
  unpledged: 'funded shares not pledged in time',
  fundedLoss: 'loss on funded shares',
};
/** @type {Readonly<Record<Plan['state'], { words: string, tone: string }>>} */
const STATES = {
  awaitingApproval: { words: '◆ waits for another person', tone: 'warn' },
  running: { words: '● running', tone: 'open' },
  basket: { words: '◆ as a basket', tone: 'warn' },
  halted: { words: '▲ halted', tone: 'loss' },
  done: { words: '✓ done', tone: 'ok' },
  needsPerson: { words: '▲ needs a person', tone: 'loss' },
};

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function squareOffPage(root) {
  const due = new LiveTable(dueTerms((row) => void begin([row.account])));
  const plans = new LiveTable(
    planTerms({ approve: (plan) => void approve(plan), halt: (plan) => void halt(plan), basket: (plan) => void basket(plan) }),
  );
  const all = h(
    'button',
    { type: 'button', class: 'tiny', id: 'square-off-all', hidden: true, onclick: () => void begin(undefined) },
    'Square off all …',
  );
  fill(
    root,
    h('h1', { class: 'page-title' }, 'Square-off'),
    h('div', { class: 'column' }, card('Due now', [due.element], { id: 'due', tools: all }), card('Plans', [plans.element], { id: 'plans' })),
  );
  const watch = poll(async () => {
    try {
      /** @type {[{ clients: Due[] }, { plans: Plan[] }]} */
      const [{ clients }, { plans: made }] = await Promise.all([get('/v1/square-off/due'), get('/v1/square-off/plans')]);
      due.update(clients);
      plans.update(made);
      all.hidden = clients.length === 0 || !session.may('squareOff:write');
    } catch (error) {
      due.empty = faultText(error);
    }
  }, LOOK_MILLIS);

  /** @param {() => Promise<unknown>} work @param {string} done */
  async function act(work, done) {
    try {
      await work();
      notice(done);
    } catch (error) {
      notice(`Nothing was done: ${faultText(error)}`, 'loss');
    }
    await watch.now();
  }

  /** @param {string[] | undefined} accounts undefined: everybody who is due. */
  async function begin(accounts) {
    const whom = accounts?.join(', ') ?? 'everybody who is due';
    const words = 'Working orders are cancelled, then positions are closed at protected limits. A large plan waits for another person.';
    const reason = await askReason({ title: `Square off ${whom}?`, words, verb: 'Square off' });
    if (reason === undefined) return;
    await act(() => send('POST', '/v1/square-off/plans', { reason, ...(accounts === undefined ? {} : { accounts }) }), `A plan for ${whom} is made.`);
  }

  /** @param {Plan} plan */
  const approve = ({ id }) => act(() => send('POST', `/v1/square-off/plans/${id}/approve`), `Plan ${id} begins.`);
  /** @param {Plan} plan */
  const halt = ({ id }) => act(() => send('POST', `/v1/square-off/plans/${id}/halt`), `Plan ${id} sends nothing more.`);

  /** @param {Plan} plan */
  async function basket({ id }) {
    try {
      const url = URL.createObjectURL(new Blob([await getText(`/v1/square-off/plans/${id}/basket`)], { type: 'text/csv' }));
      h('a', { href: url, download: `square-off-${id}.csv` }).click();
      URL.revokeObjectURL(url);
    } catch (error) {
      notice(faultText(error), 'loss');
    }
  }
  return { title: 'Square-off', end: watch.end };
}

/** @param {(row: Due) => void} begin @returns {import('../live-table.js').TableTerms<Due>} */
function dueTerms(begin) {
  const may = session.may('squareOff:write');
  /** @param {Due} row */
  const why = ({ reasons }) => [...new Set(reasons.map(({ cause }) => CAUSES[cause] ?? spaced(cause)))].join(', ');
  /** @type {import('../live-table.js').Column<Due>[]} */
  const columns = [
    { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
    { label: 'Why', text: why, sortText: why, tone: () => 'warn' },
    { label: 'Required', text: (row) => wholeRupees(row.requirement_paise), value: (row) => row.requirement_paise, isNumber: true },
    { label: 'Available', text: (row) => wholeRupees(row.available_paise), value: (row) => row.available_paise, isNumber: true, drop: 'late' },
    { label: 'Orders', text: (row) => count(row.orders.length), value: (row) => row.orders.length, isNumber: true, drop: 'late' },
    {
      label: 'Positions',
      text: ({ positions }) =>
        positions
          .map(({ side, units, symbol, unpriced }) => `${side} ${count(units)} ${symbol}${unpriced === '' ? '' : ` (${spaced(unpriced)})`}`)
          .join(', '),
      wraps: true,
      drop: 'late',
    },
  ];
  if (may)
    columns.push({
      label: 'Act',
      draw: (cell, row) => {
        if (cell.childElementCount > 0) return;
        const label = `Square off ${row.account}`;
        cell.append(h('button', { type: 'button', class: 'tiny', 'aria-label': label, onclick: () => begin(row) }, 'Square off …'));
      },
    });
  return {
    caption: 'Due to be squared off',
    empty: 'Nobody is due.',
    key: (row) => row.account,
    open: ({ account }) => go(addressOf('trader', account)),
    columns,
  };
}

/** @param {Plan} plan What is done of it. */
function progress({ clients }) {
  const exits = clients.flatMap(({ exits: all }) => all);
  const done = exits.filter(({ state }) => state === 'done').length;
  const cancels = clients.filter(({ phase }) => phase === 'cancelling').length;
  return `${count(done)} of ${count(exits.length)} exits${cancels > 0 ? `, ${count(cancels)} clients cancelling` : ''}`;
}

/**
 * @param {{ approve: (plan: Plan) => void, halt: (plan: Plan) => void, basket: (plan: Plan) => void }} acts @returns
 * {import('../live-table.js').TableTerms<Plan>}
 */
function planTerms(acts) {
  return {
    caption: 'Square-off plans',
    empty: 'No plan since the gateway started.',
    key: (row) => row.id,
    rowTone: (row) => (STATES[row.state].tone === 'loss' ? 'loss' : undefined),
    columns: [
      { label: 'Made', text: (row) => timeOfDay(row.made_at), value: (row) => row.made_at },
      { label: 'State', text: (row) => STATES[row.state].words, tone: (row) => STATES[row.state].tone, flashes: true },
      { label: 'Clients', text: (row) => row.clients.map(({ account }) => account).join(', '), wraps: true },
      { label: 'Worth', text: (row) => wholeRupees(row.worth_paise), value: (row) => row.worth_paise, isNumber: true },
      { label: 'Progress', text: progress },
      { label: 'Reason', text: (row) => row.reason, wraps: true, drop: 'late' },
      { label: 'By', text: ({ by, approved_by: second }) => (second === null ? by : `${by} and ${second}`), drop: 'late' },
      { label: 'Act', draw: (cell, row) => drawActs(cell, row, acts) },
    ],
  };
}

/** @param {HTMLElement} cell @param {Plan} plan @param {{ approve: (plan: Plan) => void, halt: (plan: Plan) => void, basket: (plan: Plan) => void }} acts */
function drawActs(cell, plan, acts) {
  if (cell.dataset.state === plan.state) return;
  cell.dataset.state = plan.state;
  const button = (/** @type {string} */ verb, /** @type {(plan: Plan) => void} */ act) =>
    h('button', { type: 'button', class: 'tiny', 'aria-label': `${verb} plan ${plan.id}`, onclick: () => act(plan) }, verb);
  const isOwn = plan.by === session.me?.subject;
  const may = session.may('squareOff:write');
  cell.replaceChildren(
    ...(may && plan.state === 'awaitingApproval' && !isOwn ? [button('Approve', acts.approve)] : []),
    ...(may && (plan.state === 'running' || plan.state === 'awaitingApproval') ? [button('Halt', acts.halt)] : []),
    ...(may && plan.state !== 'done' ? [button('Basket', acts.basket)] : []),
  );
}
