// The margin of a client as a tree a person can follow: positions to scenario vectors to the active scenario, charges, credits, exposure and dated rules as
// the report has them, then what working orders and the house's multiplier add, against what the client has. Reads state, changes nothing,
// allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { InstrumentKind, Product } from '../instrument.ts';
import { type MarginNode, marginTree } from '../margin/margin-tree.ts';
import { type PortfolioPosition, workPortfolio } from '../margin/portfolio-margin.ts';
import { heldUnits, leadOf } from '../state/netted-shares.ts';
import type { SlotState } from '../state/slot-state.ts';
import { MarginBasis } from '../verdict.ts';
import { type ClientView, clientView, type FundsView, portfolioView } from './client-view.ts';
import { collateralLeaves } from './collateral-leaves.ts';
import { clientRow } from './order-view.ts';

/** Requirement and funds as two trees, paise; their difference is what the client may still use. */
export interface MarginExplanation {
  readonly sequence: number;
  readonly parametersHash: string;
  readonly requirement: MarginNode;
  readonly available: MarginNode;
  /** Paise of early pay-in among the funds and out of them; see FundsView. */
  readonly early: { readonly sales: number; readonly paid: number };
}

const crystallisedRule = (owed: number): string =>
  `crystallised obligation ${(owed / 100).toFixed(2)}: premium paid less received less what was closed (NSE Clearing, MG-12 and MG-13); taken from the funds, not asked again`;
const leaf = (label: string, amount: number, rule: string, children: readonly MarginNode[] = []): MarginNode => ({ label, amount, rule, children });

/** The trees of one account; undefined when the slot has no such account, or no parameters. */
export function marginExplanation(state: SlotState, account: string): MarginExplanation | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientView(state, account);
  const { rules } = state;
  if (client === undefined || rules === undefined) return undefined;
  const dated = rules.dated.isOn ? (expiry: number): number => rules.dated.daysTo(expiry) : undefined;
  const worked = workPortfolio(rules.table, positionsOf(state, account), state.cashRateFloor, dated);
  const positions: MarginNode = { ...marginTree(worked), label: 'positions' };
  const book = client.underlyings.reduce((sum, line) => sum + line.requirement, 0);
  const requirement = leaf('requirement', client.requirement, 'sum', [
    positions,
    workingNode(client, book - positions.amount),
    leaf('house multiplier', client.requirement - book, 'policy of the day: a part of the exchange margin on top, rounded up'),
  ]);
  const early = { sales: client.funds.earlySales, paid: client.funds.earlyPaid };
  return { sequence: client.sequence, parametersHash: state.parametersHash, requirement, available: availableNode(state, client), early };
}

/** Positions as the report wants them; what is free of a share, under all its listings, stands beside its first delivery position. */
export function positionsOf(state: SlotState, account: string): PortfolioPosition[] {
  const table = state.rules?.table;
  const portfolio = portfolioView(state, account);
  if (table === undefined || portfolio === undefined) return [];
  const client = clientRow(state, account);
  const found: PortfolioPosition[] = [];
  const given = new Set<number>();
  for (const { segment, token, product, net, covered: paidFor } of portfolio.positions) {
    const instrument = table.find(segment, token);
    if (instrument < 0 || net === 0) continue;
    if (table.kind[instrument] !== InstrumentKind.EQ) {
      found.push({ instrument, quantity: net });
      continue;
    }
    const lead = leadOf(state, instrument);
    const isFirst = product === Product.CNC && !given.has(lead);
    if (isFirst) given.add(lead);
    found.push({ instrument, quantity: net, product, paidFor, ...(isFirst ? heldUnits(state, client, instrument) : {}) });
  }
  return found;
}

/** What working orders add, by underlying; the rest is where the live book is only an upper bound of the report. */
function workingNode({ underlyings }: ClientView, amount: number): MarginNode {
  const lines = underlyings.filter(({ workingOrders }) => workingOrders > 0);
  const children = lines.map((line) =>
    leaf(
      `${line.symbol}: ${line.workingOrders} working${line.basis === MarginBasis.GROSS ? ' in the pre-open session' : ''}`,
      line.requirement - line.positionRequirement,
      line.basis === MarginBasis.GROSS
        ? 'each order by itself, SPAN and exposure, the larger side of the contract; nothing nets with what is held'
        : 'worst fill of every order, partial fills included',
    ),
  );
  const rest = amount - children.reduce((sum, child) => sum + child.amount, 0);
  if (rest !== 0) children.push(leaf('difference of live book and report', rest, 'the book bounds charges and grants no credit while orders work'));
  return leaf('working orders', amount, 'sum', children);
}

/** What early pay-in brings and takes, where a client has paid in early. */
function earlyLeaves({ earlySales, earlyPaid }: FundsView): MarginNode[] {
  if (earlySales === 0 && earlyPaid === 0) return [];
  return [
    leaf(
      'sales delivered early',
      earlySales,
      'early pay-in of securities, booked by the clearing corporation: at the average price of what is sold, lapses at close',
    ),
    leaf('paid in early', 0 - earlyPaid, 'early pay-in of funds: at the clearing corporation for what is bought'),
  ];
}

function availableNode(state: SlotState, { account, available, funds }: ClientView): MarginNode {
  const row = clientRow(state, account);
  const cashPart = funds.cash + funds.cashEquivalent;
  const counted = Math.min(funds.nonCash, Math.max(0, cashPart));
  const others = collateralLeaves(state, row, false, funds.nonCash);
  if (others.length > 0 && counted < funds.nonCash) others.push(leaf('beyond cash and equivalents', counted - funds.nonCash, '50:50'));
  const closed = Math.min(0, funds.closedGain);
  const loss = Math.min(closed, funds.realised + funds.unrealised);
  const children = [
    leaf('cash', funds.cash, 'ledger'),
    leaf('cash equivalents', funds.cashEquivalent, 'collateral after haircut', collateralLeaves(state, row, true, funds.cashEquivalent)),
    leaf('other collateral that counts', counted, 'collateral after haircut, at most as much as cash and equivalents (50:50)', others),
    leaf('granted for the day', funds.adhoc, 'lapses at close'),
    ...earlyLeaves(funds),
    ...(funds.fundedOwn === 0
      ? []
      : [leaf('own money in funded shares', funds.fundedOwn, 'what lots bought with funding (MTF) cost, less what is lent on them')]),
    leaf('premium and what was closed', closed - funds.premium, crystallisedRule(funds.crystallised), [
      leaf('option premium of the day', 0 - funds.premium, 'bought -, sold +'),
      leaf('derivatives closed at a loss', closed, 'neither what is open nor shares pay for it'),
    ]),
    leaf('loss of the day beyond it', loss - closed, 'open positions marked to market, and shares; a gain counts once it is settled'),
  ];
  const rest = available - children.reduce((sum, child) => sum + child.amount, 0);
  if (rest !== 0) children.push(leaf('rounding and other rules', rest, 'against the client'));
  return leaf('available', available, 'sum', children);
}
