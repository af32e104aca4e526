// A node's sheet: where it stands, what holds it up, what may be done, every attempt with inputs and outputs, its calls, its row in the plan. Follows the
// night while it is open.

import { faultText } from '/kit/api-error.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { openSheet } from '/kit/sheet.js';
import { actButtons } from './acts.js';
import { ask, get } from './api.js';
import { stateBadge } from './chip.js';
import { clockOn, clockSeconds, dateOf, figure, span, UNKNOWN } from './format.js';
import { night } from './night.js';
import { rootCauses } from './paths.js';
import { EFFECTS, isOver, lateWords, remark, shownState } from './words.js';

/** @typedef {import('./wire.d.ts').NodeDetail} NodeDetail */
/** @typedef {import('./wire.d.ts').Instance} Instance */
/** @typedef {import('./wire.d.ts').StepRecord} StepRecord */

/** Columns of the plan's row, in the order a reader wants them. */
const ROW = [
  ['operation', 'Operation'],
  ['effect', 'Effect'],
  ['dependsOn', 'After (plan)'],
  ['after', 'After (as run)'],
  ['reading', 'Our reading'],
  ['idempotent', 'Repeatable'],
  ['retry', 'Retry'],
  ['rollback', 'Rollback'],
  ['compensation', 'Compensation'],
  ['sla', 'Service level'],
  ['due', 'Due (as run)'],
  ['surface', 'Failure shows at'],
  ['blocks', 'Blocks'],
  ['human', 'People'],
  ['source', 'Source'],
];

/** Opens the sheet of a node of the date shown. @param {string} key */
export function openNode(key) {
  const { date } = night;
  const unlisten = night.changed.on(() => night.date === date && void look());
  const sheet = openSheet(key, { onclose: unlisten });
  sheet.dialog.dataset.node = key;
  const head = h('div', { class: 'stack-tight' });
  const rest = h('div', {});
  fill(sheet.body, head, rest);
  let shown = '';

  async function look() {
    const instance = night.byKey.get(key);
    if (instance !== undefined) paintHead(head, instance);
    try {
      /** @type {NodeDetail} */
      const detail = await get('/v1/night/node', { date, key });
      const now = JSON.stringify([detail.records, detail.calls]);
      if (now !== shown) paintRest(rest, detail, date);
      shown = now;
    } catch (error) {
      if (shown === '') fill(rest, h('p', { class: 'fault' }, faultText(error)));
    }
  }
  void look();
}

/** @param {HTMLElement} head @param {Instance} instance */
function paintHead(head, instance) {
  // A button that has the keyboard is not taken away under it.
  const held = /** @type {HTMLElement | null} */ (head.contains(document.activeElement) ? document.activeElement : null)?.dataset.act;
  const runId = night.run(instance.phase)?.run.id ?? '';
  const late = lateWords(instance);
  const causes = isOver(instance) ? [] : rootCauses(instance.key, night.byKey);
  const words = remark(instance);
  fill(
    head,
    h('p', { class: 'lede' }, instance.operation),
    h(
      'p',
      { class: 'badges' },
      stateBadge(shownState(instance)),
      late !== '' && h('span', { class: 'badge', 'data-tone': instance.risk === 'breached' ? 'loss' : 'warn' }, late),
      h('span', { class: 'badge' }, runId),
      instance.owner !== '' && h('span', { class: 'badge' }, `owner ${instance.owner}`),
    ),
    words !== '' && h('p', { class: 'banner', 'data-tone': tone(instance) }, h('span', {}, words)),
    h('div', { class: 'acts' }, actButtons(instance, runId)),
    causes.length > 0 && h('p', { class: 'causes' }, 'Held up by ', links(causes)),
    facts(instance),
  );
  if (held !== undefined) /** @type {HTMLElement | null} */ (head.querySelector(`[data-act="${held}"]`))?.focus();
}

/** @param {Instance} instance */
function tone({ status }) {
  if (status === 'failed' || status === 'manual' || status === 'inDoubt' || status === 'gate') return 'loss';
  return status === 'retry' ? 'warn' : undefined;
}

/** @param {Instance} instance */
function facts(instance) {
  const { date } = night;
  const elapsed =
    instance.status === 'running'
      ? night.now - instance.startedAt
      : isOver(instance) && instance.startedAt > 0
        ? instance.finishedAt - instance.startedAt
        : 0;
  /** @type {readonly [string, string][]} */
  const all = [
    ['Began', clockSeconds(instance.startedAt)],
    ['Ended', isOver(instance) ? clockSeconds(instance.finishedAt) : UNKNOWN],
    ['Took', elapsed > 0 ? span(elapsed) : UNKNOWN],
    ['Usually', instance.typical > 0 ? span(instance.typical) : UNKNOWN],
    ['Due', clockOn(instance.dueAt, date) || UNKNOWN],
    ['Lands', isOver(instance) ? UNKNOWN : clockOn(instance.predictedAt, date)],
    ['Attempt', `${instance.attempt}${instance.way === 'usual' ? '' : ` (${instance.way})`}`],
    ['Cleared', instance.generation === 0 ? 'never' : `${instance.generation}×`],
  ];
  return h(
    'dl',
    { class: 'figures small' },
    all.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { class: 'num' }, value))),
  );
}

/** @param {HTMLElement} rest @param {NodeDetail} detail @param {string} date */
function paintRest(rest, detail, date) {
  const { row, records, calls, run, view } = detail;
  const last = [...records].reverse().find(({ outputs }) => outputs !== undefined && Object.keys(outputs).length > 0);
  fill(
    rest,
    view !== undefined && view.openGates.length > 0 && section('Open gates', gateTable(view.openGates)),
    section(
      'What happened',
      records.length === 0
        ? h('p', { class: 'hint' }, 'Nothing yet.')
        : h(
            'ol',
            { class: 'steps' },
            records.map((record) => step(record, date)),
          ),
    ),
    view !== undefined && Object.keys(view.inputs).length > 0 && section('Inputs it is pinned to', pairs(view.inputs)),
    last?.outputs !== undefined && section('Outputs', pairs(last.outputs)),
    calls.length > 0 &&
      section(
        'Calls to the outside',
        calls.map((call) => callCard(call, date)),
      ),
    section(
      'In the plan',
      pairs(Object.fromEntries(ROW.filter(([name = '']) => row[name] !== undefined).map(([name = '', label = '']) => [label, row[name]]))),
      h('p', { class: 'hint' }, EFFECTS[String(row.effect)] ?? ''),
    ),
    section('Waits for', detail.waitsFor.length === 0 ? h('p', { class: 'hint' }, 'Nothing.') : h('p', {}, links(detail.waitsFor))),
    section('Waited for by', detail.below.length === 0 ? h('p', { class: 'hint' }, 'Nothing.') : h('p', {}, links(detail.below))),
    run !== undefined && h('p', { class: 'acts' }, auditButton(run.id)),
  );
}

/** @param {string} title @param {...(Node | Node[])} content */
function section(title, ...content) {
  return h('section', {}, h('h3', {}, title), ...content);
}

/** @param {StepRecord} record @param {string} date */
function step(record, date) {
  const { kind, at } = record;
  const when = `${dateOf(at) === date ? '' : `${clockOn(at, date).slice(6)} `}${clockSeconds(at)}`;
  return h(
    'li',
    { 'data-kind': kind },
    h('time', { class: 'num' }, when),
    h('div', {}, h('strong', {}, KINDS[kind] ?? kind), ' ', stepWords(record)),
  );
}

/** @type {Readonly<Record<string, string>>} */
const KINDS = { input: 'read', inDoubt: 'in doubt', interrupted: 'interrupted', inherited: 'taken over' };

/** @param {StepRecord} record */
function stepWords({
  kind,
  attempt,
  way,
  role,
  file,
  sha256 = '',
  error,
  next,
  note,
  stale,
  gates = [],
  call,
  askAt = 0,
  from,
  by,
  reason,
  owner,
  action,
}) {
  switch (kind) {
    case 'started':
      return `attempt ${attempt}${way === 'usual' ? '' : `, by the ${way} way`}`;
    case 'input':
      return `${role}: ${file} ${sha256.slice(0, 12)}`;
    case 'done':
      return [
        stale === true ? 'on a stale list' : '',
        note ?? '',
        gates.map(({ name, left, right }) => `${name}: ${figure(left)} ${left === right ? '=' : '≠'} ${figure(right)}`).join('; '),
      ]
        .filter((part) => part !== '')
        .join(' · ');
    case 'failed':
      return `${error} → ${next?.status === 'retry' ? `again at ${clockSeconds(next.at ?? 0)}${next.way === 'usual' ? '' : ` by the ${next.way} way`}` : next?.status}`;
    case 'inDoubt':
      return `${error} (call ${call}); asked again at ${clockSeconds(askAt)}`;
    case 'interrupted':
      return 'the process ended; it goes on where its calls stand';
    case 'inherited':
      return `as in ${from}`;
    case 'assigned':
      return `to ${owner} by ${by}`;
    case 'proposed':
      return `${action} by ${by}: ${reason}`;
    case 'approved':
      return `by ${by}`;
    default:
      return `by ${by}: ${reason}`;
  }
}

/** @param {readonly { name: string, left: number, right: number }[]} gates */
function gateTable(gates) {
  return h(
    'table',
    { class: 'grid' },
    h(
      'thead',
      {},
      h('tr', {}, h('th', { scope: 'col' }, 'Gate'), ...['Left', 'Right', 'Difference'].map((name) => h('th', { scope: 'col', class: 'num' }, name))),
    ),
    h(
      'tbody',
      {},
      gates.map(({ name, left, right }) =>
        h('tr', {}, h('th', { scope: 'row' }, name), ...[left, right, left - right].map((value) => h('td', { class: 'num' }, figure(value)))),
      ),
    ),
  );
}

/** @param {Readonly<Record<string, unknown>>} values */
function pairs(values) {
  return h(
    'dl',
    { class: 'pairs' },
    Object.entries(values).map(([name, value]) =>
      h(
        'div',
        { class: 'pair-line' },
        h('dt', { class: 'pair-name' }, name),
        h('dd', { class: 'pair-value' }, /^[0-9a-f]{64}$/.test(String(value)) ? h('code', {}, String(value)) : figure(value)),
      ),
    ),
  );
}

/** @param {import('./wire.d.ts').Call} call @param {string} date */
function callCard({ key, port, request, at, answer, refused, answeredAt }, date) {
  const outcome =
    answer !== undefined ? `answered ${clockOn(answeredAt ?? 0, date)}` : refused !== undefined ? `refused: ${refused}` : 'no answer: nobody knows';
  return h(
    'div',
    { class: 'call' },
    h('p', {}, h('strong', {}, port), ` ${clockSeconds(at)} · ${outcome}`),
    h('p', {}, h('code', {}, key)),
    pairs(request),
    answer !== undefined && pairs(answer),
  );
}

/** @param {readonly string[]} keys */
function links(keys) {
  return keys.flatMap((key, index) => [index === 0 ? '' : ', ', h('button', { type: 'button', class: 'link', onclick: () => openNode(key) }, key)]);
}

/** @param {string} runId */
export function auditButton(runId) {
  const download = async () => {
    try {
      const blob = await (await ask('/v1/night/audit', { query: { run: runId } })).blob();
      const url = URL.createObjectURL(blob);
      h('a', { href: url, download: `audit-${runId.replaceAll('/', '-')}.jsonl` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1_000);
    } catch (error) {
      notice(faultText(error), 'loss');
    }
  };
  return h('button', { type: 'button', class: 'plain', 'data-audit': runId, onclick: () => void download() }, `Audit pack of ${runId}`);
}
