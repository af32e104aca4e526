// Layouts of reports as data: a heading for every column, and the name of the figure that stands in it ('' = empty, '=TEXT' = that text). Versions by
// the date they hold from. Only layouts that are public are here; every other one comes from the house's configuration, or the report is refused.

/** One column. */
export interface ReportColumn {
  readonly heading: string;
  readonly value: string;
}

/** A layout and when it began. */
export interface ReportLayout {
  readonly report: string;
  /** yyyymmdd. */
  readonly from: number;
  readonly source: string;
  readonly columns: readonly ReportColumn[];
}

const column = (heading: string, value = ''): ReportColumn => ({ heading, value });
const KINDS = ['BG', 'FDR', 'Approved securities cash', 'Approved securities non-cash', 'Non-approved securities', 'Commodities', 'Other'];
/** Figure of each kind of column; those the state knows nothing of stay empty. */
const FIGURES: Readonly<Record<string, string>> = {
  Cash: 'Cash',
  BG: 'Bg',
  FDR: 'Fdr',
  'Approved securities cash': 'Cashlike',
  'Approved securities non-cash': 'NonCash',
  'Non-approved securities': 'NonApproved',
  Other: 'Other',
};
const group = (name: string, kinds: readonly string[], figure = ''): ReportColumn[] =>
  kinds.map((kind) => column(`${name} ${kind}`, figure === '' || FIGURES[kind] === undefined ? '' : `${figure}${FIGURES[kind]}`));
const CLEARING_KINDS = ['Cash', 'BG', 'FDR', 'Approved securities cash', 'Approved securities non-cash', 'Commodities'];

const MARGIN_STATEMENT = 'detail margin files of NSE Clearing, derivatives, with crystallised obligation since NCL/CMPT/56502';
/** Columns of the two margin files, by whose margin a row is. */
const marginColumns = (whose: string): ReportColumn[] => [
  column('Trade date', 'date'),
  column(whose, 'client'),
  column('SPAN margin', 'span'),
  column('Filler'),
  column('ELM', 'elm'),
  column('Delivery margin', 'delivery'),
  column('Margin on consolidated crystallised obligation', 'crystallised'),
  column('Total margin', 'total'),
];

/** Layouts that are public. */
export const REPORT_LAYOUTS: readonly ReportLayout[] = [
  {
    report: 'margin',
    from: 20_200_101,
    source: 'MG-13 of the clearing corporation, client margin of a trading member: 6 fields, with the margin collected appended for upload',
    columns: [
      column('Date', 'date'),
      column('Client code', 'client'),
      column('SPAN margin', 'required'),
      column('Net buy premium', 'premium'),
      column('Total margin', 'total'),
      column('Exposure margin', '=0.00'),
      column('Peak margin', 'peak'),
      column('Initial margin collected', 'collected'),
    ],
  },
  { report: 'MG-12', from: 20_230_502, source: `${MARGIN_STATEMENT}: one row per trading member`, columns: marginColumns('TM/CP code') },
  { report: 'MG-13', from: 20_230_502, source: `${MARGIN_STATEMENT}: one row per client of a trading member`, columns: marginColumns('Client code') },
  {
    report: 'client-codes',
    from: 20_110_801,
    source:
      "the member's own register, columns ours: the exchange's monthly report is public by name only (BSE PMmmyy.Clg), what it goes by in SEBI CIR/DNPD/6/2011",
    columns: [
      column('Date', 'date'),
      column('Segment', 'segment'),
      column('Exchange', 'exchange'),
      column('Trade no.', 'trade'),
      column('Buy/Sell', 'side'),
      column('Quantity', 'quantity'),
      column('Price', 'price'),
      column('Value', 'value'),
      column('Client code', 'from'),
      column('Modified to', 'to'),
      column('Error account', 'error'),
      column('Reason', 'reason'),
      column('Proposed by', 'by'),
      column('Approved by', 'approved'),
      column('Modified this month', 'modified'),
      column('Turnover this month', 'turnover'),
      column('Penalty this month', 'penalty'),
    ],
  },
  {
    report: 'DPC',
    from: 20_200_101,
    source: "the house's own register of delayed-payment charges: no authority asks for it in a layout of its own",
    columns: [
      column('Date', 'date'),
      column('Client code', 'client'),
      column('Debit at the end of the day', 'debit'),
      column('Days', 'days'),
      column('Debit times days', 'debitDays'),
      column('Per cent a year', 'rate'),
      column('Interest', 'interest'),
      column('GST', 'gst'),
      column('Total', 'total'),
    ],
  },
  {
    report: 'MTF',
    from: 20_200_101,
    source:
      "the house's own register of what it has lent on which shares: a member reports it to the exchange every day, client by client, in an upload whose layout is not public",
    columns: [
      column('Date', 'date'),
      column('Client code', 'client'),
      column('Exchange', 'exchange'),
      column('Symbol', 'symbol'),
      column('Token', 'token'),
      column('Bought on', 'bought'),
      column('Units', 'units'),
      column('Pledged', 'pledged'),
      column('Cost', 'cost'),
      column('Lent', 'lent'),
      column('Worth', 'value'),
    ],
  },
  {
    report: 'MTFI',
    from: 20_200_101,
    source: "the house's own register of interest on margin trading funding: no authority asks for it in a layout of its own",
    columns: [
      column('Date', 'date'),
      column('Client code', 'client'),
      column('Lent at the end of the day', 'debit'),
      column('Days', 'days'),
      column('Lent times days', 'debitDays'),
      column('Per cent a year', 'rate'),
      column('Interest', 'interest'),
      column('GST', 'gst'),
      column('Total', 'total'),
    ],
  },
  {
    report: 'segregation',
    from: 20_240_318,
    source: 'client collateral segregation report, 65 columns A to BM; reason codes of NCL/CMPL/61186',
    columns: [
      column('Date', 'dateDayFirst'),
      column('Clearing Member PAN', 'pan'),
      column('Trading member PAN', 'pan'),
      column('CP Code'),
      column('CP PAN'),
      column('Client PAN', 'clientPan'),
      column('Account Type', '=C'),
      column('Segment Indicator', 'segment'),
      column('UCC Code', 'client'),
      column('Financial ledger balance-A', 'balance'),
      column('Financial ledger balance (clear)-B', 'clear'),
      column('Peak ledger balance (clear)-C', 'clear'),
      ...group('Received', KINDS, 'received'),
      column('Credit entry in ledger in lieu of EPI'),
      column('Pool account'),
      ...group('Retained by TM', ['Cash', ...KINDS], 'retained'),
      ...group('Placed with CM', ['Cash', ...KINDS], 'placed'),
      ...group('Retained with CM', ['Cash', ...KINDS]),
      ...group('Placed with CC', CLEARING_KINDS, 'placed'),
      column('MTF/Non-MTF indicator/Reason code', '=Non-MTF'),
      column('Uncleared receipts'),
      column('G-Sec/T-bill received', 'receivedGsec'),
      column('G-Sec/T-bill retained TM', 'retainedGsec'),
      column('G-Sec/T-bill placed CM', 'placedGsec'),
      column('G-Sec/T-bill retained CM'),
      column('G-Sec/T-bill placed CC', 'placedGsec'),
      column('BG funded retained with CM'),
      column('BG non-funded retained with CM'),
      column('BG funded placed with CC', 'placedBgFunded'),
      column('BG non-funded placed with CC', 'placedBgUnfunded'),
      column('Settlement amount', 'settlement'),
      column('Unclaimed/unsettled client funds'),
      column('Cash collateral for MTF positions'),
    ],
  },
];

/** The layout of a report on a date; undefined when none is public. */
export function publicLayout(report: string, date: number): ReportLayout | undefined {
  return REPORT_LAYOUTS.filter((layout) => layout.report === report && layout.from <= date).at(-1);
}
