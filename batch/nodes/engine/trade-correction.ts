// A trade of the engine's book is put right as its break has it: a trade we lack is booked, one that is none is cancelled, other figures are
// corrected, one under the wrong client or in the wrong instrument is taken out and booked where it belongs. What goes to the engine are keyed
// commands in the night's inbox: the same correction again sends nothing, and each step waits until the engine's tables show the one before it.
import { CommandKind, chargeProductOf, eachTrade, Side, slotOfAccountBytes, type TransferTradeBody } from '../../../engine/index.ts';
import { rareCommand } from '../../../workers/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import type { StoredBreak } from '../../recon/break-store.ts';
import type { TradeCorrection, TradeSide } from '../../recon/trade-break.ts';
import { TransientFault } from '../../runner/index.ts';
import { appendKeyed, type KeyedCommand, oneAtATime, takeInbox } from './engine-inbox.ts';
import { readEngine, withTables } from './engine-state.ts';
import { exchangeSegmentOf } from './exchange-segments.ts';
import { type ExecutionReport, executionBytes, orderByExchange } from './trade-execution.ts';

/** A break with what is to be done about it. */
export type BreakToCorrect = Pick<StoredBreak, 'id' | 'date' | 'segment' | 'raisedAt' | 'class' | 'list' | 'ours' | 'theirs' | 'reason'> & {
  readonly correction: TradeCorrection;
};

/** The trade as an account has it. */
interface Standing {
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
  readonly isBusted: boolean;
  readonly product: 'NRML' | 'CNC' | 'MIS';
}

/** An account and where it lives. */
interface Place {
  readonly slot: number;
  readonly account: string;
}

/** One command, and how its having been taken is seen. */
interface Step {
  readonly command: KeyedCommand;
  readonly place: Place;
  readonly isDone: (standing: Standing | undefined) => boolean;
}

const WAIT_MILLIS = 10_000;
const LOOK_MILLIS = 50;
const TICKS_PER_RUPEE = 10_000;
/** Chains of shares. */
const SHARES: readonly string[] = ['CM', 'BSE', 'T0'];
const ACCOUNT_WIDTH = 16;

/** What the correction would do, in words. Throws RangeError with what does not fit: it would be refused, or there is nothing to be done in the engine. */
export async function correctionWords(dataDirectory: string, one: BreakToCorrect): Promise<string> {
  await stepsOf(dataDirectory, one);
  const { class: kind, ours, theirs, correction } = one;
  const price = ({ price }: TradeSide): string => `${price / TICKS_PER_RUPEE}`;
  if (theirs === undefined || theirs.isCancelled) return `cancel ${ours?.client} ${ours?.side} ${ours?.quantity} of ${ours?.token}`;
  const { client, side, quantity, token } = theirs;
  if (ours === undefined) return `book ${client} ${side} ${quantity} of ${token} at ${price(theirs)}`;
  if (kind === 'client') return `move ${side} ${ours.quantity} of ${token} from ${ours.client} to ${correction.to ?? client}`;
  if (kind === 'instrument') return `move ${client} ${side} ${quantity} from ${ours.token} to ${token}`;
  return `correct ${client} ${side} of ${token} to ${quantity} at ${price(theirs)}`;
}

/**
 * Sends it and waits until the engine's tables show it. Throws RangeError when it does not fit, TransientFault when a running gateway has not taken
 * it in time.
 */
export function correctTrade(dataDirectory: string, one: BreakToCorrect): Promise<void> {
  return oneAtATime(dataDirectory, async () => {
    for (const step of await stepsOf(dataDirectory, one)) await send(dataDirectory, one, step);
  });
}

async function send(dataDirectory: string, one: BreakToCorrect, { command, place, isDone }: Step): Promise<void> {
  const shown = async (): Promise<boolean> => isDone(await standingAt(dataDirectory, one, place));
  if (await shown()) return;
  await appendKeyed(dataDirectory, [command]);
  const { isHosted } = await takeInbox(dataDirectory);
  for (let waited = 0; waited <= WAIT_MILLIS; waited += LOOK_MILLIS) {
    if (await shown()) return;
    if (isHosted) throw new RangeError(`the engine refused the correction (${command.key})`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  throw new TransientFault('the running gateway has not taken the correction from its inbox yet');
}

/** Commands of a correction, in order; they depend on the break and on where accounts live, so that the same correction is the same commands. */
async function stepsOf(dataDirectory: string, one: BreakToCorrect): Promise<Step[]> {
  const { class: kind, list, ours, theirs } = one;
  if (list !== 'engine') throw new RangeError(`${one.id} is about the order system's own list: it is put right there, and the list is left anew`);
  if (one.correction.to !== undefined && kind !== 'client') throw new RangeError('only a trade that stands under another client goes to an account');
  if (kind === 'missingOurs' && theirs !== undefined) return [await booking(dataDirectory, one, theirs)];
  if (ours === undefined) throw new RangeError(`${one.id}: there is nothing of ours to correct`);
  const { clients } = await readEngine(dataDirectory);
  const placeOf = (account: string): Place => {
    const slot = clients.get(account)?.slot;
    if (slot === undefined) throw new RangeError(`${account} is no account of the engine`);
    return { slot, account };
  };
  const place = placeOf(ours.client);
  if (kind === 'missingExchange' || kind === 'cancelledThere') return [report(one, place, { type: 'TRADE_CANCEL', trade: ours })];
  if (theirs === undefined || kind === 'twiceHere') throw new RangeError(`${one.id}: the engine has a trade once; there is nothing to correct`);
  if (kind === 'client' || kind === 'instrument') {
    const standing = await standingAt(dataDirectory, one, place);
    if (standing === undefined) throw new RangeError(`${ours.client} has no trade ${ours.tradeId} of ${one.date}`);
    const to = kind === 'client' ? placeOf(one.correction.to ?? theirs.client) : place;
    return [half(one, 'OUT', place, ours, standing.product), half(one, 'IN', to, kind === 'client' ? ours : theirs, standing.product)];
  }
  return [report(one, place, { type: 'TRADE_CORRECT', trade: theirs })];
}

/** Books a trade of the exchange's; its order is found by the exchange's number of it. An account nobody opened is opened by the trade, frozen. */
async function booking(dataDirectory: string, one: BreakToCorrect, trade: TradeSide): Promise<Step> {
  const account = trade.client;
  const { clients } = await readEngine(dataDirectory);
  const slot = clients.get(account)?.slot ?? slotOfAccountBytes(Buffer.from(account.padEnd(ACCOUNT_WIDTH, '\0'), 'latin1'), 0);
  const order = await orderByExchange(dataDirectory, trade, engineSegment(one, trade));
  const product = SHARES.includes(one.segment) ? (one.correction.product ?? 'CNC') : 'NRML';
  return report(one, { slot, account }, { type: 'TRADE', trade, order, product });
}

function report(one: BreakToCorrect, place: Place, what: Pick<ExecutionReport, 'type' | 'trade' | 'order' | 'product'>): Step {
  const { type, trade } = what;
  const bytes = executionBytes({ ...what, ...place, segment: engineSegment(one, trade), tradeDate: dayOf(one) });
  const isDone = (standing: Standing | undefined): boolean => {
    if (standing === undefined || type === 'TRADE_CANCEL') return standing?.isBusted === true;
    return !standing.isBusted && standing.token === trade.token && standing.quantity === trade.quantity && standing.price === trade.price;
  };
  return { command: keyed(one, type, bytes), place, isDone };
}

function half(one: BreakToCorrect, way: 'OUT' | 'IN', place: Place, trade: TradeSide, product: Standing['product']): Step {
  const { tradeId, token, quantity, price } = trade;
  const side = trade.side === 'B' ? 'BUY' : 'SELL';
  const where = { segment: engineSegment(one, trade), tradeDate: dayOf(one), tradeId, side } as const;
  const body: TransferTradeBody = { way, account: place.account, ...where, token, quantity, price, product, reason: one.reason };
  const isDone = (standing: Standing | undefined): boolean => {
    if (way === 'IN') return standing !== undefined && !standing.isBusted && standing.token === token;
    // It has left, or has come back already as what it should be.
    return standing !== undefined && (standing.isBusted || standing.token !== token);
  };
  return { command: keyed(one, way, rareCommand(CommandKind.TransferTrade, place.slot, body).bytes), place, isDone };
}

/** The break raised at that time is in the key: what is found again after it was settled is another correction. */
function keyed({ date, id, raisedAt }: BreakToCorrect, what: string, bytes: Uint8Array): KeyedCommand {
  return { key: `${date}/correct/${id}/${raisedAt}/${what}/${sha256Of(Buffer.from(bytes)).slice(0, 16)}`, bytes };
}

const dayOf = ({ date }: BreakToCorrect): number => Number(date.replaceAll('-', ''));
const engineSegment = ({ segment }: BreakToCorrect, { exchange }: TradeSide): number => exchangeSegmentOf(segment, exchange);

/** The break's trade as an account has it; undefined when it never had it. */
function standingAt(dataDirectory: string, one: BreakToCorrect, { slot, account }: Place): Promise<Standing | undefined> {
  const about = one.theirs ?? one.ours;
  return withTables(dataDirectory, (reader) => {
    const state = reader?.readSlot(slot);
    let found: Standing | undefined;
    if (about === undefined || state === undefined) return found;
    const [segment, tradeDate, side] = [engineSegment(one, about), dayOf(one), about.side === 'B' ? Side.BUY : Side.SELL];
    eachTrade(state, (trade) => {
      if (trade.account !== account || trade.tradeId !== about.tradeId) return;
      if (trade.segment !== segment || trade.tradeDate !== tradeDate || trade.side !== side) return;
      const { token, quantity, price, isBusted } = trade;
      // What was bought with funding goes elsewhere as delivery: who lends on it is asked there, and then.
      found = { token, quantity, price, isBusted, product: chargeProductOf(trade.product) ?? 'NRML' };
    });
    return found;
  });
}
