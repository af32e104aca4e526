// SET-PAYIN-EXECUTE, securities: what is blocked, or lies in the pool for it, goes to the clearing corporation, settlement by settlement and depository by
// depository; first a last try for what was short the evening before and has come since (an earlier settlement's pay-out on a day on which two settle).
import type { Gate, NodeContext } from '../../runner/index.ts';
import { PoolStore } from '../../securities/pool-units.ts';
import { blockedAccount, freeAccount, poolAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, numberOf, settlesUnits, textOf } from '../end-of-day/day-parts.ts';
import { type BlockedRow, blockPostings, instructBlocks, readyUnits } from './pay-in-plan.ts';
import { type Departure, tellDepartures } from './securities-engine.ts';
import { keptList, type ListRow, listOnce } from './securities-files.ts';
import { unitPort } from './securities-instructions.ts';
import { postings, unitsOf } from './securities-opening.ts';
import { moveSoldPool, type UnitsToDeliver } from './securities-pool.ts';
import { ofSession, runKey } from './session-names.ts';
import { legOutputs, type SettlementLeg } from './settlement-leg.ts';

const TOP_UP_COLUMNS = ['settlement', 'client', 'bo', 'depository', 'isin', 'block'];

/** The leg. Outputs: units owed, delivered, short. Gates: units delivered by our books and by the depository's. */
export function securitiesPayInExecute(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (!settlesUnits(context)) return {};
      const prepared = legOutputs(context, `SET-PAYIN-PREP@${context.segment}`, 'securities');
      if (textOf(prepared, 'file') === '') return { outputs: { owed: 0, delivered: 0, short: 0 } };
      const plan = keptList(context, ofSession(context, 'pay-in-plan'), prepared);
      const ledger = unitsOf(context);
      if (context.segment === 'CM') await moveSoldPool(parts, context, 'pool-sold-late', plan.map(toDeliver));
      const topUp = listOnce(parts, context, ofSession(context, 'pay-in-top-up'), () => ({ columns: TOP_UP_COLUMNS, rows: topUpRows(plan, ledger) }));
      const blocks = await instructBlocks(parts, context, topUp.rows);
      const deliveries = [...deliveriesOf(plan, ledger, blocks), ...pooledDeliveries(context, plan)];
      const gates = await deliver(parts, context, deliveries);
      // By keys, and before the commit, as pay-outs tell theirs. What T+1 takes the engine gave up when the day of the sale was closed.
      if (context.segment === 'T0') await tellDepartures(parts.dataDirectory, departuresOf(plan, deliveries));
      const owed = numberOf(prepared, 'owed');
      const delivered = deliveries.reduce((sum, { units }) => sum + units, 0);
      return {
        outputs: { owed, delivered, short: owed - delivered },
        gates,
        note: owed === delivered ? '' : `${owed - delivered} units short of ${owed}`,
        commit: () => {
          ledger.post([...blockPostings(context, blocks), ...postings(runKey(context, 'PAY_IN'), 'PAY_IN', context.date, payInMoves(deliveries))]);
          emptyPool(context, deliveries);
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
  /** Where they lie until then. */
  readonly from: string;
}

const toDeliver = ({ settlement = '', client = '', isin = '', deliver = '0' }: ListRow): UnitsToDeliver => ({
  ...{ settlement, client, isin },
  deliver: Number(deliver),
});

function topUpRows(plan: readonly ListRow[], ledger: UnitsLedger): ListRow[] {
  const free = new Map<string, number>();
  return plan.flatMap((row) => {
    const { settlement = '', client = '', isin = '', bo = '', depository = '' } = row;
    if (bo === '') return [];
    const missing = Number(row['deliver']) - readyUnits(ledger, settlement, client, isin);
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
    const from = blockedAccount(client, settlement);
    const units = ledger.units(from, isin) + more;
    return units === 0 ? [] : [{ settlement, depository, client, isin, units, from }];
  });
}

/** What lies in the pool for the plan's settlements. */
function pooledDeliveries(context: NodeContext, plan: readonly ListRow[]): Delivery[] {
  const owed = new Set(plan.flatMap(({ settlement, client, isin, deliver }) => (deliver === '0' ? [] : [`${settlement} ${client} ${isin}`])));
  return new PoolStore(context.root)
    .open()
    .filter(({ settlement, client, isin }) => owed.has(`${settlement} ${client} ${isin}`))
    .map(({ settlement, depository, client, isin, units }) => ({
      settlement,
      depository,
      client,
      isin,
      units,
      from: poolAccount(client, settlement),
    }));
}

/** What was delivered out of the pool rests there no longer. */
function emptyPool(context: NodeContext, deliveries: readonly Delivery[]): void {
  const store = new PoolStore(context.root);
  for (const { settlement, client, isin, from } of deliveries) {
    const known = store.get(settlement, client, isin);
    if (known !== undefined && from === poolAccount(client, settlement)) store.put({ ...known, units: 0 });
  }
}

/** Has the depositories deliver; a gate each, because they deliver what they have blocked, not what we believe. */
async function deliver(parts: DayParts, context: NodeContext, deliveries: readonly Delivery[]): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const group of new Set(deliveries.map(({ settlement, depository }) => `${settlement} ${depository}`))) {
    const [settlement = '', depository = ''] = group.split(' ');
    const own = deliveries.filter((one) => one.settlement === settlement && one.depository === depository);
    const request = { kind: 'pay-in', depository, settlement };
    const answer = await context.instruct(unitPort(parts, 'depository'), `securities pay-in ${settlement} ${depository}`, request);
    const left = own.reduce((sum, { units }) => sum + units, 0);
    gates.push({ name: `units delivered in settlement ${settlement} from ${depository}, ours = depository`, left, right: numberOf(answer, 'units') });
  }
  return gates;
}

function departuresOf(plan: readonly ListRow[], deliveries: readonly Delivery[]): Departure[] {
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  return deliveries.map(({ settlement, client, isin, units }) => ({ settlement, client, isin, units, token: tokens.get(isin) ?? 0 }));
}

const payInMoves = (deliveries: readonly Delivery[]): UnitMove[] =>
  deliveries.map(({ settlement, isin, units, from }) => ({ isin, from, to: settlementAccount(settlement), units }));
