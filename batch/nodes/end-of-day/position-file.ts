// The position file (UDiFF, 46 columns): printed from a day's positions, read back for the next day's opening and for upload. Amounts in rupees with two
// decimals, units whole. Rows in the order of client and contract, so that the same day gives the same bytes.
import { readCsvFile } from '../../files/csv-file.ts';
import { FileError, shown } from '../../files/file-error.ts';
import { parsePriceTicks } from '../../files/price-ticks.ts';
import type { Chain } from '../../graph/node-row.ts';
import { MEMBER_CODE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import { paiseOfTickUnits } from './client-charges.ts';
import { contractName } from './contract-prices.ts';
import type { Contract, PositionDay } from './derivative-positions.ts';

/** Columns in their published order. */
export const POSITION_COLUMNS: readonly string[] =
  'Sgmt,Src,RptgDt,BizDt,TradRegnOrgn,ClrMmbId,BrkrOrCtdnPtcptId,ClntTp,ClntId,FinInstrmTp,ISIN,TckrSymb,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,NewBrdLotQty,OpngLngQty,OpngLngVal,OpngShrtQty,OpngShrtVal,OpnBuyTradgQty,OpnBuyTradgVal,OpnSellTradgQty,OpnSellTradgVal,PreExrcAssgndLngQty,PreExrcAssgndLngVal,PreExrcAssgndShrtQty,PreExrcAssgndShrtVal,ExrcdQty,AssgndQty,PstExrcAssgndLngQty,PstExrcAssgndLngVal,PstExrcAssgndShrtQty,PstExrcAssgndShrtVal,SttlmPric,RefRate,PrmAmt,DalyMrkToMktSettlmVal,FutrsFnlSttlmVal,ExrcAssgndVal,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'.split(
    ',',
  );

/** Rupees with two decimals of tick-units, half away from zero. */
function rupees(tickUnits: bigint): string {
  const paise = paiseOfTickUnits(tickUnits);
  const size = Math.abs(paise);
  return `${paise < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}

const price = (ticks: number): string => (ticks % 100 === 0 ? (ticks / 10_000).toFixed(2) : (ticks / 10_000).toFixed(4));
const long = (units: number): number => Math.max(0, units);
const short = (units: number): number => Math.max(0, -units);
const valued = (units: number, ticks: number): string => rupees(BigInt(units) * BigInt(ticks));

/** The whole file of a chain's day. */
export function printPositions(chain: Chain, date: string, days: readonly PositionDay[]): string {
  const sorted = [...days].sort((a, b) => (rowOrder(a) < rowOrder(b) ? -1 : 1));
  const lines = sorted.map((day) => {
    const cells = cellsOf(chain, date.replaceAll('-', ''), day);
    return POSITION_COLUMNS.map((column) => cells[column] ?? '').join(',');
  });
  return `${[POSITION_COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const rowOrder = ({ client, contract: { symbol, expiry, strike, option } }: PositionDay): string =>
  `${client}|${symbol}|${expiry}|${option}|${String(strike).padStart(12, '0')}`;

function cellsOf(chain: Chain, date: string, day: PositionDay): Record<string, string | number> {
  const { contract, client, opening, before, closing } = day;
  const { settlement, previous } = contract;
  return {
    Sgmt: UDIFF_SEGMENT[chain],
    Src: chain === 'COM' ? 'MCXCCL' : 'NCL',
    RptgDt: date,
    BizDt: date,
    TradRegnOrgn: 1,
    ClrMmbId: MEMBER_CODE,
    BrkrOrCtdnPtcptId: MEMBER_CODE,
    ClntTp: 'C',
    ClntId: client,
    FinInstrmTp: contract.type,
    ISIN: contract.isin,
    TckrSymb: contract.symbol,
    XpryDt: contract.expiry,
    FininstrmActlXpryDt: contract.actualExpiry,
    StrkPric: contract.option === '' ? '' : price(contract.strike),
    OptnTp: contract.option,
    NewBrdLotQty: contract.lot,
    OpngLngQty: long(opening),
    OpngLngVal: valued(long(opening), previous),
    OpngShrtQty: short(opening),
    OpngShrtVal: valued(short(opening), previous),
    OpnBuyTradgQty: day.bought,
    OpnBuyTradgVal: rupees(day.boughtValue),
    OpnSellTradgQty: day.sold,
    OpnSellTradgVal: rupees(day.soldValue),
    PreExrcAssgndLngQty: long(before),
    PreExrcAssgndLngVal: valued(long(before), settlement),
    PreExrcAssgndShrtQty: short(before),
    PreExrcAssgndShrtVal: valued(short(before), settlement),
    ExrcdQty: day.exercised,
    AssgndQty: day.assigned,
    PstExrcAssgndLngQty: long(closing),
    PstExrcAssgndLngVal: valued(long(closing), settlement),
    PstExrcAssgndShrtQty: short(closing),
    PstExrcAssgndShrtVal: valued(short(closing), settlement),
    SttlmPric: price(settlement),
    PrmAmt: rupees(day.premium),
    DalyMrkToMktSettlmVal: rupees(day.markToMarket),
    FutrsFnlSttlmVal: rupees(day.finalSettlement),
    ExrcAssgndVal: rupees(day.exercise),
  };
}

/** A position as a file names it: signed units carried out. */
export interface CarriedPosition {
  readonly client: string;
  readonly name: string;
  readonly units: number;
  readonly line: number;
}

/** What a file carries out into the next day; positions of nothing are left out. Rejects with FileError. */
export async function readCarriedPositions(file: string): Promise<CarriedPosition[]> {
  const found: CarriedPosition[] = [];
  const needed = ['ClntId', 'TckrSymb', 'XpryDt', 'StrkPric', 'OptnTp', 'PstExrcAssgndLngQty', 'PstExrcAssgndShrtQty'];
  await readCsvFile(file, needed, (row) => {
    const fail = (column: string): never => {
      throw new FileError(file, `line ${row.line}, ${column}`, `${shown(row.text(column))} cannot be read`);
    };
    const units = (column: string): number => (/^\d{1,12}$/.test(row.text(column)) ? Number(row.text(column)) : fail(column));
    const carried = units('PstExrcAssgndLngQty') - units('PstExrcAssgndShrtQty');
    if (carried === 0) return;
    const expiry = /^\d{4}-?\d{2}-?\d{2}$/.test(row.text('XpryDt')) ? Number(row.text('XpryDt').replaceAll('-', '')) : fail('XpryDt');
    const option = row.text('OptnTp');
    const strike = option === '' ? 0 : (parsePriceTicks(row.text('StrkPric')) ?? fail('StrkPric'));
    found.push({ client: row.text('ClntId'), name: contractName(row.text('TckrSymb'), expiry, strike, option), units: carried, line: row.line });
  });
  return found;
}

/** The contract a carried position is in. Throws FileError naming the line when the prices do not list it. */
export function contractOfCarried(file: string, { name, line }: CarriedPosition, byName: ReadonlyMap<string, Contract>): Contract {
  const contract = byName.get(name);
  if (contract === undefined) throw new FileError(file, `line ${line}`, `${name.replaceAll('|', ' ')} is held and today's prices do not list it`);
  return contract;
}
