// Engine and oracle side by side through a random day: the same bytes to both, then what happened and what is there now compared. Stops at
// the first difference and tells it with the commands that touch the account concerned.
import { EVENT_BYTES, EventField, EventKind, EventView, EventWriter, Fold, type ParameterTable, SlotState } from '../../engine/index.ts';
import { decode, describe, encode, type PlainCommand } from './commands.ts';
import { DayScript } from './day-script.ts';
import { type DeskCommand, openDayBody } from './desk-script.ts';
import { EngineOracle } from './engine-oracle.ts';
import type { Happening } from './happening.ts';
import { engineSlotPicture, type Facts } from './picture.ts';
import { Random } from './random.ts';
import { BUSINESS_DATE, randomTable } from './random-table.ts';

export const SLOT = 7;
export const ACCOUNTS: readonly string[] = ['ALPHA', 'BRAVO', 'CHARLIE'];

/** Tables, setup commands and the script of one day. */
export interface DayPlan {
  readonly tables: ReadonlyMap<string, ParameterTable>;
  readonly setup: readonly PlainCommand[];
  readonly script: DayScript;
}

/** A day from a seed: three accounts with money, holdings, limits and carried positions. */
export function planDay(seed: number): DayPlan {
  const random = new Random(seed);
  const tables = [0, 1, 2].map((variant) => ({ hash: `table${variant}`, table: randomTable(new Random(seed * 31), 5, variant) }));
  const script = new DayScript(random, { accounts: ACCOUNTS, tables, businessDate: BUSINESS_DATE });
  const setup = [script.desk('LoadParameters', { tableHash: 'table0', label: 'first' }), script.desk('OpenDay', openDayBody(random, BUSINESS_DATE))];
  for (const account of ACCOUNTS) {
    setup.push(script.desk('OpenAccount', { account, riskGroup: 'ab', status: 'ACTIVE', segments: [1, 2, 4], kind: 'CLIENT' }));
    const cash = random.int(1, 60) * 1_000_000;
    setup.push(script.desk('SetCollateral', { account, cash, cashEquivalent: random.int(0, 3) * 1_000_000, nonCash: random.int(0, 30) * 1_000_000 }));
    setup.push(...carriedIn(random, script, account, tables[0]?.table));
  }
  return { tables: new Map(tables.map(({ hash, table }) => [hash, table])), setup, script };
}

function carriedIn(random: Random, script: DayScript, account: string, table: ParameterTable | undefined): PlainCommand[] {
  if (table === undefined) return [];
  const commands: PlainCommand[] = [];
  for (let i = random.int(0, 3); i > 0; i--) {
    const row = random.int(0, table.instruments - 5);
    const where = { account, segment: table.segment[row] ?? 0, token: table.token[row] ?? 0 };
    const quantity = random.int(-4, 4) * (table.lot[row] ?? 1);
    commands.push(script.desk('ImportPosition', { ...where, product: 3, quantity, price: table.previousClose[row] ?? 0 }));
  }
  const cash = table.instruments - random.int(1, 4);
  const where = { segment: table.segment[cash] ?? 0, token: table.token[cash] ?? 0 };
  commands.push(script.desk('SetHoldings', { account, ...where, free: random.int(0, 300), pledged: 10, t1: random.int(0, 50) }));
  return commands;
}

const KIND_NAMES = new Map(Object.entries(EventKind).map(([name, number]) => [number as number, name]));
const TEXTS: Record<string, number> = { account: 16, clOrdId: 40, origClOrdId: 40 };
const U8 = new Set(['segment', 'side', 'ordType', 'timeInForce', 'product', 'level']);
const CHARACTERS = new Set(['ordStatus']);

function factOf(view: EventView, name: string): number | string {
  const field = EventField[name as keyof typeof EventField];
  const width = TEXTS[name];
  if (width !== undefined) return view.text(field, width);
  if (CHARACTERS.has(name)) return String.fromCharCode(view.u8(field));
  if (name === 'rejectCode' || name === 'breakKind') return view.u16(field);
  if (name === 'token' || name === 'count') return name === 'token' ? view.u32(field) : view.f64(field);
  return U8.has(name) || name === 'execType' ? view.u8(field) : view.f64(field);
}

/** What a fold said: the breaks as a sorted list (which is told first is nobody's rule), the rest in order. */
interface Said {
  readonly happenings: readonly Happening[];
  readonly breaks: readonly string[];
}

const breakText = (kind: unknown, account: unknown): string => `break ${String(kind)} of ${String(account)}`;

function saidByOracle(happenings: readonly Happening[]): Said {
  const isBreak = ({ kind }: Happening): boolean => kind === 'BreakOpened';
  const breaks = happenings.filter(isBreak).map(({ facts }) => breakText(facts['breakKind'], facts['account']));
  return { happenings: happenings.filter((happening) => !isBreak(happening)), breaks: breaks.sort() };
}

/** What the engine says happened, told with the facts the oracle states. */
function saidByEngine(writer: EventWriter, expected: Said): Said {
  const views = Array.from({ length: writer.count }, (_, i) => new EventView().wrap(writer.bytes, writer.data, i * EVENT_BYTES));
  const isBreak = ({ kind }: EventView): boolean => kind === EventKind.BreakOpened;
  const breaks = views.filter(isBreak).map((view) => breakText(factOf(view, 'breakKind'), factOf(view, 'account')));
  const others = views.filter((view) => !isBreak(view));
  const happenings = others.map((view, i) => {
    const facts: Facts = {};
    for (const name of Object.keys(expected.happenings[i]?.facts ?? {})) facts[name] = factOf(view, name);
    return { kind: KIND_NAMES.get(view.kind) as Happening['kind'], facts };
  });
  return { happenings, breaks: breaks.sort() };
}

/** First difference between two plain trees, as "path: engine … oracle …", or undefined. */
export function difference(engine: unknown, oracle: unknown, path = ''): string | undefined {
  if (typeof engine !== 'object' || typeof oracle !== 'object' || engine === null || oracle === null)
    return engine === oracle ? undefined : `${path}: engine ${JSON.stringify(engine)}, oracle ${JSON.stringify(oracle)}`;
  const keys = new Set([...Object.keys(engine), ...Object.keys(oracle)]);
  for (const key of keys) {
    const found = difference((engine as Record<string, unknown>)[key], (oracle as Record<string, unknown>)[key], `${path}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Runs one day of `steps` commands, `more` of the desk's own among them; a readable account of the first difference, or undefined when there is none. */
export function runDay(
  seed: number,
  steps: number,
  more?: (random: Random) => DeskCommand | undefined,
  coverOneIn?: number,
  fundedOneIn = 0,
): string | undefined {
  const plan = planDay(seed);
  plan.script.fundedOneIn = fundedOneIn;
  if (coverOneIn !== undefined) plan.script.coverOneIn = coverOneIn;
  const random = new Random(seed * 7);
  const added = (): PlainCommand | undefined => {
    const command = more?.(random);
    return command === undefined ? undefined : plan.script.desk(...command);
  };
  const oracle = new EngineOracle(plan.tables);
  const state = new SlotState(SLOT);
  const fold = new Fold((hash) => plan.tables.get(hash));
  const writer = new EventWriter();
  const history: string[] = [];
  for (let step = 0; step < plan.setup.length + steps; step++) {
    const command = plan.setup[step] ?? added() ?? plan.script.next(oracle.knownOrders(), oracle.knownPositions());
    const view = encode(command, SLOT);
    history.push(`#${step + 1} ${describe(command)}`);
    const expected = saidByOracle(oracle.fold(decode(view, command.body)));
    writer.reset();
    const report = (what: string): string =>
      `seed ${seed}, command ${step + 1}: ${what}\n${history.filter((line) => concerns(line, command)).join('\n')}`;
    try {
      fold.fold(state, view, command.body, writer);
    } catch (error) {
      return report(`engine threw ${String(error)}`);
    }
    const found = difference(saidByEngine(writer, expected), expected, 'events') ?? difference(engineSlotPicture(state), oracle.picture(), 'state');
    if (found !== undefined) return `${report(found)}\nexpected ${JSON.stringify(expected)}`;
  }
  return undefined;
}

/** Lines worth reading: the last command's account, and what concerns everyone. */
function concerns(line: string, command: PlainCommand): boolean {
  const account = command.fields?.['account'] ?? (command.body as { account?: string } | undefined)?.account;
  if (account === undefined || account === '') return true;
  return line.includes(String(account)) || /OpenDay|LoadParameters|SetHaircuts|FIRM|MarkPrices/.test(line);
}
