// The day's register of margin trading funding (MTF): every client's lots as the engine's close left them, with what they cost, what of it is lent,
// how much is pledged to the house's account and what it is worth. It is what the exchange is told of a member's funding client by client and share
// by share; the layout of that upload is not public.
import { type ParameterTable, paise, paiseText } from '../../../engine/index.ts';
import type { NodeContext } from '../../runner/index.ts';
import { type EngineClient, type EngineLot, readEngine } from '../engine/engine-state.ts';
import { exchangeOf } from '../engine/exchange-segments.ts';
import { tableInForce } from '../engine/table-in-force.ts';
import { type DayParts, dayNumber } from './day-parts.ts';

/** Rows of the register, and paise lent in all; undefined once the engine has gone on from the date, or before its close. */
export interface FundedRegister {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly lent: number;
}

/** See the file's head. */
export async function fundedRegister({ dataDirectory }: DayParts, { date }: Pick<NodeContext, 'date'>): Promise<FundedRegister | undefined> {
  const engine = await readEngine(dataDirectory);
  const { slots, clients } = engine;
  if (slots.length === 0 || slots.some(({ businessDate, isOpen }) => isOpen || businessDate !== dayNumber(date))) return undefined;
  const funded = [...clients.values()].filter(({ lots = [] }) => lots.length > 0).sort((a, b) => (a.account < b.account ? -1 : 1));
  const table = tableInForce(dataDirectory, engine);
  const rows = funded.flatMap((client) => (client.lots ?? []).map((lot) => ({ date, client: client.account, ...cellsOf(client, lot, table) })));
  return { rows, lent: funded.reduce((sum, { lent = 0 }) => sum + lent, 0) };
}

const TICKS_PER_PAISA = 100;

function cellsOf({ positions }: EngineClient, lot: EngineLot, table: ParameterTable | undefined): Readonly<Record<string, string>> {
  const { segment, token, boughtOn, units, pledged, cost, funded } = lot;
  const { mark = 0 } = positions.find((each) => each.isFunded === true && each.segment === segment && each.token === token) ?? {};
  const instrument = table?.find(segment, token) ?? -1;
  const rupees = (amount: number): string => paiseText(paise(amount));
  return {
    ...{ exchange: exchangeOf(segment), token: `${token}`, symbol: table === undefined || instrument < 0 ? '' : table.instrumentName(instrument) },
    ...{ bought: `${boughtOn}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'), units: `${units}`, pledged: `${pledged}` },
    ...{ cost: rupees(cost), lent: rupees(funded), value: rupees(Math.floor((units * mark) / TICKS_PER_PAISA)) },
  };
}
