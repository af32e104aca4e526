// Published charges, as numbers: broker panels, API responses and NSE Clearing's penalty table. Each row is one vector of the reference collection.
import type { ChargedTrade } from '../../../engine/charges/charged-trade.ts';

/** A trade in rupees. */
type Row = readonly [ChargedTrade['exchange'], ChargedTrade['segment'], ChargedTrade['product'], ChargedTrade['side'], number, number];

export interface ChargeExample {
  readonly id: string;
  readonly date: number;
  readonly trades: readonly Row[];
  /** Rupees per executed order, or 1e-9 of turnover. */
  readonly flat?: number;
  readonly fraction?: bigint;
  /** What the note shows, rupees. */
  readonly note?: Readonly<Record<string, string>>;
  /** Exact amounts; `total` of the vectors that round their parts to the paisa is given apart. */
  readonly exact?: Readonly<Record<string, string>>;
}

export const CHARGE_EXAMPLES: readonly ChargeExample[] = [
  {
    id: 'zer-2026-09-opt-nse',
    date: 20260901,
    trades: [
      ['NSE', 'OPT', 'NRML', 'BUY', 20, 589],
      ['NSE', 'OPT', 'NRML', 'SELL', 20, 797],
    ],
    flat: 20,
    note: { brokerage: '40.00', stt: '24.00', exchange: '9.85', ipft: '0.00', sebi: '0.03', stamp: '0.00', gst: '8.98', total: '82.86' },
    exact: { stt: '23.91', stamp: '0.3534', gst: '8.97779448' },
  },
  {
    id: 'zer-2026-09-delivery-bse',
    date: 20260901,
    trades: [
      ['BSE', 'EQ', 'CNC', 'BUY', 400, 1000],
      ['BSE', 'EQ', 'CNC', 'SELL', 400, 1100],
    ],
    flat: 0,
    note: { brokerage: '0.00', stt: '840.00', exchange: '31.50', ipft: '0.00', sebi: '0.84', stamp: '60.00', gst: '5.82', total: '938.16' },
    exact: { stt: '840', stamp: '60', gst: '5.8212' },
  },
  {
    id: 'mcx-crude-opt-buy',
    date: 20260916,
    trades: [['MCX', 'COM_OPT', 'NRML', 'BUY', 100, 100]],
    flat: 20,
    note: { brokerage: '20.00', stt: '0.00', exchange: '4.18', sebi: '0.01', stamp: '0.00', gst: '4.35', total: '28.54' },
    exact: { brokerage: '20', stt: '0', exchange: '4.18', sebi: '0.01', stamp: '0.3', gst: '4.3542', total: '28.8442' },
  },
  {
    id: 'mcx-crude-opt-sell',
    date: 20260916,
    trades: [['MCX', 'COM_OPT', 'NRML', 'SELL', 100, 100]],
    flat: 20,
    note: { brokerage: '20.00', stt: '5.00', exchange: '4.18', sebi: '0.01', stamp: '0.00', gst: '4.35', total: '33.54' },
  },
  {
    id: 'kite-2023-07-cnc-buy',
    date: 20230713,
    trades: [['NSE', 'EQ', 'CNC', 'BUY', 1, 560]],
    fraction: 0n,
    exact: { stt: '0.56', exchange: '0.0182', ipft: '0.00056', sebi: '0.00056', brokerage: '0', gst: '0.0033768' },
    note: { stamp: '0.00' },
  },
  {
    id: 'stt-round-tradingqna',
    date: 20260901,
    trades: [['NSE', 'EQ', 'MIS', 'SELL', 20, 103.55]],
    exact: { stt: '0.51775' },
    note: { stt: '1.00' },
  },
];
