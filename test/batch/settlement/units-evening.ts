// The nodes of a small house's securities and what comes before them: a graph of settlement's nodes, and bodies that stand in for the end of day's.
import { loadTradeFile } from '../../../batch/files/trade-file.ts';
import type { Graph } from '../../../batch/graph/graph.ts';
import type { SETTLED } from '../../../batch/graph/node-row.ts';
import { fetchBody, fileRole } from '../../../batch/nodes/fetch-file.ts';
import type { NightFiles } from '../../../batch/nodes/night-files.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { OBLIGATION_ROLE, TRADE_ROLE } from '../../../batch/ports/file-names.ts';
import { TradeBook } from '../../../batch/recon/trade-book.ts';
import type { NodeBody, NodeContext, Outcome } from '../../../batch/runner/index.ts';
import { settlementGraph } from './settlement-graph.ts';

const NODES = ['SET-PAYIN-PREP', 'SET-PAYIN-EXECUTE', 'SET-PAYOUT-PREP', 'SET-PAYOUT-RECV'];
const EVENING = ['EOD-TB-CM', 'EOD-OBLIG-FETCH', 'EOD-OBLIG-PROCESS', 'EOD-MTM-EOD', 'EOD-RECON', 'EOD-READY'];
/** Securities' nodes of settlement, and what they wait for, of a house that settles these. */
export const graphOf = (settled: typeof SETTLED): Graph => settlementGraph(EVENING, NODES, settled);

/** What the evening leaves for the securities legs: obligations fetched, trades reconciled as they are. */
export function eveningBodies(parts: { dataDirectory: string; files: NightFiles }): [string, NodeBody][] {
  const obligations = (settled: 'CM' | 'T0'): NodeBody =>
    fetchBody(
      parts,
      fileRole(OBLIGATION_ROLE[settled], async () => ({})),
    );
  const reconciled = async (context: NodeContext, chain: 'CM' | 'T0'): Promise<Outcome> => {
    const role = TRADE_ROLE[chain];
    const taken = (
      await fetchBody(
        parts,
        fileRole(role, async () => ({})),
      )(context)
    ).outputs?.[role] as { readonly file: string };
    const book = new TradeBook();
    await loadTradeFile(taken.file, { segment: 'CM', date: context.date, exchanges: ['NSE'], isSameDay: chain === 'T0' }, book);
    const bytes = book.toBytes();
    const { path, sha256 } = parts.files.keep(`${role}-reconciled`, context.date, { name: `${role}.bin`, bytes, sha256: sha256Of(bytes) });
    return { outputs: { file: path, sha256 } };
  };
  const taken: NodeBody = async (context) => {
    // Where a share's own token at T+0 is found.
    const role = TRADE_ROLE[context.segment === 'T0' ? 'T0' : 'CM'];
    const { outputs = {} } = await fetchBody(
      parts,
      fileRole(role, async () => ({})),
    )(context);
    return { outputs: { files: [outputs[role] ?? {}] } };
  };
  const ofShares =
    (body: (settled: 'CM' | 'T0') => NodeBody): NodeBody =>
    async (context) =>
      context.segment === 'CM' || context.segment === 'T0' ? body(context.segment)(context) : {};
  return [
    ['EOD-TB-CM', ofShares(() => taken)],
    ['EOD-OBLIG-FETCH', ofShares(obligations)],
    ['EOD-OBLIG-PROCESS', async () => ({})],
    ['EOD-MTM-EOD', async () => ({})],
    ['EOD-RECON', ofShares((settled) => (context) => reconciled(context, settled))],
    ['EOD-READY', async () => ({})],
  ];
}
