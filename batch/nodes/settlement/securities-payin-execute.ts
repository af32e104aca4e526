// SET-PAYIN-EXECUTE, securities: what is blocked goes to the clearing corporation, settlement by settlement and depository by depository; first a last try to block
// what was short the evening before and has come since (an earlier settlement's pay-out on a day on which two settle).
import type { Gate, NodeContext } from '../../runner/index.ts';
import { blockedAccount, freeAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, numberOf, textOf } from '../end-of-day/day-parts.ts';
import { keptList, type ListRow, listOnce } from './securities-files.ts';
import { unitPort } from './securities-instructions.ts';
import { postings, unitsOf } from './securities-opening.ts';
import { type BlockedRow, blockPostings, groupsOf, instructBlocks } from './securities-payin-prep.ts';
import { legOutputs, type SettlementLeg } from './settlement-leg.ts';

const PREP = 'SET-PAYIN-PREP@CM';
const TOP_UP_COLUMNS = ['settlement', 'client', 'bo', 'depository', 'isin', 'block'];

/** The leg. Outputs: units owed, delivered, short. Gates: units delivered by our books and by the depository's. */
export function securitiesPayInExecute(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (context.segment !== 'CM') return {};
      const prepared = legOutputs(context, PREP, 'securities');
      if (textOf(prepared, 'file') === '') return { outputs: { owed: 0, delivered: 0, short: 0 } };
      const plan = keptList(context, 'pay-in-plan', prepared);
      const ledger = unitsOf(context);
      const topUp = listOnce(parts, context, 'pay-in-top-up', () => ({ columns: TOP_UP_COLUMNS, rows: topUpRows(plan, ledger) }));
      const blocks = await instructBlocks(parts, context, topUp.rows);
      const deliveries = deliveriesOf(plan, ledger, blocks);
      const gates = await deliver(parts, context, plan, deliveries);
      const owed = numberOf(prepared, 'owed');
      const delivered = deliveries.reduce((sum, { units }) => sum + units, 0);
      return {
        outputs: { owed, delivered, short: owed - delivered },
        gates,
        note: owed === delivered ? '' : `${owed - delivered} units short of ${owed}`,
        commit: () => {
          ledger.post([...blockPostings(context, blocks), ...postings(`PAY_IN ${context.runId}`, 'PAY_IN', context.date, payInMoves(deliveries))]);
        },
      };
    },
  };
}

interface Delivery {
  readonly settlement: string;
  readonly depository: string;
  readonly client: string;
  readonly isin: string;
  readonly units: number;
}

function topUpRows(plan: readonly ListRow[], ledger: UnitsLedger): ListRow[] {
  const free = new Map<string, number>();
  return plan.flatMap((row) => {
    const { settlement = '', client = '', isin = '', bo = '', depository = '' } = row;
    if (bo === '') return [];
    const missing = Number(row['deliver']) - ledger.units(blockedAccount(client, settlement), isin);
    const left = free.get(`${client} ${isin}`) ?? ledger.units(freeAccount(client), isin);
    const block = Math.min(missing, left);
    if (block <= 0) return [];
    free.set(`${client} ${isin}`, left - block);
    return [{ settlement, client, bo, depository, isin, block: String(block) }];
  });
}

/** What is blocked for each row of the plan once the last try is counted. */
function deliveriesOf(plan: readonly ListRow[], ledger: UnitsLedger, blocks: readonly BlockedRow[]): Delivery[] {
  return plan.flatMap(({ settlement = '', client = '', isin = '', depository = '' }) => {
    const more = blocks.find((row) => row.settlement === settlement && row.client === client && row.isin === isin && row.refusal === '')?.units ?? 0;
    const units = ledger.units(blockedAccount(client, settlement), isin) + more;
    return units === 0 ? [] : [{ settlement, depository, client, isin, units }];
  });
}

/** Has the depositories deliver; a gate each, because they deliver what they have blocked, not what we believe. */
async function deliver(parts: DayParts, context: NodeContext, plan: readonly ListRow[], deliveries: readonly Delivery[]): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const { settlement, depository } of groupsOf(plan)) {
    const own = deliveries.filter((one) => one.settlement === settlement && one.depository === depository);
    if (own.length === 0) continue;
    const request = { kind: 'pay-in', depository, settlement };
    const answer = await context.instruct(unitPort(parts, 'depository'), `securities pay-in ${settlement} ${depository}`, request);
    const left = own.reduce((sum, { units }) => sum + units, 0);
    gates.push({ name: `units delivered in settlement ${settlement} from ${depository}, ours = depository`, left, right: numberOf(answer, 'units') });
  }
  return gates;
}

const payInMoves = (deliveries: readonly Delivery[]): UnitMove[] =>
  deliveries.map(({ settlement, client, isin, units }) => ({
    isin,
    from: blockedAccount(client, settlement),
    to: settlementAccount(settlement),
    units,
  }));
