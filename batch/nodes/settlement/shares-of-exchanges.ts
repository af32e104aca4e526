// Shares of the other exchange under the clearing corporation's tokens (those of NSE): the ISIN in the exchange's trade file of the day tells which is which.
import { ExchangeSegment } from '../../../engine/index.ts';
import { readCsvFile } from '../../files/csv-file.ts';
import type { Chain } from '../../graph/node-row.ts';
import type { NodeContext } from '../../runner/index.ts';
import { recordOf, refusing, textOf } from '../end-of-day/day-parts.ts';
import { tradeFileNode } from '../end-of-day/reconcile.ts';
import type { EngineClient, EngineState } from '../engine/engine-state.ts';
import { sharesAtHome } from '../engine/home-shares.ts';

/** Token at the clearing corporation by a chain's own; `byIsin` has those it names. A share it does not name keeps its own. Rejects with PermanentFault. */
export async function tokensOf(context: NodeContext, chain: Chain, byIsin: ReadonlyMap<string, number>): Promise<(token: number) => number> {
  if (chain === 'CM') return (token) => token;
  const files = context.outputsOf(tradeFileNode(chain))['files'];
  const known = new Map<number, number>();
  for (const file of Array.isArray(files) ? files : []) {
    const path = textOf(recordOf(file, 'trade file'), 'file');
    await refusing(() =>
      readCsvFile(path, ['FinInstrmId', 'ISIN'], (row) => {
        const token = Number(row.text('FinInstrmId'));
        known.set(token, byIsin.get(row.text('ISIN')) ?? token);
      }),
    );
  }
  return (token) => known.get(token) ?? token;
}

/**
 * The engine's clients with their units under the clearing corporation's tokens: after its day is closed, and until the next morning, what was traded
 * at BSE stands under BSE's.
 */
export async function clientsAtHome(
  context: NodeContext,
  { clients }: Pick<EngineState, 'clients'>,
  byIsin: ReadonlyMap<string, number>,
): Promise<Pick<EngineState, 'clients'>> {
  if (!context.chains.includes('BSE')) return { clients };
  const ofBse = await tokensOf(context, 'BSE', byIsin);
  const homeToken = ({ segment, token }: { readonly segment: number; readonly token: number }): number =>
    segment === ExchangeSegment.BSE ? ofBse(token) : token;
  const home = (client: EngineClient): EngineClient => {
    const { holdings } = sharesAtHome(client, homeToken, ({ segment }) => segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE);
    return { ...client, holdings: holdings.map((held) => ({ ...held, segment: ExchangeSegment.NSE, token: homeToken(held) })) };
  };
  return { clients: new Map([...clients].map(([account, client]) => [account, home(client)])) };
}
