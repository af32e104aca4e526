// SET-PAYOUT-RECV, securities: units a client has not paid for are named to the clearing corporation, the pay-out comes straight to demat accounts,
// and three sides are laid beside each other: what we expected, what the clearing corporation paid, what the depository credited. The books take what
// the depository holds.
import { PAY_OUT_ROLES } from '../../ports/file-names.ts';
import type { Gate, NodeContext } from '../../runner/index.ts';
import type { ShortageSide } from '../../securities/shortage-store.ts';
import { threeWay, UNIT_BREAKS, type UnitBreak } from '../../securities/three-way.ts';
import { freeAccount, settlementAccount, unpaidAccount } from '../../securities/unit-accounts.ts';
import { UnitBreakStore } from '../../securities/unit-break-store.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, recordOf, refusing, settlesUnits, textOf } from '../end-of-day/day-parts.ts';
import { fetchBody, fileRole } from '../fetch-file.ts';
import { unitsInEngine } from './acting-units.ts';
import { claimsOf, partFunded, pledgeCredited } from './funded-pay-out.ts';
import type { FundedClaims } from './funded-plan.ts';
import { pledgePostings } from './funded-pledges.ts';
import { refusalNote } from './pay-in-plan.ts';
import { type AuctionCredits, auctionCredits } from './securities-auction-credits.ts';
import { arrivalsOf, tellArrivals } from './securities-engine.ts';
import { compareEngine, dematUnits } from './securities-engine-recon.ts';
import { keptList, type ListRow } from './securities-files.ts';
import { unitPort } from './securities-instructions.ts';
import { postings, unitsOf } from './securities-opening.ts';
import { type PaidUnits, type PayOutFile, readCredits, readPayOut, readPoolStatement, readStatement } from './securities-payout-files.ts';
import { overdueGate } from './securities-pool.ts';
import { openPooled, type PartedCredits, partCredits, poolBreaks, pooledMoves } from './securities-pool-credits.ts';
import { nameUnpaid, openUnpaid } from './securities-unpaid.ts';
import { ofSession, runKey } from './session-names.ts';
import { legOutputs, type SettlementLeg } from './settlement-leg.ts';
import { bookShortages, shortagesOf } from './shortage-booking.ts';
import { tellEndedClaims, undeliveredClaims } from './shortage-engine.ts';

const SHOWN_MAX = 5;

/** The leg. Outputs: units expected, credited, unpaid, come into the pool, short, differences. */
export function securitiesPayOutReceive(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (!settlesUnits(context)) return {};
      const isCash = context.segment === 'CM';
      const prepared = legOutputs(context, `SET-PAYIN-PREP@${context.segment}`, 'securities');
      const claims = claimsOf(parts, context, prepared);
      const bought = isCash ? await auctionCredits(parts, context, claims) : NOTHING_BOUGHT;
      const overdue = isCash ? [overdueGate(parts, context, parts.calendar.settlementDay(context.date, 1))] : [];
      if (textOf(prepared, 'file') === '') {
        const outputs = { bought: bought.units, credited: 0, unpaid: 0, pooled: 0, short: 0, differences: 0 };
        return { outputs, gates: [...bought.gates, ...overdue], commit: bought.commit };
      }
      const plan = keptList(context, ofSession(context, 'pay-in-plan'), prepared);
      const expecting = legOutputs(context, `SET-PAYOUT-PREP@${context.segment}`, 'securities');
      const expected = keptList(context, ofSession(context, 'pay-out-plan'), expecting);
      const settlements = [...new Set(plan.map((row) => row['settlement'] ?? ''))].sort();
      // What is bought in T+0 is paid for in full before the order goes out.
      if (isCash) await nameUnpaid(parts, context, expected, claimsOf(parts, context, prepared));
      for (const settlement of settlements)
        await context.instruct(unitPort(parts, 'clearing'), `securities pay-out ${settlement}`, { kind: 'pay-out', settlement });
      const pools = recordOf(expecting['pools'] ?? {}, 'pools') as Readonly<Record<string, string>>;
      return received(parts, context, { plan, expected, settlements, bought, pools, overdue, claims });
    },
  };
}

const NOT_COMPARED = { breaks: [], note: '' } as const;

/** The plan of the date's T+0, where the house offers it. */
function sameDayPlan(context: NodeContext): readonly ListRow[] {
  if (!context.chains.includes('T0')) return [];
  const prepared = legOutputs(context, 'SET-PAYIN-PREP@T0', 'securities');
  return textOf(prepared, 'file') === '' ? [] : keptList(context, ofSession({ segment: 'T0' }, 'pay-in-plan'), prepared);
}

/** T+0 has no auctions. */
const NOTHING_BOUGHT: AuctionCredits = { units: 0, moves: [], gates: [], commit: () => undefined };

interface PayOut {
  readonly plan: readonly ListRow[];
  readonly expected: readonly ListRow[];
  readonly settlements: readonly string[];
  readonly bought: AuctionCredits;
  /** The member's pool accounts by depository. */
  readonly pools: Readonly<Record<string, string>>;
  readonly overdue: readonly Gate[];
  /** What is to come to funded lots. */
  readonly claims: FundedClaims;
}

/** Files of a pay-out, read. */
interface Seen {
  readonly paidOut: PayOutFile;
  readonly credits: PartedCredits;
  readonly statement: ReadonlyMap<string, number>;
  /** Units in the pools by `settlement ISIN`. */
  readonly pooled: ReadonlyMap<string, number>;
}

async function received(parts: DayParts, context: NodeContext, payOut: PayOut): ReturnType<SettlementLeg['run']> {
  const seen = await takeIn(parts, context, payOut);
  const { direct, pooled } = seen.credits;
  const ledger = unitsOf(context);
  const moves = [...creditMoves(direct), ...pooledMoves(pooled)];
  const found = new Map(payOut.settlements.map((settlement) => [settlement, breaksOf(settlement, payOut.expected, seen)]));
  const holding = holdingBreaks(ledger, [...moves, ...payOut.bought.moves], seen.statement);
  const inPool = poolBreaks(ledger, [...moves, ...payOut.bought.moves], seen.pooled);
  const shortages = await shortagesOf(parts, context, payOut.plan, seen.paidOut);
  const books = { ledger, moves: [...moves, ...payOut.bought.moves], short: shortages.list };
  // T+0's clients and shares are compared with the cash segment's, once the engine's day is closed.
  const engine = context.segment === 'T0' ? NOT_COMPARED : await compareEngine(parts, context, [...payOut.plan, ...sameDayPlan(context)], books);
  const differences = [...found.values(), ...inPool.values()].flat().concat(holding, engine.breaks);
  // By keys, and before the commit: a crash in between sends them again under the same keys.
  const inEngine = await unitsInEngine(parts, context.date);
  const credited = partFunded(context, direct, payOut.claims);
  const arrived = arrivalsOf(payOut.plan, credited).map((one) => ({ ...one, units: inEngine(one.token, one.units) }));
  await tellArrivals(parts.dataDirectory, arrived);
  const pledged = await pledgeCredited(parts, context, credited);
  const ended = undeliveredClaims(shortages.list, ledger, payOut.claims.unreleased);
  await tellEndedClaims(
    parts.dataDirectory,
    ended.map((one) => ({ ...one, short: inEngine(one.token, one.short), returned: inEngine(one.token, one.returned) })),
  );
  return {
    outputs: {
      bought: payOut.bought.units,
      expected: payOut.expected.reduce((sum, row) => sum + Number(row['units']), 0),
      credited: creditsOf(seen).reduce((sum, { units }) => sum + units, 0),
      unpaid: direct.reduce((sum, { unpaid }) => sum + unpaid, 0),
      pooled: pooled.reduce((sum, { units }) => sum + units, 0),
      ...(pledged.length === 0 ? {} : { funded: pledged.reduce((sum, { units, refusal }) => (refusal === '' ? sum + units : sum), 0) }),
      short: shortages.units,
      differences: differences.length,
    },
    gates: [
      ...payOut.settlements.flatMap((settlement) => gatesOf(settlement, payOut.expected, seen)),
      ...payOut.bought.gates,
      ...shortages.gates,
      unitsGate('units by client and ISIN that differ from the depository', holding),
      unitsGate('units by settlement and ISIN in the pool that differ from the depository', [...inPool.values()].flat()),
      unitsGate('units by client and ISIN that differ from the risk engine', engine.breaks),
      ...payOut.overdue,
    ],
    note: [breakNote(differences), shortages.note, engine.note, refusalNote('pledge not set up', pledged)].filter((text) => text !== '').join('; '),
    commit: () => {
      payOut.bought.commit();
      ledger.post([...postings(runKey(context, 'PAY_OUT'), 'PAY_OUT', context.date, moves), ...pledgePostings(context, 'pay-out', pledged)]);
      openUnpaid(parts, context, payOut.plan, direct);
      openPooled(parts, context, payOut.plan, pooled);
      bookShortages(context, shortages);
      const store = new UnitBreakStore(context.root);
      for (const [settlement, breaks] of found) store.replace(context.date, settlement, breaks, context.now());
      for (const [settlement, breaks] of inPool) store.replace(context.date, `pool ${settlement}`, breaks, context.now());
      store.replace(context.date, ofSession(context, 'holdings'), [...holding, ...engine.breaks], context.now());
    },
  };
}

/** Every credit with the client it is for, as far as anybody knows. */
const creditsOf = ({ credits: { direct, pooled, nobodys } }: Seen): readonly PaidUnits[] => [...direct, ...pooled, ...nobodys];

async function takeIn(parts: DayParts, context: NodeContext, { settlements, pools }: PayOut): Promise<Seen> {
  const expected = new Set(settlements);
  const { payOut, credits: credited, units, pool } = PAY_OUT_ROLES[context.segment === 'T0' ? 'T0' : 'CM'];
  const roles = [
    fileRole(payOut, async (file) => ({ rows: (await readPayOut(file, expected)).paid.length })),
    fileRole(credited, async (file) => ({ rows: (await readCredits(file, expected)).length })),
    fileRole(units, async (file) => ({ rows: (await readStatement(file)).size })),
    fileRole(pool, async (file) => ({ rows: (await readPoolStatement(file)).size })),
  ];
  const { outputs = {} } = await fetchBody(parts, ...roles)(context);
  const taken = (role: string): string => textOf(recordOf(outputs[role], role), 'file');
  return refusing(async () => {
    const paidOut = await readPayOut(taken(payOut), expected);
    const credits = partCredits(paidOut.paid, await readCredits(taken(credited), expected), pools);
    return { paidOut, credits, statement: await readStatement(taken(units)), pooled: await readPoolStatement(taken(pool)) };
  });
}

/** What the depository credited, as moves: free units, and those pledged as unpaid. */
function creditMoves(credits: readonly PaidUnits[]): UnitMove[] {
  return credits.flatMap(({ settlement, client, isin, units, unpaid }) => {
    const from = settlementAccount(settlement);
    return [
      ...(units > unpaid ? [{ isin, from, to: freeAccount(client), units: units - unpaid }] : []),
      ...(unpaid > 0 ? [{ isin, from, to: unpaidAccount(client, settlement), units: unpaid }] : []),
    ];
  });
}

const expectedUnits = (row: ListRow): { client: string; isin: string; units: number; bo: string } => ({
  client: row['client'] ?? '',
  isin: row['isin'] ?? '',
  units: Number(row['units']),
  bo: row['bo'] ?? '',
});

function breaksOf(settlement: string, expected: readonly ListRow[], seen: Seen): UnitBreak[] {
  const { paidOut } = seen;
  const of = <Row extends { readonly settlement: string }>(rows: readonly Row[]): Row[] => rows.filter((row) => row.settlement === settlement);
  // What came into the pool is no difference: it rests there with a reason, and an owner of its own.
  const pooled = new Set(of(seen.credits.pooled).map(({ client, isin }) => `${client} ${isin}`));
  const wanted = expected
    .filter((row) => row['settlement'] === settlement)
    .map(expectedUnits)
    .map((one) => (pooled.has(`${one.client} ${one.isin}`) ? { ...one, bo: '' } : one));
  const short = of(paidOut.short).filter(({ side }) => side === 'buyer');
  return threeWay(wanted, of(paidOut.paid), of(creditsOf(seen)), short);
}

function gatesOf(settlement: string, expected: readonly ListRow[], seen: Seen): Gate[] {
  const { paidOut } = seen;
  const sum = (rows: readonly { readonly settlement: string; readonly units: number }[]): number =>
    rows.reduce((total, row) => (row.settlement === settlement ? total + row.units : total), 0);
  const wanted = expected.reduce((total, row) => (row['settlement'] === settlement ? total + Number(row['units']) : total), 0);
  const isBuyer = ({ side }: { readonly side: ShortageSide }): boolean => side === 'buyer';
  return [
    {
      name: `units of pay-out ${settlement}, expected = paid out and short`,
      left: wanted,
      right: sum(paidOut.paid) + sum(paidOut.short.filter(isBuyer)),
    },
    { name: `units of pay-out ${settlement}, clearing = depository`, left: sum(paidOut.paid), right: sum(creditsOf(seen)) },
  ];
}

/** Every client's units by our books, once the pay-out is in them, against the depository's statement. */
function holdingBreaks(ledger: UnitsLedger, moves: readonly UnitMove[], statement: ReadonlyMap<string, number>): UnitBreak[] {
  const ours = dematUnits({ ledger, moves });
  const keys = [...new Set([...ours.keys(), ...statement.keys()])].sort();
  return keys.flatMap((key) => {
    const [expected, credited] = [ours.get(key) ?? 0, statement.get(key) ?? 0];
    if (expected === credited) return [];
    const [client = '', isin = ''] = key.split(' ');
    return [{ class: 'holding' as const, owner: UNIT_BREAKS.holding.owner, client, isin, expected, allocated: 0, credited }];
  });
}

const unitsGate = (name: string, breaks: readonly UnitBreak[]): Gate => ({
  name,
  left: breaks.reduce((sum, { expected, credited }) => sum + Math.abs(expected - credited), 0),
  right: 0,
});

function breakNote(breaks: readonly UnitBreak[]): string {
  const shown = breaks.slice(0, SHOWN_MAX).map(({ class: kind, client, isin, owner }) => `${kind} ${client} ${isin} (${owner})`);
  return breaks.length === 0 ? '' : `${breaks.length} differences, first: ${shown.join('; ')}`;
}
