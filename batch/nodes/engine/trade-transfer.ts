// A trade that stands under the wrong client moves to the account it belongs to (or to the firm's ERROR account): out of the one, then into the other, because the two
// may live in different slots. Each half is a keyed command, so that the same move again sends nothing; the second is sent when the first is seen to be done.
import { eachTrade, Side, type TransferTradeBody } from '../../../engine/index.ts';
import { TransientFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, planned, takenState } from './engine-inbox.ts';
import { eachSlot, readEngine } from './engine-state.ts';

/** What moves where. */
export interface TradeMove {
  /** YYYY-MM-DD of the business day. */
  readonly date: string;
  readonly tradeId: string;
  readonly side: 'B' | 'S';
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** A trade in an account's book. */
interface Standing {
  readonly isBusted: boolean;
  readonly body: Omit<TransferTradeBody, 'way' | 'account' | 'reason'>;
}

const WAIT_MILLIS = 30_000;
const LOOK_MILLIS = 250;
const PRODUCTS = ['NRML', 'CNC', 'MIS'] as const;

/** Moves it. Throws RangeError when either account does not fit, TransientFault when a running gateway has not taken a half in time. */
export function moveTrade(dataDirectory: string, move: TradeMove): Promise<void> {
  return oneAtATime(dataDirectory, async () => {
    const { from, to, tradeId } = move;
    const slots = await slotsOf(dataDirectory, [from, to]);
    const [source, target] = [slots.get(from), slots.get(to)];
    if (source === undefined || target === undefined) throw new RangeError(`${source === undefined ? from : to} is no account of the engine`);
    const standing = await tradeOf(dataDirectory, move, from);
    if (standing === undefined) throw new RangeError(`${from} has no trade ${tradeId} of ${move.date}`);
    const half = (way: 'OUT' | 'IN', account: string, slot: number): PlannedCommand => {
      const body: TransferTradeBody = { way, account, ...standing.body, reason: move.reason };
      return planned(move.date, `transfer/${tradeId}/${way}`, { kind: 'TransferTrade', slot, body });
    };
    await send(dataDirectory, half('OUT', from, source), async () => (await tradeOf(dataDirectory, move, from))?.isBusted === true);
    await send(dataDirectory, half('IN', to, target), async () => (await tradeOf(dataDirectory, move, to))?.isBusted === false);
  });
}

async function send(dataDirectory: string, command: PlannedCommand, isDone: () => Promise<boolean>): Promise<void> {
  if (await isDone()) return;
  await appendAll(dataDirectory, [command]);
  const { isHosted } = await takenState(dataDirectory, () => true);
  for (let waited = 0; waited <= WAIT_MILLIS; waited += LOOK_MILLIS) {
    if (await isDone()) return;
    if (isHosted) throw new RangeError(`the engine refused to move the trade (${command.key})`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  throw new TransientFault('the running gateway has not taken the move from its inbox yet');
}

async function slotsOf(dataDirectory: string, accounts: readonly string[]): Promise<Map<string, number>> {
  const state = await readEngine(dataDirectory);
  return new Map(
    accounts.flatMap((account) => {
      const slot = state.clients.get(account)?.slot;
      return slot === undefined ? [] : [[account, slot] as const];
    }),
  );
}

async function tradeOf(dataDirectory: string, { date, tradeId, side }: TradeMove, account: string): Promise<Standing | undefined> {
  const tradeDate = Number(date.replaceAll('-', ''));
  let found: Standing | undefined;
  await eachSlot(dataDirectory, (state) => {
    eachTrade(state, (trade) => {
      if (trade.account !== account || trade.tradeId !== tradeId || trade.tradeDate !== tradeDate) return;
      if (trade.side !== (side === 'B' ? Side.BUY : Side.SELL)) return;
      const { segment, token, quantity, price, isBusted } = trade;
      const named = { segment, tradeDate, tradeId, side: side === 'B' ? 'BUY' : 'SELL', token, quantity, price } as const;
      found = { isBusted, body: { ...named, product: PRODUCTS[trade.product] ?? 'NRML' } };
    });
  });
  return found;
}
