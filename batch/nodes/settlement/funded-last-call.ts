// The last word of a day on pledges of what was bought with funding (MTF), before its books are backed up: what clients have accepted since the
// evening's pay-in was prepared, and what nobody accepted by 17:00 of the third day after the trade, which is to be sold on the fourth; of a lot
// accepted in part the rest. Orders are people's: nothing is sent.
import { ExchangeSegment } from '../../../engine/index.ts';
import { istMicros, type NodeBody, type NodeContext, type Outcome } from '../../runner/index.ts';
import { UnitPrices } from '../../securities/unit-prices.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import { lotsAtClose, shareNames } from '../engine/funded-units.ts';
import { byListing, pledgedUnits, takeAcceptances, tellPledged } from './funded-acceptance.ts';
import { type FundedIsins, fundedIsins, isFundingInUse, lotsInBooks, pledgedInBooks } from './funded-plan.ts';
import { type ListRow, listOnce } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';
import { BASKET_COLUMNS } from './securities-unpaid-sale.ts';

const ACCEPT_DAYS = 3;
const ACCEPT_BY = 17 * 60;
const SHOWN_MAX = 5;

/** A node's body after the last call. Adds the outputs fundedPledged, fundedWaiting and, where something is to be sold, fundedToSell and fundedSale. */
export function withLastCall(parts: DayParts, body: NodeBody): NodeBody {
  return async (context) => {
    const call = await lastCall(parts, context);
    const outcome = await body(context);
    const note = [call.note ?? '', outcome.note ?? ''].filter((words) => words !== '').join('; ');
    return { ...outcome, outputs: { ...outcome.outputs, ...call.outputs }, note };
  };
}

/** See the file's head; nothing where nobody has bought with funding. */
export async function lastCall(parts: DayParts, context: NodeContext): Promise<Outcome> {
  const engine = await readEngine(parts.dataDirectory);
  if (!isFundingInUse(parts, context, engine)) return {};
  const isins = await fundedIsins(parts, context);
  await takeAcceptances(parts, context);
  await tellPledged(parts, context, engine, isins);
  const { note, orders, file, sha256 } = saleOfUnaccepted(parts, context, engine, isins);
  const lots = lotsInBooks(unitsOf(context));
  const sum = (of: 'pledged' | 'waiting'): number => lots.reduce((total, lot) => total + lot[of], 0);
  const sale = orders === 0 ? {} : { fundedToSell: orders, fundedSale: { file, sha256 } };
  return { outputs: { fundedPledged: sum('pledged'), fundedWaiting: sum('waiting'), ...sale }, note };
}

interface UnacceptedSale {
  readonly file: string;
  readonly sha256: string;
  readonly orders: number;
  readonly note: string;
}

/** Lots whose pledge was not accepted in time, as far as it was not: a basket for the dealer. Sales take what is not pledged first, so that they end it. */
function saleOfUnaccepted(parts: DayParts, context: NodeContext, engine: EngineState, isins: FundedIsins): UnacceptedSale {
  const rows = unacceptedRows(parts, context, engine, isins);
  if (rows.length === 0 && parts.files.of('funded-sale', context.date) === undefined) return { file: '', sha256: '', orders: 0, note: '' };
  const list = listOnce(parts, context, 'funded-sale', () => ({ columns: BASKET_COLUMNS, rows }));
  const shown = list.rows.slice(0, SHOWN_MAX).map(({ account = '', symbol = '', quantity = '' }) => `${account} ${symbol} ${quantity}`);
  const note = list.rows.length === 0 ? '' : `to be sold on ${parts.calendar.tradedAfter(context.date)}, pledge not accepted: ${shown.join('; ')}`;
  return { file: list.path, sha256: list.sha256, orders: list.rows.length, note };
}

function unacceptedRows({ calendar, dataDirectory }: DayParts, context: NodeContext, engine: EngineState, isins: FundedIsins): ListRow[] {
  const terms = { businessDate: dayNumber(context.date), shareName: shareNames(dataDirectory, engine) };
  const pledged = pledgedUnits(lotsInBooks(unitsOf(context)));
  const prices = new UnitPrices(context.root);
  const inOrder = [...engine.clients.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
  return inOrder.flatMap((client) =>
    byListing(lotsAtClose(client, { ...terms, pledgedOf: pledgedInBooks(unitsOf(context), client.account, isins) })).flatMap(
      ({ segment, token, boughtOn, units }) => {
        const isin = isins({ segment, token });
        const quantity = units - pledged.take(`${client.account} ${isin} ${boughtOn}`, units);
        const bought = `${boughtOn}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
        if (quantity === 0 || context.now() < istMicros(calendar.settlementDay(bought, ACCEPT_DAYS), ACCEPT_BY)) return [];
        const order = { side: 'SELL', quantity: `${quantity}`, order_type: 'MARKET', price: '', product: 'MTF' };
        const share = { exchange: segment === ExchangeSegment.BSE ? 'BSE' : 'NSE', symbol: prices.of(isin)?.symbol ?? isin, token: `${token}` };
        return [{ action: 'ORDER', account: client.account, order: '', ...share, ...order, cause: `pledge not accepted ${bought}` }];
      },
    ),
  );
}
