// The demo's screen: plain ANSI, repainted in place on a terminal; where there is none (a pipe, CI) one line every few seconds and each notice as it
// comes. Draws what it is given and knows nothing else.
import type { OmsView, VerdictLine } from './oms-view.ts';
import { counted, shortRupees } from './rupees.ts';

const BOLD = '\x1b[1m';
const DIM = '\x1b[2m';
const RED = '\x1b[31m';
const GREEN = '\x1b[32m';
const CYAN = '\x1b[36m';
const RESET = '\x1b[0m';
const LINE_INTERVAL = 2000;
const NOTICES_KEPT = 4;

/** Where the display writes. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** One repaint's data. */
export interface Frame {
  readonly view: OmsView;
  readonly title: string;
  readonly tries: readonly string[];
}

export class Display {
  private readonly screen: Screen;
  private readonly live: boolean;
  private readonly notices: string[] = [];
  private lastLine = 0;

  /** `live` false writes lines even on a terminal. */
  constructor(screen: Screen, live: boolean = screen.isTTY === true) {
    this.screen = screen;
    this.live = live;
    if (live) screen.write('\x1b[?25l\x1b[2J');
  }

  /** Something that happened once: "second SPAN file swapped in". */
  notice(text: string): void {
    this.notices.push(text);
    if (this.notices.length > NOTICES_KEPT) this.notices.shift();
    if (!this.live) this.screen.write(`${text}\n`);
  }

  /** Shows the state of things; `now` in milliseconds. */
  show(frame: Frame, now: number): void {
    if (this.live) this.repaint(frame);
    else if (now - this.lastLine >= LINE_INTERVAL) {
      this.lastLine = now;
      this.screen.write(`${summaryLine(frame.view)}\n`);
      const last = frame.view.lastVerdicts.at(-1);
      if (last !== undefined) this.screen.write(`  last: ${last.text}\n`);
    }
  }

  /** Gives the terminal back. */
  close(): void {
    if (this.live) this.screen.write('\x1b[?25h\n');
  }

  private repaint(frame: Frame): void {
    const width = Math.max(60, Math.min(this.screen.columns ?? 100, 140));
    const lines = frameLines(frame, this.notices).map((line) => `${clip(line, width)}\x1b[K`);
    this.screen.write(`\x1b[H${lines.join('\n')}\x1b[J`);
  }
}

/** One line that says it all. */
export function summaryLine(view: OmsView): string {
  const reasons = view.rejectsByReason
    .slice(0, 4)
    .map(([reason, count]) => `${reason} ${counted(count)}`)
    .join(', ');
  return (
    `${counted(view.sent)} orders, ${counted(view.accepted)} accepted, ${counted(view.rejected)} rejected${reasons === '' ? '' : ` (${reasons})`}, ` +
    `${counted(view.fills)} fills, ${view.verdictsPerSecond.toFixed(0)} verdicts/s, ` +
    `p50 ${view.latencyP50.toFixed(2)} ms, p99 ${view.latencyP99.toFixed(2)} ms, FIX out ${view.nextOut} in ${view.nextIn}`
  );
}

/** The whole screen as lines, colours included. */
export function frameLines({ view, title, tries }: Frame, notices: readonly string[]): string[] {
  const state = view.connected ? `${GREEN}connected${RESET}` : `${RED}not connected${RESET}`;
  const lines = [
    `${BOLD}tarazu demo${RESET}  ${title}`,
    `OMS ${view.session} ${state}, FIX next out ${counted(view.nextOut)}, next in ${counted(view.nextIn)}`,
    '',
    `${BOLD}${counted(view.sent)}${RESET} requests   ${GREEN}${counted(view.accepted)} accepted${RESET}   ${RED}${counted(view.rejected)} rejected${RESET}   ` +
      `${counted(view.fills)} fills   ${counted(view.workingOrders)} working   ${view.verdictsPerSecond.toFixed(0)} verdicts/s   ` +
      `p50 ${view.latencyP50.toFixed(2)} ms  p99 ${view.latencyP99.toFixed(2)} ms`,
    '',
    `${BOLD}Last verdicts${RESET}`,
    ...padded(view.lastVerdicts.map(verdictText), 12),
    '',
    `${BOLD}Margin used${RESET}`,
    ...padded(
      view.topMargin.map(
        ({ account, requirement, available }) =>
          `  ${account.padEnd(10)} ${bar(requirement, available)} ${shortRupees(requirement)} of ${shortRupees(available)}`,
      ),
      6,
    ),
    '',
    `${BOLD}Rejects${RESET}  ${view.rejectsByReason.map(([reason, count]) => `${reason} ${counted(count)}`).join(', ') || 'none yet'}`,
    '',
    ...notices.map((notice) => `${CYAN}${notice}${RESET}`),
    `${BOLD}Try, in another terminal${RESET}`,
    ...tries.map((line) => `  ${line}`),
    `${DIM}Ctrl-C stops; the next start resumes.${RESET}`,
  ];
  return lines;
}

const verdictText = (line: VerdictLine): string => `  ${line.accepted ? GREEN : RED}${line.text}${RESET}`;

function padded(lines: readonly string[], count: number): string[] {
  return [...lines, ...Array.from({ length: Math.max(0, count - lines.length) }, () => '')];
}

function bar(used: number, available: number): string {
  const share = available > 0 ? Math.min(1, used / available) : used > 0 ? 1 : 0;
  const filled = Math.round(share * 20);
  return `${share > 0.9 ? RED : GREEN}${'█'.repeat(filled)}${DIM}${'░'.repeat(20 - filled)}${RESET} ${`${Math.round(share * 100)}`.padStart(3)} %`;
}

/** Cuts a line to `width` visible characters, colours not counted. */
function clip(line: string, width: number): string {
  let visible = 0;
  let inEscape = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\x1b') inEscape = true;
    else if (inEscape) inEscape = line[i] !== 'm';
    else if (++visible > width) return `${line.slice(0, i)}${RESET}`;
  }
  return line;
}
