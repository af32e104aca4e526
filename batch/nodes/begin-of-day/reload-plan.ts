// What the reload will tell the engine, and what must then be true: worked out once from the morning's files, the broker's clients and the engine's state, and
// written down before the first command is sent. Pure; the sums on both sides of each gate come from different books.
import { ExchangeSegment, type HaircutBody, type ParameterTable, slotOf } from '../../../engine/index.ts';
import { haircutParts } from '../../../workers/reference/index.ts';
import { PermanentFault } from '../../runner/index.ts';
import { type PlannedCommand, planned } from '../engine/engine-inbox.ts';
import type { EnginePledge, EngineState, HeldUnits } from '../engine/engine-state.ts';
import { type CoveredShort, sharesAtHome } from '../engine/home-shares.ts';
import { cashCommands } from './booked-cash.ts';
import type { ClearedPosition, DepositoryUnits } from './carried-checks.ts';
import type { MasterClient } from './client-master.ts';
import { actionCommands, adjustedContracts, become, type ContractUnits, heldAfter, sharesOf, type UnitRatio } from './corporate-actions.ts';
import { pledgeCommands } from './pledge-commands.ts';
import { type FundedEvenings, lotCommands, lotUnits, withoutLots } from './reload-funded.ts';

/** What a plan is made of. */
export interface ReloadInputs {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly parametersHash: string;
  readonly table: ParameterTable;
  readonly clients: ReadonlyMap<string, MasterClient>;
  readonly engine: EngineState;
  readonly depository: readonly DepositoryUnits[];
  /** The clearing corporation's list of what counts as collateral. */
  readonly approved: readonly HaircutBody[];
  readonly actions: readonly UnitRatio[];
  /** Units the depository lists as free and that are owed in a settlement not yet paid in, by `account token` of NSE; absent: none. */
  readonly promised?: ReadonlyMap<string, number>;
  /** Of funded lots (MTF) whose settlement is still to come; absent: there are none. */
  readonly evenings?: FundedEvenings;
  readonly transmissions: readonly string[];
  readonly cleared: readonly ClearedPosition[];
  /** Exchange segments it sends them of. */
  readonly clearedSegments: readonly number[];
  /** Token of a share at NSE, of one that BSE's trades brought; a token of its own where NSE does not list it. */
  readonly homeToken: (share: Pick<HeldUnits, 'segment' | 'token'>) => number;
  /** Name of a contract by its token, as readPositions names them. */
  readonly contractOf: (contract: Pick<HeldUnits, 'segment' | 'token'>) => string;
  /** Settlement price of a contract on the trading day before, ticks; undefined where its file names none. What is carried in is carried at it. */
  readonly settledAt: (contract: Pick<HeldUnits, 'segment' | 'token'>) => number | undefined;
  /** Units bought and not yet delivered, by the clearing corporation, and those pledged as unpaid. */
  readonly obligationUnits: number;
  /** Clients' money by the closed books, paise; undefined when there are none. */
  readonly booked?: ReadonlyMap<string, number> | undefined;
}

/** Two sums that must be equal. */
export interface PlanGate {
  readonly name: string;
  readonly left: number;
  readonly right: number;
}

/** See the file's head. `expected` is what the engine's state must show afterwards. */
export interface ReloadPlan {
  readonly commands: readonly PlannedCommand[];
  readonly gates: readonly PlanGate[];
  readonly expected: Expected;
  readonly summary: { readonly opened: number; readonly holdingsChanged: number; readonly collateralChanged: number; readonly frozen: number };
}

/** Sums over all clients: paise, units. */
export interface Expected {
  readonly parametersHash: string;
  readonly clients: number;
  /** Rows of the list of approved securities, and its date. */
  readonly approved: { readonly rows: number; readonly date: number };
  /** Of clients whose collateral is kept as figures. */
  readonly nonCash: number;
  /** Pledged units of clients whose collateral is in pieces, by the depository. */
  readonly pledged: number;
  readonly units: number;
  /** Money of clients that are in the books; undefined when these were not asked. */
  readonly cash: { readonly accounts: readonly string[]; readonly sum: number } | undefined;
  /** Contracts adjusted by the day's corporate actions. */
  readonly contracts: readonly ContractUnits[];
}

interface Books {
  readonly covered: readonly (CoveredShort & { readonly account: string })[];
  readonly before: ReadonlyMap<string, HeldUnits>;
  readonly after: ReadonlyMap<string, HeldUnits>;
  readonly funded: FundedSums;
}

/** Units of funded lots: in the engine, found at depository and clearing corporation, on their way; and units that no settlement brings. */
interface FundedSums {
  readonly lots: number;
  readonly found: number;
  readonly coming: number;
  readonly netted: number;
}

/** Makes the plan. Throws PermanentFault when the engine has another day open, or a file names accounts that are not ours. */
export function reloadPlan(inputs: ReloadInputs): ReloadPlan {
  refuseOtherDay(inputs);
  refuseUnknown(inputs);
  const books = booksOf(inputs);
  const accounts = accountCommands(inputs);
  const holdings = [...coveredCommands(inputs, books), ...holdingCommands(inputs, books)];
  const { commands: collateral, nonCash } = collateralCommands(inputs, books);
  const frozen = freezing(inputs);
  const { date, engine, booked } = inputs;
  const money = booked === undefined ? undefined : cashCommands(date, engine, booked);
  return {
    // Money after collateral, whose command names the engine's own figure.
    commands: [
      ...accounts,
      ...actionCommands(date, inputs.actions),
      ...holdings,
      // Before the pieces they value.
      ...haircutCommands(inputs),
      ...collateral,
      ...(money?.commands ?? []),
      ...frozen,
      ...loading(inputs),
    ],
    gates: gatesOf(inputs, books),
    expected: {
      parametersHash: inputs.parametersHash,
      clients: allAccounts(inputs).length,
      approved: { rows: inputs.approved.length, date: Number(date.replaceAll('-', '')) },
      nonCash,
      pledged: pledgedInPieces(inputs),
      cash: money === undefined ? undefined : { accounts: [...engine.clients.keys()].filter((account) => booked?.has(account)), sum: money.cash },
      units: unitsOf([...books.after.values()]),
      contracts: adjustedContracts(inputs.actions, carriedPositions(inputs)),
    },
    summary: {
      opened: allAccounts(inputs).length - inputs.engine.clients.size,
      holdingsChanged: holdings.length,
      collateralChanged: collateral.length,
      frozen: frozen.length,
    },
  };
}

/** Every unit of some rows. */
export const unitsOf = (rows: readonly HeldUnits[]): number => rows.reduce((sum, { free, pledged, t1 }) => sum + free + pledged + t1, 0);

const keyOf = (account: string, { segment, token }: Pick<HeldUnits, 'segment' | 'token'>): string => `${account} ${segment} ${token}`;
const allAccounts = ({ clients, engine }: ReloadInputs): string[] => [...new Set([...engine.clients.keys(), ...clients.keys()])].sort();

function refuseUnknown({ clients, engine, depository, cleared, transmissions }: ReloadInputs): void {
  const known = (account: string): boolean => clients.has(account) || engine.clients.has(account);
  for (const [who, accounts] of [
    ['depository', depository.map(({ account }) => account)],
    ['clearing corporation', cleared.map(({ account }) => account)],
    ['depository (transmissions)', transmissions],
  ] as const) {
    const stranger = accounts.find((account) => !known(account));
    if (stranger !== undefined) throw new PermanentFault(`${who}: names account ${stranger}, which is neither in clients.jsonl nor in the engine`);
  }
}

/**
 * Units before: the engine's, or the master's of clients it has not met. After: the depository's less what is sold and only not blocked yet and what
 * funded lots account for, nothing where it names nothing; it knows no exchange, and its units stand under NSE's tokens.
 */
function booksOf(inputs: ReloadInputs): Books {
  const { clients, engine, depository, promised, actions, homeToken } = inputs;
  const before = new Map<string, HeldUnits>();
  const covered: (CoveredShort & { readonly account: string })[] = [];
  for (const [account, client] of engine.clients) {
    const own = sharesAtHome(client, homeToken, ({ segment }) => segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE);
    for (const held of own.holdings) before.set(keyOf(account, held), held);
    covered.push(...own.covered.map((short) => ({ account, ...short })));
  }
  for (const [account, { holdings }] of clients)
    if (!engine.clients.has(account)) for (const held of holdings) before.set(keyOf(account, held), held);
  const after = new Map<string, HeldUnits>();
  const lots = lotUnits(inputs);
  const funded = { lots: [...lots.values()].reduce((sum, units) => sum + units, 0), found: 0, coming: 0, netted: 0 };
  for (const row of depository) {
    const { account, token, pledged } = row;
    const { free, t1, gone, ...part } = withoutLots(row, lots.get(`${account} ${token}`) ?? 0, inputs);
    for (const sum of ['found', 'coming', 'netted'] as const) funded[sum] += part[sum];
    const action = sharesOf(actions).find((one) => one.token === token);
    const sold = promised?.get(`${account} ${token}`) ?? 0;
    // The list has the day's corporate actions in it, what was sold before them has not.
    const owed = Math.min(free, action === undefined ? sold : become(sold, action));
    // What was sold before it came and is blocked out of other units gives as many back when it comes.
    const back = gone - Math.min(gone, Math.max(0, sold - owed));
    const held = { segment: ExchangeSegment.NSE, token, free: free - owed + back, pledged, t1 };
    after.set(keyOf(account, held), held);
  }
  return { covered, before, after, funded };
}

/** The reload is for the day that follows: nothing of another may be open. */
function refuseOtherDay({ date, engine }: ReloadInputs): void {
  const businessDate = Number(date.replaceAll('-', ''));
  const other = engine.slots.find((slot) => slot.isOpen && slot.businessDate !== businessDate);
  if (other !== undefined)
    throw new PermanentFault(`the engine still has ${other.businessDate} open (slot ${other.slot}): its end of day has to close it first`);
  const later = engine.slots.find((slot) => !slot.isOpen && slot.businessDate >= businessDate);
  if (later !== undefined) throw new PermanentFault(`the engine has closed ${later.businessDate} already: ${date} cannot be opened`);
}

/** Last, because a table reaches slots one by one: a later command of this inbox that overtook it would make it look like a repetition. */
function loading({ date, parametersHash }: ReloadInputs): PlannedCommand[] {
  const label = `begin of day ${date}`;
  return [
    planned(date, 'parameters', { kind: 'LoadParameters', slot: 'all', body: { tableHash: parametersHash, label } }),
    // Margin as the day begins; taken in every slot, it also waits for the table to have reached them all.
    planned(date, `snapshot/${parametersHash.slice(0, 16)}`, { kind: 'TakeMarginSnapshot', slot: 'all', body: { label } }),
  ];
}

function accountCommands(inputs: ReloadInputs): PlannedCommand[] {
  const { date, clients, engine } = inputs;
  const commands: PlannedCommand[] = [];
  for (const [account, client] of clients) {
    if (engine.clients.has(account)) continue;
    const slot = slotOf(client.riskGroup);
    const { riskGroup, status, kind, segments, limits, positions } = client;
    const add = (command: 'OpenAccount' | 'SetLimit' | 'ImportPosition', body: object): void => {
      commands.push(planned(date, `${command}/${account}`, { kind: command, slot, body: { account, ...body } }));
    };
    add('OpenAccount', { riskGroup, status, kind, segments });
    add('SetLimit', limits);
    for (const position of positions) {
      const settled = inputs.clearedSegments.includes(position.segment) ? inputs.settledAt(position) : undefined;
      add('ImportPosition', { ...position, price: settled ?? position.price });
    }
    commands.push(...lotCommands(date, account, slot, client));
  }
  return commands;
}

function slotOfAccount({ clients, engine }: ReloadInputs, account: string): number {
  const known = engine.clients.get(account)?.slot;
  return known ?? slotOf(clients.get(account)?.riskGroup ?? account);
}

/** Sales at one exchange that are delivered out of what stands under the other: no longer short. */
function coveredCommands(inputs: ReloadInputs, { covered }: Books): PlannedCommand[] {
  return covered.map(({ account, segment, token, product, left }) =>
    planned(inputs.date, `covered/${account}/${segment}-${token}`, {
      kind: 'ImportPosition',
      slot: slotOfAccount(inputs, account),
      body: { account, segment, token, product, quantity: left, price: 0 },
    }),
  );
}

function holdingCommands(inputs: ReloadInputs, { before, after }: Books): PlannedCommand[] {
  const commands: PlannedCommand[] = [];
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [account = '', segment = '', token = ''] = key.split(' ');
    const known = inputs.engine.clients.get(account)?.holdings.find((held) => keyOf(account, held) === key);
    const [was, is] = [known === undefined ? undefined : heldAfter(inputs.actions, known), after.get(key)];
    const wanted = is ?? { segment: Number(segment), token: Number(token), free: 0, pledged: 0, t1: 0 };
    if (unitsOf([wanted]) === 0 && was === undefined) continue;
    if (was !== undefined && was.free === wanted.free && was.pledged === wanted.pledged && was.t1 === wanted.t1) continue;
    const slot = slotOfAccount(inputs, account);
    commands.push(planned(inputs.date, `holdings/${account}/${segment}-${token}`, { kind: 'SetHoldings', slot, body: { account, ...wanted } }));
  }
  return commands;
}

/** The list replaces the one before; collateral is valued by it with its last part. */
function haircutCommands({ date, approved }: ReloadInputs): PlannedCommand[] {
  if (approved.length === 0) return [];
  const parts = haircutParts({ date: Number(date.replaceAll('-', '')), rows: approved });
  return parts.map((body, part) => planned(date, `approved/${part}`, { kind: 'SetHaircuts', slot: 'all', body }));
}

const RATE_WHOLE = 10_000;
const TICKS_PER_PAISA = 100;

/** Units the depository has pledged of clients whose collateral is in pieces. */
function pledgedInPieces(inputs: ReloadInputs): number {
  return inputs.depository.reduce((sum, { account, pledged }) => sum + (pledgesOf(inputs, account) === undefined ? 0 : pledged), 0);
}

/** Pledged shares the engine has of a client, or will have once a client it meets today is opened; undefined where collateral is kept as figures. */
function pledgesOf({ engine, clients }: ReloadInputs, account: string): readonly EnginePledge[] | undefined {
  const known = engine.clients.get(account);
  if (known !== undefined) return known.pledges;
  const pieces = clients.get(account)?.pieces ?? [];
  if (pieces.length === 0) return undefined;
  const shares = pieces.filter(({ kind }) => kind === 'EQUITY');
  return shares.map(({ key = '', segment = 0, quantity }) => ({ isin: key, segment, units: quantity }));
}

/** Pledged units of a client by ISIN, as the depository has them. */
function pledgedBy({ depository }: ReloadInputs, account: string): Map<string, number> {
  const units = new Map<string, number>();
  for (const row of depository) if (row.account === account && row.pledged > 0) units.set(row.isin, (units.get(row.isin) ?? 0) + row.pledged);
  return units;
}

/**
 * Clients whose collateral is in pieces get what is new at the depository; the others the worth of pledged units at the last close, adjusted for the
 * day's corporate actions, after the haircut of the cash margin rate; rounded down.
 */
function collateralCommands(inputs: ReloadInputs, { after }: Books): { commands: PlannedCommand[]; nonCash: number } {
  const { date, table, engine, clients, actions } = inputs;
  const ratios = new Map(sharesOf(actions).map(({ token, numerator, denominator }) => [token, denominator / numerator]));
  const pledgedValue = new Map<string, number>();
  for (const [key, { segment, token, pledged }] of after) {
    const row = table.find(segment, token);
    if (pledged === 0 || row < 0) continue;
    const close = Math.floor((table.previousClose[row] ?? 0) * (ratios.get(token) ?? 1));
    const worth = Math.max(0, RATE_WHOLE - (table.cashRate[row] ?? RATE_WHOLE));
    const paise = Math.floor((pledged * close * worth) / (RATE_WHOLE * TICKS_PER_PAISA));
    const [account = ''] = key.split(' ');
    pledgedValue.set(account, (pledgedValue.get(account) ?? 0) + paise);
  }
  const commands: PlannedCommand[] = [];
  let total = 0;
  for (const account of allAccounts(inputs)) {
    const known = engine.clients.get(account);
    const slot = slotOfAccount(inputs, account);
    const pledges = pledgesOf(inputs, account);
    if (pledges !== undefined) {
      if (known === undefined) commands.push(openingCollateral(inputs, account));
      commands.push(...pledgeCommands(date, { account, slot, pledges, depository: pledgedBy(inputs, account) }));
      continue;
    }
    const { cash, cashEquivalent } = known ?? clients.get(account) ?? { cash: 0, cashEquivalent: 0 };
    const nonCash = pledgedValue.get(account) ?? 0;
    total += nonCash;
    if (known !== undefined && known.nonCash === nonCash) continue;
    const body = { account, cash, cashEquivalent, nonCash };
    commands.push(planned(date, `collateral/${account}`, { kind: 'SetCollateral', slot, body }));
  }
  return { commands, nonCash: total };
}

/** The pieces of a client the engine meets today, as the client master has them. */
function openingCollateral(inputs: ReloadInputs, account: string): PlannedCommand {
  const { cash = 0, cashEquivalent = 0, nonCash = 0, pieces = [] } = inputs.clients.get(account) ?? {};
  const body = { account, cash, cashEquivalent, nonCash, pieces };
  return planned(inputs.date, `collateral/${account}`, { kind: 'SetCollateral', slot: slotOfAccount(inputs, account), body });
}

function freezing(inputs: ReloadInputs): PlannedCommand[] {
  return inputs.transmissions
    .filter((account) => inputs.engine.clients.get(account)?.status !== 'FROZEN')
    .map((account) =>
      planned(inputs.date, `freeze/${account}`, {
        kind: 'UpdateAccount',
        slot: slotOfAccount(inputs, account),
        body: { account, status: 'FROZEN' },
      }),
    );
}

function gatesOf(inputs: ReloadInputs, { before, after, funded }: Books): PlanGate[] {
  const gates: PlanGate[] = [];
  const actions = sharesOf(inputs.actions);
  const acting = new Set(actions.map(({ token }) => token));
  for (const action of actions) {
    const { token, symbol, numerator, denominator } = action;
    const becomes = (units: number): number => become(units, action);
    const of = (rows: ReadonlyMap<string, HeldUnits>): HeldUnits[] => [...rows.values()].filter((held) => inputs.homeToken(held) === token);
    const left = of(before).reduce((sum, { free, pledged, t1 }) => sum + becomes(free) + becomes(pledged) + becomes(t1), 0);
    gates.push({ name: `units of ${symbol}: books × ${numerator}/${denominator}, depository`, left, right: unitsOf(of(after)) });
  }
  const still = (rows: ReadonlyMap<string, HeldUnits>): number => unitsOf([...rows.values()].filter((held) => !acting.has(inputs.homeToken(held))));
  gates.push({ name: 'units without corporate action: books, depository', left: still(before), right: still(after) });
  const onTheirWay = [...before.values()].reduce((sum, { t1 }) => sum + t1, 0);
  gates.push({ name: 'units on their way: obligation, books', left: inputs.obligationUnits + funded.netted, right: onTheirWay + funded.coming });
  if (funded.lots > 0) gates.push({ name: 'units bought with funding: lots, depository', left: funded.lots, right: funded.found });
  gates.push(positionGate(inputs));
  return gates;
}

/** Positions the engine will have before the actions: its own, and those imported for clients it meets today. */
function carriedPositions({ clients, engine }: ReloadInputs): { segment: number; token: number; net: number }[] {
  const met = [...clients].filter(([account]) => !engine.clients.has(account)).flatMap(([, { positions }]) => positions);
  return [
    ...[...engine.clients.values()].flatMap(({ positions }) => [...positions]),
    ...met.map(({ segment, token, quantity }) => ({ segment, token, net: quantity })),
  ];
}

/** Counts (client, contract) pairs that either side has, and those on which both agree. */
function positionGate({ clients, engine, cleared, clearedSegments, contractOf }: ReloadInputs): PlanGate {
  const ours = new Map<string, number>();
  const add = (account: string, segment: number, token: number, net: number): void => {
    if (clearedSegments.includes(segment) && net !== 0) ours.set(`${account} ${contractOf({ segment, token })}`, net);
  };
  for (const [account, { positions }] of engine.clients) for (const { segment, token, net } of positions) add(account, segment, token, net);
  for (const [account, { positions }] of clients)
    if (!engine.clients.has(account)) for (const { segment, token, quantity } of positions) add(account, segment, token, quantity);
  const theirs = new Map(cleared.filter(({ net }) => net !== 0).map(({ account, contract, net }) => [`${account} ${contract}`, net]));
  const either = new Set([...ours.keys(), ...theirs.keys()]);
  const agreed = [...either].filter((key) => ours.get(key) === theirs.get(key)).length;
  return { name: 'open positions: on either side, agreed', left: either.size, right: agreed };
}
