// Who has to deliver and who gets which units in the settlements of a day: the clearing corporation's word client by client, beside what our own
// reconciled trades and the contracts that expired come to. Normal settlements net a client's purchases, sales and deliveries; trade for trade (type
// Z) does not.
import { type CsvRow, readCsvFile } from '../../files/csv-file.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { FileError, shown } from '../../files/file-error.ts';
import { type Chain, chainsSettledIn } from '../../graph/node-row.ts';
import { OBLIGATION_ROLE } from '../../ports/file-names.ts';
import type { Gate, NodeContext } from '../../runner/index.ts';
import { isIsin } from '../../securities/unit-accounts.ts';
import { recordOf, refusing, settledOf, useKept } from '../end-of-day/day-parts.ts';
import { deliveredToday } from '../end-of-day/own-obligations.ts';
import { reconciledBook } from '../end-of-day/reconciled-book.ts';
import { tokensOf } from './shares-of-exchanges.ts';

/** One client's units of one ISIN in one settlement ("M2026224"). Both sides are above zero only in trade for trade. */
export interface UnitDue {
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  readonly token: number;
  readonly deliver: number;
  readonly receive: number;
}

/** Dues of a day, and what of ours differs. */
export interface UnitDues {
  readonly dues: readonly UnitDue[];
  /** Units to deliver and to receive, per settlement, ours and theirs. */
  readonly gates: readonly Gate[];
  /** Clients whose units differ, in words. */
  readonly differences: readonly string[];
}

const COLUMNS = ['SttlmTp', 'SctiesSttlmTxId', 'ClntId', 'FinInstrmId', 'ISIN', 'CmltvBuyVol', 'CmltvSellVol', 'FnlOblgtnFlg'];
const TRADE_FOR_TRADE = 'Z';
const SHOWN_MAX = 5;

/** Name of a settlement as it stands in accounts: letters and digits of type and number. */
export const settlementName = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').slice(0, 12);

/** Dues of the cash segment or of T+0 by the fetched obligation file, with gates against our trades. Throws PermanentFault naming file, line and column. */
export async function unitDues(context: NodeContext): Promise<UnitDues> {
  const settled = settledOf(context);
  const role = OBLIGATION_ROLE[settled];
  const file = useKept(context, role, recordOf(context.outputsOf(`EOD-OBLIG-FETCH@${settled}`)[role], role));
  const theirs = await refusing(() => readUnitDues(file));
  const tokens = new Map(theirs.map(({ isin, token }) => [isin, token]));
  const ours: OwnUnits = new Map();
  for (const chain of chainsSettledIn(settled, context.chains)) addTraded(ours, context, chain, await tokensOf(context, chain, tokens));
  if (settled === 'CM') addDelivered(ours, context, theirs);
  return { dues: theirs, ...compared(ours, theirs) };
}

/** Reads the units of an obligation file; final rows only. Rejects with FileError. */
export async function readUnitDues(file: string): Promise<UnitDue[]> {
  const gross = new Map<string, { due: Omit<UnitDue, 'deliver' | 'receive'>; buy: number; sell: number }>();
  await readCsvFile(file, COLUMNS, (row) => {
    const [buy, sell] = [unitsOf(file, row, 'CmltvBuyVol'), unitsOf(file, row, 'CmltvSellVol')];
    if (row.text('FnlOblgtnFlg') === 'N' || buy + sell === 0) return;
    const isin = row.text('ISIN');
    if (!isIsin(isin)) throw new FileError(file, `line ${row.line}, ISIN`, `${shown(isin)} is not an ISIN`);
    const settlement = settlementName(`${row.text('SttlmTp')}${row.text('SctiesSttlmTxId')}`);
    if (settlement === '') throw new FileError(file, `line ${row.line}, SctiesSttlmTxId`, 'is empty: units are settled by number');
    const due = { settlement, client: row.text('ClntId'), isin, token: unitsOf(file, row, 'FinInstrmId') };
    const key = `${settlement} ${due.client} ${isin}`;
    const known = gross.get(key) ?? { due, buy: 0, sell: 0 };
    gross.set(key, { due, buy: known.buy + buy, sell: known.sell + sell });
  });
  return [...gross.values()].map(({ due, buy, sell }) => ({ ...due, ...netted(due.settlement, buy, sell) })).sort(inOrder);
}

function netted(settlement: string, buy: number, sell: number): Pick<UnitDue, 'deliver' | 'receive'> {
  if (settlement.startsWith(TRADE_FOR_TRADE)) return { deliver: sell, receive: buy };
  return { deliver: Math.max(0, sell - buy), receive: Math.max(0, buy - sell) };
}

function unitsOf(file: string, row: CsvRow, column: string): number {
  const text = row.text(column);
  const units = text === '' ? 0 : scaledNumber(text, 0);
  if (units === undefined || units < 0) throw new FileError(file, `line ${row.line}, ${column}`, `${shown(text)} is not a whole number`);
  return units;
}

const inOrder = (a: UnitDue, b: UnitDue): number => {
  const [left, right] = [`${a.settlement} ${a.client} ${a.isin}`, `${b.settlement} ${b.client} ${b.isin}`];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Bought and sold by `settlement client token`. */
type OwnUnits = Map<string, { buy: number; sell: number }>;

/** Adds the reconciled trades of a chain; gross sums where the settlement does not net. */
function addTraded(found: OwnUnits, context: NodeContext, chain: Chain, tokenOf: (token: number) => number): void {
  const book = reconciledBook(context, chain);
  for (let row = 0; row < book.rows; row++) {
    const { settlement, client, token, side, quantity, isCancelled } = book.trade(row);
    if (isCancelled) continue;
    const key = `${settlementName(settlement)} ${client} ${tokenOf(token)}`;
    const units = found.get(key) ?? { buy: 0, sell: 0 };
    if (side === 'B') units.buy += quantity;
    else units.sell += quantity;
    found.set(key, units);
  }
}

/** Units that expired contracts deliver, in the normal settlement among those of trades and clearing corporation. */
function addDelivered(ours: OwnUnits, context: NodeContext, theirs: readonly UnitDue[]): void {
  const traded = [...ours.keys()].map((key) => key.split(' ')[0] ?? '');
  const { settlement, expiries } = deliveredToday(context, [...traded, ...theirs.map((due) => due.settlement)]);
  for (const { client, delivered } of expiries) {
    for (const { share, units } of delivered) {
      const key = `${settlementName(settlement)} ${client} ${share}`;
      const sums = ours.get(key) ?? { buy: 0, sell: 0 };
      ours.set(key, sums);
      if (units > 0) sums.buy += units;
      else sums.sell -= units;
    }
  }
}

function compared(ours: ReadonlyMap<string, { buy: number; sell: number }>, theirs: readonly UnitDue[]): Pick<UnitDues, 'gates' | 'differences'> {
  const sums = new Map<string, { ours: number; theirs: number }>();
  const add = (settlement: string, way: string, side: 'ours' | 'theirs', units: number): void => {
    const name = `units to ${way} in settlement ${settlement}, ours = clearing`;
    const sum = sums.get(name) ?? { ours: 0, theirs: 0 };
    sum[side] += units;
    sums.set(name, sum);
  };
  const left = new Map(theirs.map((due) => [`${due.settlement} ${due.client} ${due.token}`, due]));
  const differences: string[] = [];
  for (const [key, { buy, sell }] of ours) {
    const [settlement = '', client = '', token = ''] = key.split(' ');
    const own = netted(settlement, buy, sell);
    const other = left.get(key);
    left.delete(key);
    add(settlement, 'deliver', 'ours', own.deliver);
    add(settlement, 'receive', 'ours', own.receive);
    if (own.deliver !== (other?.deliver ?? 0) || own.receive !== (other?.receive ?? 0))
      differences.push(`${client}, ${token} in ${settlement}: ${own.receive - own.deliver} against ${(other?.receive ?? 0) - (other?.deliver ?? 0)}`);
  }
  for (const due of left.values()) differences.push(`${due.client}, ${due.token} in ${due.settlement}: none against ${due.receive - due.deliver}`);
  for (const due of theirs) {
    add(due.settlement, 'deliver', 'theirs', due.deliver);
    add(due.settlement, 'receive', 'theirs', due.receive);
  }
  const gates = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { ours: own, theirs: other }]) => ({ name, left: own, right: other }));
  return { gates, differences };
}

/** First differences, for a note; '' without any. */
export const differenceNote = (differences: readonly string[]): string =>
  differences.length === 0 ? '' : `${differences.length} units differ, first: ${differences.slice(0, SHOWN_MAX).join('; ')}`;
