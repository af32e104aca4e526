// A note as CSV: the 28 columns of the field list, one line a trade, and per segment one line with the charges and net amount as the note has them
// (Security "NOTE TOTAL"). Plain decimals. A column is empty where nothing here knows the answer.
import { beforeLevies, type ContractNote, leviesTotal, type NoteSegment, type NoteTrade, obligationOf } from './contract-note.ts';
import { paiseOfTicks, plainPaise, plainTicks } from './figures.ts';

/** Columns in order. */
export const NOTE_COLUMNS = [
  'ContractNo',
  'TradeDate',
  'SettlementType',
  'Exchange',
  'Segment',
  'OrderNo',
  'TradeNo',
  'Time',
  'Security',
  'ISIN',
  'BuySell',
  'Quantity',
  'Price',
  'Gross',
  'Brokerage',
  'ExchangeCharges',
  'ClearingCharges',
  'SebiFee',
  'STT',
  'GST',
  'StampDuty',
  'IPFT',
  'Net',
  'Total',
  'DirectPayout',
  'MTF',
  'T0',
  'Pledge',
] as const;
type Cells = Readonly<Partial<Record<(typeof NOTE_COLUMNS)[number], string>>>;

/** Name that marks the line of a segment's totals. */
export const TOTAL_LINE = 'NOTE TOTAL';

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lineOf = (cells: Cells): string => NOTE_COLUMNS.map((name) => quoted(cells[name] ?? '')).join(',');

/** The whole file. */
export function noteCsv(note: ContractNote): string {
  const head: Cells = { ContractNo: note.number, TradeDate: note.date };
  const trades = note.trades.map((trade) => lineOf({ ...head, ...tradeCells(trade) }));
  const totals = note.levies.map(({ segment }) => lineOf({ ...head, ...totalCells(note, segment) }));
  return `${[NOTE_COLUMNS.join(','), ...trades, ...totals].join('\n')}\n`;
}

function tradeCells(trade: NoteTrade): Cells {
  const { levies, side, quantity, price } = trade;
  const gross = quantity * price;
  const net = beforeLevies({ ...trade, value: gross, brokerage: levies.brokerage });
  const rest = levies.exchange + levies.sebi + levies.stt + levies.gst + levies.stamp + levies.ipft;
  return {
    SettlementType: trade.settlement,
    Exchange: trade.exchange,
    Segment: trade.segment,
    OrderNo: trade.order,
    TradeNo: trade.tradeId,
    Time: trade.tradeTime,
    Security: trade.security,
    ISIN: trade.isin,
    BuySell: side,
    Quantity: String(quantity),
    Price: plainTicks(price),
    Gross: plainTicks(gross),
    Brokerage: plainTicks(levies.brokerage),
    ExchangeCharges: plainTicks(levies.exchange),
    ClearingCharges: plainTicks(0),
    SebiFee: plainTicks(levies.sebi),
    STT: plainTicks(levies.stt),
    GST: plainTicks(levies.gst),
    StampDuty: plainTicks(levies.stamp),
    IPFT: plainTicks(levies.ipft),
    Net: plainPaise(paiseOfTicks(net)),
    Total: plainTicks(net - rest),
    DirectPayout: trade.segment !== 'CM' || side === 'S' ? '' : trade.isDelivery ? 'Y' : 'N',
    T0: trade.segment === 'CM' ? (trade.isSameDay ? 'Y' : 'N') : '',
  };
}

function totalCells(note: ContractNote, segment: NoteSegment): Cells {
  const levies = note.levies.find((one) => one.segment === segment);
  if (levies === undefined) return {};
  const due = obligationOf(note, segment);
  return {
    Segment: segment,
    Security: TOTAL_LINE,
    Brokerage: plainPaise(levies.brokerage),
    ExchangeCharges: plainPaise(levies.exchange),
    ClearingCharges: plainPaise(0),
    SebiFee: plainPaise(levies.sebi),
    STT: plainPaise(levies.stt),
    GST: plainPaise(levies.cgst + levies.sgst + levies.igst),
    StampDuty: plainPaise(levies.stamp),
    IPFT: plainPaise(levies.ipft),
    Net: plainPaise(due),
    Total: plainPaise(due - leviesTotal(levies)),
  };
}
