// A trade as the exchange reports it, written as the engine's command; the order of ours that it fills, found by the exchange's number. Sends nothing.
import { CommandKind, CommandView, ExecType, ExecutionSource, orderView, Product, RecordExecution, Side } from '../../../engine/index.ts';
import type { TradeSide } from '../../recon/trade-break.ts';
import { eachSlot } from './engine-state.ts';

/** What is to be reported. */
export interface ExecutionReport {
  readonly slot: number;
  readonly account: string;
  /** ExchangeSegment. */
  readonly segment: number;
  /** yyyymmdd */
  readonly tradeDate: number;
  readonly type: 'TRADE' | 'TRADE_CORRECT' | 'TRADE_CANCEL';
  readonly trade: TradeSide;
  /** Slot sequence of the order it fills; 0 or absent: none that is known. */
  readonly order?: number | undefined;
  readonly product?: keyof typeof Product | undefined;
}

const [ACCOUNT_WIDTH, EXCHANGE_ID_WIDTH] = [16, 24];

/** The command's bytes; origin and time are set by the inbox and the shard. */
export function executionBytes({ slot, account, segment, tradeDate, type, trade, order = 0, product }: ExecutionReport): Uint8Array {
  const bytes = new Uint8Array(RecordExecution.BYTES);
  const command = new CommandView().wrap(bytes, new DataView(bytes.buffer), 0).begin(CommandKind.RecordExecution, RecordExecution.BYTES, slot);
  command.setText(RecordExecution.account, ACCOUNT_WIDTH, account);
  command.setText(RecordExecution.tradeId, EXCHANGE_ID_WIDTH, trade.tradeId);
  if (type !== 'TRADE') command.setText(RecordExecution.execRefId, EXCHANGE_ID_WIDTH, trade.tradeId);
  command.setText(RecordExecution.exchangeOrderId, EXCHANGE_ID_WIDTH, trade.order ?? '');
  command.setF64(RecordExecution.orderSequence, order);
  command.setU32(RecordExecution.token, trade.token);
  command.setU8(RecordExecution.segment, segment);
  command.setU8(RecordExecution.side, trade.side === 'B' ? Side.BUY : Side.SELL);
  command.setU8(RecordExecution.execType, ExecType[type]);
  command.setF64(RecordExecution.lastQuantity, trade.quantity);
  command.setF64(RecordExecution.lastPx, trade.price);
  command.setU32(RecordExecution.tradeDate, tradeDate);
  command.setU8(RecordExecution.product, product === undefined ? 0 : Product[product]);
  command.setU8(RecordExecution.source, ExecutionSource.TRADE_FILE);
  return bytes;
}

/** Slot sequence of the client's order that has the exchange's number and trades this; 0 = none. */
export async function orderByExchange(dataDirectory: string, { client, order = '', token }: TradeSide, segment: number): Promise<number> {
  let found = 0;
  if (order === '') return found;
  await eachSlot(dataDirectory, (state) => {
    for (let row = 1; row < state.orders.rows; row++) {
      if (!state.orders.isLive(row)) continue;
      const one = orderView(state, row);
      const fits = one.exchangeOrderId === order && one.account === client && one.token === token && one.segment === segment;
      if (fits) found = one.sequence;
    }
  });
  return found;
}
