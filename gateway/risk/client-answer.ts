// A client as HTTP and the stream show it. Amounts in paise; the parts of the requirement add up to it.
import type { ClientSummary, ClientView, HoldingView, PositionView, UnderlyingScenarios } from '../../engine/index.ts';
import { Product } from '../../engine/index.ts';
import { type InstrumentName, instrumentName, nameIn, rupees } from './order-answer.ts';
import { type SymbolIndex, segmentName } from './symbol-index.ts';

/** Margin of one underlying, or of one share and product. */
export interface UnderlyingAnswer {
  readonly symbol: string;
  /** Product of a share; '' for an underlying. */
  readonly product: string;
  /** Row of the underlying in the parameter table; -1 for a share. */
  readonly underlying: number;
  readonly requirement_paise: number;
  readonly position_paise: number;
  readonly scan_paise: number;
  readonly calendar_paise: number;
  readonly spot_paise: number;
  readonly inter_commodity_paise: number;
  readonly short_option_minimum_paise: number;
  readonly net_option_value_paise: number;
  readonly exposure_paise: number;
  readonly added_paise: number;
  readonly cash_paise: number;
  readonly working_orders: number;
}

/** Standing of a client, as lists show it. */
export interface StandingAnswer {
  readonly account: string;
  readonly status: string;
  readonly kind: string;
  readonly killed: boolean;
  readonly segments: readonly string[];
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly excess_paise: number;
  readonly needs_paise: number;
  readonly mtm_paise: number;
  readonly open_orders: number;
  readonly open_order_value_paise: number;
  readonly turnover_paise: number;
}

/** Margin of a client: what it must have, of what that is made, and what it has. */
export interface MarginAnswer extends StandingAnswer {
  /** Slot sequence the figures are as of. */
  readonly as_of: number;
  readonly span_paise: number;
  readonly exposure_paise: number;
  readonly inter_commodity_paise: number;
  readonly added_paise: number;
  readonly net_option_value_paise: number;
  readonly cash_margin_paise: number;
  readonly position_paise: number;
  readonly working_paise: number;
  readonly house_paise: number;
  readonly premium_paise: number;
  readonly cash_paise: number;
  readonly collateral_paise: number;
  readonly adhoc_paise: number;
  readonly early_sales_paise: number;
  readonly early_paid_paise: number;
  readonly funded_own_paise: number;
  readonly realised_paise: number;
  readonly unrealised_paise: number;
  readonly closed_gain_paise: number;
  readonly crystallised_obligation_paise: number;
  readonly peak_paise: number;
  readonly snapshot_peak_paise: number;
  readonly snapshot_shortfall_paise: number;
  readonly option_value_paise: number;
  readonly underlyings: readonly UnderlyingAnswer[];
}

/** What counts against the requirement, part by part. */
export interface FundsAnswer {
  readonly account: string;
  readonly as_of: number;
  readonly cash_paise: number;
  readonly cash_equivalent_paise: number;
  readonly non_cash_paise: number;
  /** Of non_cash_paise, what does not count: more than the cash part (50:50 rule). */
  readonly non_cash_idle_paise: number;
  readonly adhoc_paise: number;
  readonly early_sales_paise: number;
  readonly early_paid_paise: number;
  readonly funded_own_paise: number;
  readonly premium_paise: number;
  readonly realised_paise: number;
  readonly unrealised_paise: number;
  readonly crystallised_obligation_paise: number;
  readonly available_paise: number;
}

/** One position. Prices in rupees, signed units. */
export interface PositionAnswer extends InstrumentName {
  readonly product: string;
  readonly net: number;
  readonly average_price: number;
  readonly mark: number;
  readonly mtm_paise: number;
  readonly realised_paise: number;
  readonly unrealised_paise: number;
  readonly option_value_paise: number;
  readonly working_buys: number;
  readonly working_sells: number;
  readonly covered: number;
}

/** One holding, units. */
export interface HoldingAnswer extends InstrumentName {
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
  readonly early: number;
}

/** The 16 scenarios of one underlying's position. Moves are in parts of the scan range; loss +, gain -. */
export interface ScenariosAnswer {
  readonly account: string;
  readonly symbol: string;
  /** 1 to 16: the worst; 0 without a position. */
  readonly active_scenario: number;
  readonly scan_paise: number;
  readonly scenarios: readonly { readonly number: number; readonly price_move: number; readonly vol_move: number; readonly loss_paise: number }[];
}

const sumOf = <Item>(items: readonly Item[], value: (item: Item) => number): number => items.reduce((sum, item) => sum + value(item), 0);

/** A client's line of the desk's list. */
export function standingAnswer(client: ClientSummary): StandingAnswer {
  const { requirement, available } = client;
  return {
    account: client.account,
    status: client.status,
    kind: client.kind,
    killed: client.killed,
    segments: client.segments.map(segmentName),
    requirement_paise: requirement,
    available_paise: available,
    excess_paise: available - requirement,
    needs_paise: Math.max(0, requirement - available),
    mtm_paise: client.realised + client.unrealised,
    open_orders: client.openOrders,
    open_order_value_paise: client.openOrderValue,
    turnover_paise: client.turnover,
  };
}

/** Margin of a client; `peak` is the largest requirement of the day known to the gateway, paise. */
export function marginAnswer(client: ClientView, peak: number): MarginAnswer {
  const { funds, underlyings, requirement } = client;
  const position = sumOf(underlyings, (each) => each.positionRequirement);
  const book = sumOf(underlyings, (each) => each.requirement);
  return {
    ...standingAnswer({ ...client, realised: funds.realised, unrealised: funds.unrealised }),
    as_of: client.sequence,
    span_paise: sumOf(underlyings, (each) => Math.max(each.scan + each.calendar + each.spot - each.interCommodity, each.shortOptionMinimum)),
    exposure_paise: sumOf(underlyings, (each) => each.exposure),
    inter_commodity_paise: sumOf(underlyings, (each) => each.interCommodity),
    added_paise: sumOf(underlyings, (each) => each.added),
    net_option_value_paise: sumOf(underlyings, (each) => each.netOptionValue),
    cash_margin_paise: sumOf(underlyings, (each) => each.cash),
    position_paise: position,
    working_paise: book - position,
    house_paise: requirement - book,
    premium_paise: funds.premium,
    cash_paise: funds.cash,
    collateral_paise: client.funds.cashEquivalent + countedNonCash(client),
    adhoc_paise: funds.adhoc,
    early_sales_paise: funds.earlySales,
    early_paid_paise: funds.earlyPaid,
    funded_own_paise: funds.fundedOwn,
    realised_paise: funds.realised,
    unrealised_paise: funds.unrealised,
    closed_gain_paise: funds.closedGain,
    crystallised_obligation_paise: funds.crystallised,
    peak_paise: Math.max(peak, requirement, client.peak.required),
    snapshot_peak_paise: client.peak.required,
    snapshot_shortfall_paise: client.peak.shortfall,
    option_value_paise: funds.optionValue,
    underlyings: underlyings.map((each) => ({
      symbol: each.symbol,
      product: nameIn(Product, each.product),
      underlying: each.underlying,
      requirement_paise: each.requirement,
      position_paise: each.positionRequirement,
      scan_paise: each.scan,
      calendar_paise: each.calendar,
      spot_paise: each.spot,
      inter_commodity_paise: each.interCommodity,
      short_option_minimum_paise: each.shortOptionMinimum,
      net_option_value_paise: each.netOptionValue,
      exposure_paise: each.exposure,
      added_paise: each.added,
      cash_paise: each.cash,
      working_orders: each.workingOrders,
    })),
  };
}

/** The scenarios of one underlying, without the account. */
export function scenariosAnswer({ symbol, activeScenario, scan, scenarios }: UnderlyingScenarios): Omit<ScenariosAnswer, 'account'> {
  return {
    symbol,
    active_scenario: activeScenario,
    scan_paise: scan,
    scenarios: scenarios.map(({ number, priceMove, volMove, loss }) => ({ number, price_move: priceMove, vol_move: volMove, loss_paise: loss })),
  };
}

/** Funds of a client, part by part. */
export function fundsAnswer(client: ClientView): FundsAnswer {
  const { funds } = client;
  return {
    account: client.account,
    as_of: client.sequence,
    cash_paise: funds.cash,
    cash_equivalent_paise: funds.cashEquivalent,
    non_cash_paise: funds.nonCash,
    non_cash_idle_paise: funds.nonCash - countedNonCash(client),
    adhoc_paise: funds.adhoc,
    early_sales_paise: funds.earlySales,
    early_paid_paise: funds.earlyPaid,
    funded_own_paise: funds.fundedOwn,
    premium_paise: funds.premium,
    realised_paise: funds.realised,
    unrealised_paise: funds.unrealised,
    crystallised_obligation_paise: funds.crystallised,
    available_paise: client.available,
  };
}

/** Non-cash collateral counts up to the cash part: 50:50 rule (SEBI). */
function countedNonCash({ funds }: ClientView): number {
  return Math.min(funds.nonCash, Math.max(0, funds.cash + funds.cashEquivalent));
}

/** A position as the API shows it. */
export function positionAnswer(position: PositionView, symbols: SymbolIndex | undefined): PositionAnswer {
  return {
    ...instrumentName(symbols, position.segment, position.token),
    product: nameIn(Product, position.product),
    net: position.net,
    average_price: rupees(position.averagePrice),
    mark: rupees(position.mark),
    mtm_paise: position.realised + position.unrealised,
    realised_paise: position.realised,
    unrealised_paise: position.unrealised,
    option_value_paise: position.optionValue,
    working_buys: position.workingBuys,
    working_sells: position.workingSells,
    covered: position.covered,
  };
}

/** A holding as the API shows it. */
export function holdingAnswer(holding: HoldingView, symbols: SymbolIndex | undefined): HoldingAnswer {
  const { free, pledged, t1, early } = holding;
  return { ...instrumentName(symbols, holding.segment, holding.token), free, pledged, t1, early };
}
