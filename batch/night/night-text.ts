// A night in lines for a terminal: the grid with elapsed against due, the graph as a tree, the queue with what would help.
import { istTime, type QueueEntry } from '../runner/index.ts';
import type { InstanceView, NightView, RunView } from './night-view.ts';

const MARKS: Readonly<Record<string, string>> = {
  done: '✓',
  skipped: '-',
  running: '▶',
  waiting: '·',
  retry: '↻',
  manual: '!',
  failed: '✗',
  inDoubt: '?',
  gate: '≠',
};
const MICROS = 1e6;
const KEY_WIDTH = 28;
const STATUS_WIDTH = 9;

/** Seconds as `12s`, `4m05s` or `2h05m`. */
export function span(micros: number): string {
  const seconds = Math.max(0, Math.round(micros / MICROS));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(seconds / 3600)}h${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}m`;
}

/** The whole date: a grid per run, then the queue. */
export function nightText(view: NightView): string {
  if (view.runs.length === 0) return `${view.date}: no phase has been run yet (tarazu-batch run bod|th|eod|set --date ${view.date})\n`;
  return [...view.runs.map((run) => runText(run, view.now)), queueText(view.queue)].join('\n');
}

function runText({ run, isGreen, instances }: RunView, now: number): string {
  const done = instances.filter(({ status }) => status === 'done' || status === 'skipped').length;
  const head = `${run.id}  ${done} of ${instances.length}${isGreen ? ', green' : ''}`;
  return [head, ...instances.map((view) => instanceLine(view, now)), ''].join('\n');
}

/** One instance in one line: mark, key, state, times, what it waits for or its error. */
export function instanceLine(view: InstanceView, now: number): string {
  return `  ${MARKS[view.status] ?? ' '} ${view.key.padEnd(KEY_WIDTH)} ${view.status.padEnd(STATUS_WIDTH)} ${times(view, now).padEnd(30)} ${remark(view)}`.trimEnd();
}

function times(view: InstanceView, now: number): string {
  const due = view.dueAt === 0 ? '' : ` due ${istTime(view.dueAt).slice(0, 5)}`;
  const late = view.risk === 'none' ? '' : view.risk === 'breached' ? ' LATE' : ` at risk (${istTime(view.predictedAt).slice(0, 5)})`;
  if (view.status === 'running') return `${span(now - view.startedAt)}${due}${late}`;
  if (view.finishedAt > 0) return `${istTime(view.finishedAt)}${view.startedAt > 0 ? ` ${span(view.finishedAt - view.startedAt)}` : ''}${late}`;
  return `${due}${late}`.trim();
}

function remark(view: InstanceView): string {
  const parts = [
    view.stale ? 'on a stale list' : '',
    view.way === 'alternate' ? 'by the alternate way' : '',
    view.error,
    view.openGates.map(({ name, left, right }) => `${name}: ${left} against ${right}`).join('; '),
    view.status === 'waiting' || view.status === 'retry' || view.status === 'inDoubt' ? shortened(view.waitingFor) : '',
    view.note,
    view.owner === '' ? '' : `(${view.owner})`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function shortened(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `waits for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** The queue, oldest first; empty text when nobody is needed. */
export function queueText(queue: readonly QueueEntry[]): string {
  if (queue.length === 0) return '';
  const lines = queue.flatMap(({ runId, key, surface, status, error, owner, since, hint }) => [
    `  ${istTime(since)} [${surface}] ${runId} ${key}: ${status}${owner === '' ? '' : `, ${owner}`}${error === '' ? '' : ` · ${error}`}`,
    `           ${hint}`,
  ]);
  return ['to be looked at:', ...lines, ''].join('\n');
}

/** The graph as an indented tree: each instance under the first it waits for; further edges are named. */
export function graphText(instances: readonly InstanceView[]): string {
  const children = new Map<string, InstanceView[]>();
  const known = new Set(instances.map(({ key }) => key));
  for (const view of instances) {
    const parent = view.waitsFor.find((key) => known.has(key)) ?? '';
    children.set(parent, [...(children.get(parent) ?? []), view]);
  }
  const lines: string[] = [];
  const walk = (key: string, depth: number): void => {
    for (const view of children.get(key) ?? []) {
      const others = view.waitsFor.filter((other) => other !== key);
      const also = others.length === 0 ? '' : `  (after ${shortened(others).replace('waits for ', '')})`;
      lines.push(`${'  '.repeat(depth)}${MARKS[view.status] ?? ' '} ${view.key}${also}`);
      walk(view.key, depth + 1);
    }
  };
  walk('', 0);
  return `${lines.join('\n')}\n`;
}
