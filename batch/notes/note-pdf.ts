// A contract note as a signed, password-protected PDF: front with averages, obligations, charges and net amount; annexure with every trade. Written from the
// ContractNote alone; nothing is calculated here but sums of what is shown.
import { randomBytes } from 'node:crypto';
import { SAME_DAY_TYPE } from '../calendar/settlement-windows.ts';
import type { Broker } from './broker.ts';
import {
  beforeLevies,
  type ContractNote,
  leviesTotal,
  type NoteLevies,
  type NoteRow,
  type NoteSegment,
  type NoteTrade,
  netOf,
  obligationOf,
} from './contract-note.ts';
import { dayText, grouped, paiseOfTicks, price, rupees, rupees4 } from './figures.ts';
import type { NoteSigner } from './note-signer.ts';
import { MARGIN, Paper, type PaperColumn, type PaperRow } from './paper.ts';
import { addSignatureField, signPdf } from './sign-pdf.ts';

const OWNER_BYTES = 24;
const BLOCK = { width: 190, height: 52 };
/** From the foot of the block to the line of the net amount. */
const ABOVE_NET = 34;

/** Names of segments on a note. */
export const SEGMENT_TITLE: Readonly<Record<NoteSegment, string>> = {
  CM: 'Equity',
  FO: 'Equity derivatives',
  CD: 'Currency derivatives',
  COM: 'Commodity derivatives',
};

/** How a document is protected and signed. */
export interface Sealing {
  readonly signer: NoteSigner;
  readonly password: string;
  readonly at: Date;
}

/** The signed PDF of a note. */
export async function notePdf(note: ContractNote, broker: Broker, sealing: Sealing): Promise<Buffer> {
  return signPdf(await notePages(note, broker, sealing), sealing.signer, sealing.at);
}

/** Its pages, with an empty field for the signature; without a signer, with none. */
export function notePages(
  note: ContractNote,
  broker: Broker,
  { signer, password, at }: Omit<Sealing, 'signer'> & { readonly signer: NoteSigner | undefined },
): Promise<Buffer> {
  const paper = new Paper({
    title: `Contract note ${note.number}`,
    author: broker.name,
    password,
    ownerPassword: randomBytes(OWNER_BYTES).toString('base64url'),
    landscape: true,
    at,
    head: (page) => pageHead(page, note, broker),
    foot: `${broker.name} | ${broker.sebiRegistration} | ${broker.website} | ${broker.email}`,
  });
  clientBlock(paper, note);
  securities(paper, note, broker);
  obligations(paper, note);
  charges(paper, note, broker);
  if (signer !== undefined) sign(paper, note, broker, { signer, at });
  closing(paper, broker);
  annexure(paper, note);
  return paper.finish();
}

function pageHead(paper: Paper, note: ContractNote, broker: Broker): void {
  const half = (paper.doc.page.width - 2 * MARGIN) / 2;
  const right = MARGIN + half;
  const { y } = paper;
  paper.put(broker.name, MARGIN, y, { size: 14, bold: true, width: half });
  paper.put('CONTRACT NOTE CUM TAX INVOICE', right, y + 1, { size: 11, bold: true, width: half, align: 'right' });
  paper.put(broker.address, MARGIN, y + 18, { width: half });
  paper.put(`SEBI registration ${broker.sebiRegistration} | CIN ${broker.cin}`, MARGIN, y + 27, { width: half });
  paper.put(`GSTIN ${broker.gstin} | PAN ${broker.pan} | SAC ${broker.sac}`, MARGIN, y + 36, { width: half });
  paper.put(`Compliance officer ${broker.complianceOfficer} | ${broker.phone} | ${broker.email}`, MARGIN, y + 45, { width: half });
  paper.put(`Contract note no. ${note.number}`, right, y + 18, { bold: true, width: half, align: 'right', size: 8 });
  paper.put(`Trade date ${dayText(note.date)}`, right, y + 28, { width: half, align: 'right' });
  paper.put(`Client ${note.client.code} | PAN ${note.client.pan}`, right, y + 37, { width: half, align: 'right' });
  if (note.version > 1)
    paper.put(`Version ${note.version}, replaces version ${note.version - 1}`, right, y + 46, { bold: true, width: half, align: 'right' });
  paper.y = y + 57;
  paper.doc
    .moveTo(MARGIN, paper.y)
    .lineTo(MARGIN + 2 * half, paper.y)
    .lineWidth(1)
    .strokeColor('#1a1a1a')
    .stroke();
  paper.y += 6;
}

function clientBlock(paper: Paper, { client, version, reason }: ContractNote): void {
  paper.put(client.name, MARGIN, paper.y, { bold: true, size: 9, width: 400 });
  paper.put(client.address, MARGIN, paper.y + 12, { width: 500 });
  paper.put(`Unique client code ${client.code} | PAN ${client.pan} | Place of supply ${client.state}`, MARGIN, paper.y + 21, { width: 500 });
  paper.y += 34;
  if (version > 1) paper.prose(`This note replaces version ${version - 1} of the same number. Reason: ${reason}`, 8);
}

const right = (title: string, width: number): PaperColumn => ({ title, width, align: 'right' });
const left = (title: string, width: number): PaperColumn => ({ title, width });

const ROW_COLUMNS: readonly PaperColumn[] = [
  left('Security or contract', 226),
  left('ISIN', 74),
  left('Buy/Sell', 40),
  right('Quantity', 74),
  right('Average price (Rs)', 92),
  right('Brokerage (Rs)', 82),
  right('Value (Rs)', 96),
  right('Net before levies (Rs)', 98),
];

/** Contracts have no ISIN, and a closing rate. */
const CONTRACT_COLUMNS: readonly PaperColumn[] = [
  left('Contract', 222),
  left('Buy/Sell', 44),
  right('Quantity', 70),
  right('Average price (Rs)', 92),
  right('Closing rate (Rs)', 84),
  right('Brokerage (Rs)', 76),
  right('Value (Rs)', 96),
  right('Net before levies (Rs)', 98),
];

function securities(paper: Paper, note: ContractNote, broker: Broker): void {
  for (const { segment } of note.levies) {
    const isCash = segment === 'CM';
    paper.heading(`${SEGMENT_TITLE[segment]}: by ${isCash ? 'security' : 'contract'} over all exchanges`);
    paper.table(
      isCash ? ROW_COLUMNS : CONTRACT_COLUMNS,
      note.rows.filter((row) => row.segment === segment).map((row) => rowCells(row, broker.averageDecimals, isCash)),
    );
  }
  if (note.rows.length === 0) paper.prose('No trade of this day remains on this note.', 9);
}

/** '' where there is none. */
const closingText = (ticks: number): string => (ticks === 0 ? '' : price(ticks));

function rowCells(row: NoteRow, decimals: 2 | 4, isCash: boolean): PaperRow {
  const { security, isin, side, quantity, value, average, closing, brokerage } = row;
  const shown = decimals === 4 ? rupees4(average) : rupees(paiseOfTicks(average));
  const net = rupees(paiseOfTicks(beforeLevies(row)));
  const word = side === 'B' ? 'Buy' : 'Sell';
  const last = [rupees4(brokerage), rupees(paiseOfTicks(value)), net];
  if (isCash) return { cells: [security, isin, word, grouped(quantity), shown, ...last] };
  return { cells: [security, word, grouped(quantity), shown, closingText(closing), ...last] };
}

const OBLIGATION_COLUMNS: readonly PaperColumn[] = [
  left('Clearing corporation', 130),
  left('Segment', 130),
  left('Settlement', 150),
  left('Pay-in / pay-out', 100),
  right('Payable in brackets (Rs)', 150),
];

/** T+0 says so beside its number, as its money moves on the trade date. */
const settlementText = (settlement: string): string => (settlement.startsWith(`${SAME_DAY_TYPE} `) ? `${settlement} (T+0)` : settlement);

function obligations(paper: Paper, note: ContractNote): void {
  if (note.obligations.length === 0) return;
  paper.heading('Obligations by clearing corporation');
  paper.table(
    OBLIGATION_COLUMNS,
    note.obligations.map(({ clearing, segment, settlement, payIn, amount }) => ({
      cells: [clearing, SEGMENT_TITLE[segment], segment === 'CM' ? settlementText(settlement) : settlement, dayText(payIn), rupees(amount)],
    })),
  );
}

const LINES: readonly (readonly [string, (levies: NoteLevies) => number])[] = [
  ['Brokerage (taxable)', ({ brokerage }) => brokerage],
  ['Exchange transaction charges', ({ exchange }) => exchange],
  ['SEBI turnover fee', ({ sebi }) => sebi],
  ['Investor protection fund (IPFT)', ({ ipft }) => ipft],
  ['CGST', ({ cgst }) => cgst],
  ['SGST / UTGST', ({ sgst }) => sgst],
  ['IGST', ({ igst }) => igst],
  ['STT / CTT', ({ stt }) => stt],
  ['Stamp duty', ({ stamp }) => stamp],
];

function charges(paper: Paper, note: ContractNote, { sac }: Broker): void {
  const segments = note.levies.map(({ segment }) => segment);
  const columns = [left('Particulars', 170), ...segments.map((segment) => right(`${SEGMENT_TITLE[segment]} (Rs)`, 105)), right('Total (Rs)', 100)];
  const line = (title: string, amounts: readonly number[], bold = false): PaperRow => ({
    bold,
    cells: [title, ...amounts.map(rupees), rupees(amounts.reduce((sum, amount) => sum + amount, 0))],
  });
  paper.need(14 + 12 * 16);
  paper.heading(`Charges and net amount (SAC ${sac}; amounts in brackets are payable by you)`);
  const dues = segments.map((segment) => obligationOf(note, segment));
  paper.table(columns, [
    line('Pay-in / pay-out obligation', dues),
    ...LINES.map(([title, of]) =>
      line(
        title,
        note.levies.map((levies) => -of(levies) || 0),
      ),
    ),
    line(
      'Net amount',
      note.levies.map((levies, i) => (dues[i] ?? 0) - leviesTotal(levies)),
      true,
    ),
  ]);
  const net = netOf(note);
  paper.put(net < 0 ? `Net amount payable by you: Rs ${rupees(-net)}` : `Net amount receivable by you: Rs ${rupees(net)}`, MARGIN, paper.y, {
    bold: true,
    size: 10,
  });
  paper.y += 16;
}

/** The visible block stands beside the charges, so that it never needs a page of its own. */
function sign(paper: Paper, note: ContractNote, broker: Broker, { signer, at }: Pick<Sealing, 'signer' | 'at'>): void {
  const { reason, place } = broker.signature;
  const x = paper.doc.page.width - MARGIN - BLOCK.width;
  const y = paper.y - BLOCK.height - ABOVE_NET;
  paper.put(`For ${broker.name}`, x, y - 12, { bold: true, width: BLOCK.width });
  paper.put(`Date ${dayText(note.date)}   Place ${place}`, x, y + BLOCK.height + 4, { width: BLOCK.width });
  addSignatureField(paper.doc, { x, y, ...BLOCK, name: signer.name, reason, location: place, at });
}

function closing(paper: Paper, broker: Broker): void {
  paper.prose(
    'Averages are rounded for reading; levies are reckoned on the value of every trade and rounded once per segment. A future comes to the difference between its price and the closing rate; positions carried in are marked in the statement of account. MTM beside a trade: its net is by the closing rate; TFT: trade for trade; T+0: settled on its own day.',
  );
  for (const footer of broker.footers) paper.prose(footer, 6.5);
}

const TRADE_COLUMNS: readonly PaperColumn[] = [
  left('Exch.', 28),
  left('Order no.', 72),
  left('Order time', 42),
  left('Trade no.', 76),
  left('Trade time', 42),
  left('Security or contract', 136),
  left('B/S', 20),
  right('Quantity', 46),
  right('Price', 54),
  right('Brokerage', 48),
  right('Net rate', 58),
  right('Closing rate', 54),
  right('Net before levies', 66),
  left('Remarks', 40),
];

function annexure(paper: Paper, note: ContractNote): void {
  if (note.trades.length === 0) return;
  paper.turn();
  for (const { segment } of note.levies) {
    paper.heading(`Annexure to ${note.number}: trades, ${SEGMENT_TITLE[segment]} (Rs)`);
    paper.table(TRADE_COLUMNS, note.trades.filter((trade) => trade.segment === segment).map(tradeCells));
  }
}

/** What a reader has to know about a trade, in a word: MTM = net is by closing rate. */
function remarkOf({ isFuture, isSameDay, settlement }: NoteTrade): string {
  if (isFuture) return 'MTM';
  if (isSameDay) return 'T+0';
  return settlement.startsWith('Z') ? 'TFT' : '';
}

function tradeCells(trade: NoteTrade): PaperRow {
  const { exchange, order, orderTime, tradeId, tradeTime, security, side, quantity, levies, closing } = trade;
  const perUnit = Math.round(levies.brokerage / quantity);
  const net = paiseOfTicks(beforeLevies({ ...trade, value: quantity * trade.price, brokerage: levies.brokerage }));
  const rate = side === 'B' ? trade.price + perUnit : trade.price - perUnit;
  const cells = [
    exchange,
    order,
    orderTime,
    tradeId,
    tradeTime,
    security,
    side,
    grouped(quantity),
    price(trade.price),
    rupees4(levies.brokerage),
    rupees4(rate),
    closingText(closing),
    rupees(net),
    remarkOf(trade),
  ];
  return { cells };
}
