// BOD-RMS-RELOAD: the morning's files become the engine's day. Parameters are loaded and stored by their hash, a plan of commands is written down,
// the commands go through the inbox by key, the engine takes them, and its state is compared with the plan. Killed anywhere, it goes on with the same
// plan and sends the same.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExchangeSegment, SLOT_COUNT } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import {
  loadRiskParameters,
  loadTable,
  ReferenceFileError,
  readApprovedSecurities,
  readBhavcopy,
  saveTable,
} from '../../../workers/reference/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { FileError } from '../../files/file-error.ts';
import type { Chain } from '../../graph/node-row.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { compactDate } from '../../ports/file-names.ts';
import { type Gate, type NodeBody, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { UnpaidStore } from '../../securities/unpaid-units.ts';
import { readHouse } from '../end-of-day/house.ts';
import { EngineInbox, oneAtATime, takenState } from '../engine/engine-inbox.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import type { FetchParts } from '../fetch-file.ts';
import { promisedUnits } from '../settlement/promised-units.ts';
import { SAME_DAY_SERIES } from '../settlement/shortage-prices.ts';
import { bookedCash } from './booked-cash.ts';
import { type ClearedPosition, contractName, readPledgeStatus, readPositions, readTransmissions } from './carried-checks.ts';
import { readClientMaster } from './client-master.ts';
import { readCorporateActions, unitsInForce } from './corporate-actions.ts';
import { fundedEvenings } from './reload-funded.ts';
import { type Expected, type PlanGate, type ReloadInputs, reloadPlan, unitsOf } from './reload-plan.ts';

/** The first line of a plan file. */
interface PlanHead {
  readonly expected: Expected;
  readonly gates: readonly PlanGate[];
  readonly summary: Outputs;
}

/** A file another node of this date has taken in. */
export interface TakenFile {
  readonly file: string;
  readonly sha256: string;
  /** Date it is for: an earlier one where yesterday's list had to do. */
  readonly of: string;
}

/**
 * What a node took in under a role, pinned: another version of it now needs a correction run. Throws PermanentFault when it was finished without that
 * file (skipped, resolved).
 */
export function takenFile(context: NodeContext, node: string, role: string): TakenFile {
  const taken = context.outputsOf(node)[role] as { file?: string; sha256?: string; of?: string } | undefined;
  if (taken?.file === undefined || taken.sha256 === undefined)
    throw new PermanentFault(`${node} was finished without the file "${role}": resolve it with ${role}.file and ${role}.sha256, or clear it`);
  context.pin(role, taken.file, taken.sha256);
  return { file: taken.file, sha256: taken.sha256, of: taken.of ?? context.date };
}

/** Body of the node. */
export function reloadBody(parts: FetchParts): NodeBody {
  return async (context) => {
    const plan = await located(() => planFile(parts, context));
    const head = JSON.parse(firstLine(plan.text)) as PlanHead;
    const { dataDirectory } = parts;
    const { isHosted, refused, state, sent } = await oneAtATime(dataDirectory, async () => {
      const sent = await context.call(new EngineInbox(dataDirectory), 'reload', { file: plan.path, sha256: plan.sha256 });
      const isTaken = (taken: EngineState): boolean => stateGates(taken, head.expected).every(({ left, right }) => left === right);
      return { ...(await takenState(dataDirectory, isTaken, context.now)), sent };
    });
    const stale = context.outputsOf('BOD-SURV-ARM')['stale'] === true;
    return {
      outputs: {
        ...head.summary,
        parametersHash: head.expected.parametersHash,
        plan: plan.sha256,
        commands: sent['commands'] ?? 0,
        isHosted,
        refused,
      },
      gates: [...head.gates, ...stateGates(state, head.expected)],
      stale,
      note: `${isHosted ? 'shards hosted here' : 'taken by the running gateway'}${stale ? '; surveillance of an earlier day' : ''}`,
    };
  };
}

const firstLine = (text: string): string => text.slice(0, text.indexOf('\n'));

/** The plan of this run, made at its first attempt and kept. */
async function planFile(parts: FetchParts, context: NodeContext): Promise<{ path: string; sha256: string; text: string }> {
  const role = `reload-plan-${context.runId.split('/').at(-1)}`;
  const known = parts.files.of(role, context.date);
  const path = known ?? parts.files.keep(role, context.date, await makePlan(parts, context)).path;
  const bytes = readFileSync(path);
  const sha256 = sha256Of(bytes);
  return { path, sha256, text: bytes.toString('utf8') };
}

async function makePlan(parts: FetchParts, context: NodeContext): Promise<{ name: string; bytes: Uint8Array; sha256: string }> {
  const { date } = context;
  const cm = (role: string): string => takenFile(context, 'BOD-EX-CONTRACT_CM@CM', role).file;
  const parametersHash = await storeParameters(parts, context);
  const { contracts, settlements, cleared, segments } = await carriedContracts(parts, context);
  const calendar = new BusinessCalendar();
  const plan = reloadPlan({
    date,
    parametersHash,
    approved: (await readApprovedSecurities(takenFile(context, 'BOD-CC-SPAN_SCANRANGE', 'approved-securities').file)).rows,
    table: loadTable(parametersDirectory(parts.dataDirectory), parametersHash),
    clients: readClientMaster(parts.dataDirectory),
    engine: await readEngine(parts.dataDirectory),
    depository: await readPledgeStatus(takenFile(context, 'BOD-DP-PLEDGE_STATUS', 'pledge-status').file),
    actions: await readCorporateActions(cm('corporate-actions'), date),
    promised: promisedUnits({ files: parts.files, calendar }, context),
    evenings: fundedEvenings({ files: parts.files, calendar }, date),
    transmissions: await readTransmissions(takenFile(context, 'BOD-DP-TRANSMISSION', 'transmissions').file),
    cleared,
    clearedSegments: segments,
    homeToken: await homeTokens(context),
    contractOf: ({ segment, token }) => contracts.get(`${segment} ${token}`) ?? `token ${token}`,
    settledAt: ({ segment, token }) => settlements.get(`${segment} ${token}`),
    booked: bookedCash(context, calendar.tradedBefore(date)),
    obligationUnits: Number((context.outputsOf('BOD-DP-OBLIGATION_T1')['obligation-cm-before'] as Outputs)['bought'] ?? 0) + unpaidUnits(context),
  });
  const { commands, ...head } = plan;
  const bytes = Buffer.from([head, ...commands].map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8');
  return { name: 'plan.jsonl', bytes, sha256: sha256Of(bytes) };
}

/**
 * Contracts carried into the day, of every exchange: names and settlement prices by `segment token`, positions at the clearing corporation. BSE's
 * bear its name, as the terms of a share's contracts may be those of NSE's.
 */
async function carriedContracts(
  { dataDirectory }: FetchParts,
  context: NodeContext,
): Promise<{
  readonly contracts: ReadonlyMap<string, string>;
  readonly settlements: ReadonlyMap<string, number>;
  readonly cleared: readonly ClearedPosition[];
  readonly segments: readonly number[];
}> {
  const mtm = (role: string): string => takenFile(context, 'BOD-CC-MTM_T1', role).file;
  const [contracts, settlements] = [new Map<string, string>(), new Map<string, number>()];
  const cleared: ClearedPosition[] = [];
  const segments: number[] = [];
  const of = async (segment: number, stem: 'fo' | 'bfo' | 'cd' | 'com', mark: string): Promise<void> => {
    segments.push(segment);
    await readBhavcopy(mtm(`bhavcopy-${stem}-before`), ({ token, symbol, expiry, strike, optionType, settlementPrice }) => {
      const day = `${expiry}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
      if (settlementPrice !== undefined && settlementPrice > 0) settlements.set(`${segment} ${token}`, settlementPrice);
      contracts.set(`${segment} ${token}`, `${mark}${contractName(symbol, day, `${(strike ?? 0) / 10_000}`, optionType)}`);
    });
    for (const position of await readPositions(mtm(`positions-${stem}-before`)))
      cleared.push({ ...position, contract: `${mark}${position.contract}` });
  };
  await of(ExchangeSegment.NFO, 'fo', '');
  const { traded } = readHouse(dataDirectory);
  if (traded.includes('BFO')) await of(ExchangeSegment.BFO, 'bfo', 'BSE ');
  if (traded.includes('CD')) await of(ExchangeSegment.CDS, 'cd', '');
  if (traded.includes('COM')) await of(ExchangeSegment.MCX, 'com', 'MCX ');
  return { contracts, settlements, cleared, segments };
}

/** NSE's token of a share by that of BSE, where both list its ISIN; never that of its T+0 session. */
async function homeTokens(context: NodeContext): Promise<ReloadInputs['homeToken']> {
  const homes = new Map<number, number>();
  if (context.chains.includes('BSE')) {
    const mtm = (role: string): string => takenFile(context, 'BOD-CC-MTM_T1', role).file;
    const byIsin = new Map<string, number>();
    const add = (isin: string, token: number, series: string): unknown => (series === SAME_DAY_SERIES ? undefined : byIsin.set(isin, token));
    await readBhavcopy(mtm('bhavcopy-cm-before'), ({ isin, token, series }) => add(isin, token, series));
    await readBhavcopy(mtm('bhavcopy-bse-before'), ({ isin, token }) => homes.set(token, byIsin.get(isin) ?? token));
  }
  return ({ segment, token }) => (segment === ExchangeSegment.BSE ? (homes.get(token) ?? token) : token);
}

/** Units that are in demat accounts and pledged as unpaid: the engine has them on their way until they are released. */
const unpaidUnits = ({ root }: NodeContext): number => new UnpaidStore(root).open().reduce((sum, { units }) => sum + units, 0);

/** One table from the files of this morning; its hash names its content. */
async function storeParameters(parts: FetchParts, context: NodeContext): Promise<string> {
  const { dataDirectory } = parts;
  const clearing = (role: string): string => takenFile(context, 'BOD-CC-SPAN_SCANRANGE', role).file;
  const mtm = (role: string): string => takenFile(context, 'BOD-CC-MTM_T1', role).file;
  const { traded } = readHouse(dataDirectory);
  const ofChain = (chain: Chain, file: () => string): string[] => (traded.includes(chain) ? [file()] : []);
  const table = await loadRiskParameters({
    span: [
      clearing('span'),
      ...ofChain('BFO', () => clearing('span-iccl')),
      ...ofChain('CD', () => clearing('span-cd')),
      ...ofChain('COM', () => clearing('span-com')),
    ],
    elm: clearing('elm'),
    elmContracts: clearing('elm-contracts'),
    var: clearing('var'),
    bhavcopyFo: [
      mtm('bhavcopy-fo-before'),
      ...ofChain('BFO', () => mtm('bhavcopy-bfo-before')),
      ...ofChain('CD', () => mtm('bhavcopy-cd-before')),
      ...ofChain('COM', () => mtm('bhavcopy-com-before')),
    ],
    commodityMargins: ofChain('COM', () => clearing('commodity-margins')),
    bhavcopyCm: [mtm('bhavcopy-cm-before'), ...ofChain('BSE', () => mtm('bhavcopy-bse-before'))],
    contracts: takenFile(context, 'BOD-EX-CONTRACT_FO@FO', 'contracts-fo').file,
    bans: takenFile(context, 'BOD-EX-CONTRACT_FO@FO', 'bans').file,
    securities: takenFile(context, 'BOD-EX-CONTRACT_CM@CM', 'securities').file,
    contractsBse: ofChain('BFO', () => takenFile(context, 'BOD-EX-CONTRACT_FO@BFO', 'contracts-bfo').file),
    scrips: ofChain('BSE', () => takenFile(context, 'BOD-EX-CONTRACT_CM@BSE', 'scrips-bse').file),
    priceBands: bandFiles(context, 'price-bands'),
    priceBandsBse: bandFiles(context, 'price-bands-bse'),
    surveillance: takenFile(context, 'BOD-SURV-ARM', 'surveillance').file,
    ...houseLists(parts, context),
    businessDate: Number(compactDate(context.date)),
  });
  return saveTable(parametersDirectory(dataDirectory), table);
}

/** A list of price bands; none where two persons let the morning do without: the rule's band then counts, and the gate opens to reducing orders only. */
const bandFiles = (context: NodeContext, role: 'price-bands' | 'price-bands-bse'): string[] =>
  context.outputsOf('BOD-EX-CIRCUIT_FILTER')[role] === undefined ? [] : [takenFile(context, 'BOD-EX-CIRCUIT_FILTER', role).file];

/**
 * A list the house keeps itself, taken in, kept and pinned like a file of the day: what qualifies for cross margin is published in circulars, not in
 * a file; which shares it funds (MTF) it decides. undefined where it keeps none.
 */
function houseList({ dataDirectory, files }: FetchParts, context: NodeContext, role: string, list: string): string | undefined {
  const path = join(dataDirectory, `${list}.csv`);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const kept = files.keep(role, context.date, { name: `${list}_${compactDate(context.date)}.csv`, bytes, sha256: sha256Of(bytes) });
  context.pin(role, kept.path, kept.sha256);
  return kept.path;
}

/** Those of them the parameters are read from. */
function houseLists(parts: FetchParts, context: NodeContext): { crossMargin?: string; funded?: string } {
  const crossMargin = houseList(parts, context, 'cross-margin', 'cross_margin');
  const funded = houseList(parts, context, 'funded', 'mtf');
  return { ...(crossMargin === undefined ? {} : { crossMargin }), ...(funded === undefined ? {} : { funded }) };
}

function stateGates(state: EngineState, expected: Expected): Gate[] {
  const { slots, clients } = state;
  const inForce = slots.filter(({ parametersHash }) => parametersHash === expected.parametersHash);
  const all = [...clients.values()];
  return [
    { name: 'slots with the parameters of the day: all, in force', left: SLOT_COUNT, right: inForce.length },
    {
      name: 'slots with every row of the list of approved securities: all, in force',
      left: SLOT_COUNT,
      right: slots.filter(({ approved }) => approved.date === expected.approved.date && approved.rows === expected.approved.rows).length,
    },
    { name: 'clients: sent, in force', left: expected.clients, right: all.length },
    {
      name: 'pledged collateral, paise: sent, in force',
      left: expected.nonCash,
      right: all.reduce((sum, { nonCash, pledges }) => sum + (pledges === undefined ? nonCash : 0), 0),
    },
    {
      name: 'pledged units in pieces: depository, in force',
      left: expected.pledged,
      right: all.flatMap(({ pledges }) => pledges ?? []).reduce((sum, { units }) => sum + units, 0),
    },
    ...(expected.cash === undefined
      ? []
      : [
          {
            name: 'cash of clients, paise: books, in force',
            left: expected.cash.sum,
            right: expected.cash.accounts.reduce((sum, account) => sum + (clients.get(account)?.cash ?? 0), 0),
          },
        ]),
    { name: 'units held: depository, in force', left: expected.units, right: all.reduce((sum, { holdings }) => sum + unitsOf(holdings), 0) },
    ...expected.contracts.map((contract) => ({
      name: `units of contract ${contract.token} on ${contract.symbol} after its adjustment: worked out, in force`,
      left: contract.units,
      right: unitsInForce(state, contract),
    })),
  ];
}

/** A fault of a file is final and names its place. */
async function located<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || error instanceof ReferenceFileError) throw new PermanentFault(error.message);
    throw error;
  }
}
