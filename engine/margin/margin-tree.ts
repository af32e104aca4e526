// The margin of a portfolio as a tree a person can follow: position, its 16 losses, the scenario that counts, charges, credits, option value,
// exposure, add-ons. Each node has its amount, and where it comes from: file, row in it, rule. The root is the figure portfolioMargin gives.
// Computes nothing of its own.
import { InstrumentKind } from '../instrument.ts';
import type { ClearingRules, ScanPoint, Spread } from '../parameters/combined-commodity.ts';
import { type ParameterTable, SCENARIOS } from '../parameters/parameter-table.ts';
import { type ExposureSubject, exposureRuleId } from '../rules/exposure.ts';
import { ruleOn } from '../rules/margin-rules.ts';
import { underlyingKind } from '../rules/underlying-kind.ts';
import { MICROS_PER_PAISA, roundMicrosToPaise } from '../units.ts';
import type { UnderlyingRules } from './compiled-rules.ts';
import type { SpreadCredit } from './inter-commodity.ts';
import type { CashReport, WorkedPortfolio } from './portfolio-margin.ts';
import type { AddOn } from './position-add-ons.ts';
import { scanPointsOf, type TierScan } from './scan-risk.ts';
import type { UnderlyingSpan } from './underlying-span.ts';
import { optionValuePerUnit } from './working-parts.ts';

/** One figure. Children need not add up to it where its rule is another (a maximum, a floor); the rule says which. */
export interface MarginNode {
  readonly label: string;
  /** Paise. */
  readonly amount: number;
  /** Sixteen losses, paise; only where scenarios are shown. */
  readonly losses?: readonly number[];
  readonly file?: string;
  /** Contract or element of the file. */
  readonly row?: string;
  /** Id of a dated rule, or the step of the calculation. */
  readonly rule?: string;
  readonly children: readonly MarginNode[];
}

/** Everything below one portfolio. */
export function marginTree(worked: WorkedPortfolio): MarginNode {
  const underlyings = worked.spans.map((span) => underlyingNode(worked, span));
  const children = [...underlyings, ...worked.cash.map((line) => cashNode(worked, line))];
  return node('margin', children.reduce((sum, child) => sum + child.amount, 0) * MICROS_PER_PAISA, { rule: 'sum' }, children);
}

type Origin = Pick<MarginNode, 'file' | 'row' | 'rule' | 'losses'>;

function node(label: string, micros: number, origin: Origin, children: readonly MarginNode[] = []): MarginNode {
  return { label, amount: roundMicrosToPaise(micros), ...origin, children };
}

/** What is true of one underlying throughout. */
interface Scope {
  readonly worked: WorkedPortfolio;
  readonly span: UnderlyingSpan;
  readonly file: string;
  readonly clearing: ClearingRules | undefined;
}

function underlyingNode(worked: WorkedPortfolio, span: UnderlyingSpan): MarginNode {
  const { table } = worked.rules;
  const commodity = table.details.commodities[span.underlying];
  const clearing = table.details.clearing.find((each) => each.clearingOrg === commodity?.clearingOrg) ?? table.details.clearing[0];
  const file = clearing?.file ?? table.details.sources.find((source) => source.role === 'span')?.file ?? '';
  const scope: Scope = { worked, span, file, clearing };
  const own = worked.addOns.filter((addOn) => addOn.underlying === span.underlying);
  const added = own.reduce((sum, addOn) => sum + (addOn.inExposure ? 0 : addOn.amount), 0);
  const children = [
    spanNode(scope),
    exposureNode(
      scope,
      own.filter((addOn) => addOn.inExposure),
    ),
    ...own.filter((addOn) => !addOn.inExposure).map((addOn) => addOnNode(scope, addOn)),
  ];
  const name = span.underlying < table.underlyings ? table.underlyingName(span.underlying) : 'no underlying';
  return node(name, span.total + added, { rule: 'SPAN + exposure + add-ons', row: `ccDef ${commodity?.symbol ?? ''}`, file }, children);
}

function spanNode(scope: Scope): MarginNode {
  const { span, file } = scope;
  const { som } = scope.worked.rules;
  const minimum = node('short option minimum', span.shortOptionMinimum, { rule: 'rate x short options', file, row: 'somTiers' });
  const children = [
    scanNode(scope),
    node('calendar charge', span.calendar, { rule: 'spreads by priority, series before tiers' }, spreadNodes(scope)),
    node('spot charge', span.spot, { rule: 'delta in spreads and outright of the delivery month', file, row: 'spotRate' }),
    creditNode(scope),
    ...(som.some((rate) => rate > 0) ? [minimum] : []),
    valueNode(scope),
  ];
  return node('SPAN', span.span, { rule: 'max(scan + calendar + spot - credit, short option minimum) - option value, floor 0' }, children);
}

function scanNode(scope: Scope): MarginNode {
  const { span, worked } = scope;
  const points = scanPointsOf(worked.rules, span.underlying);
  const tiers = span.tiers.map((tier) => tierNode(scope, tier, points));
  const parts = [
    node('of which time risk', span.time, { rule: '(L1 + L2) / 2' }),
    node('of which volatility risk', span.volatility, { rule: '(worst - its volatility twin) / 2' }),
    node('of which price risk', span.price, { rule: 'scan - time - volatility, floor 0' }),
  ];
  return node('scan risk', span.scan, { rule: 'sum over scan tiers of the worst scenario, floor 0' }, [...tiers, ...parts]);
}

function tierNode(scope: Scope, tier: TierScan, points: readonly ScanPoint[]): MarginNode {
  const { rules } = scope.worked;
  const { table } = rules;
  const scale = rules.arrayScale[scope.span.underlying] as number;
  const active = tier.activeScenario - 1;
  const positions = scope.span.positions
    .filter(({ instrument }) => table.scanTier[instrument] === tier.tier)
    .map(({ instrument, quantity }) => {
      const losses = Array.from(
        { length: SCENARIOS },
        (_, s) => quantity * Math.floor((table.riskArray[instrument * SCENARIOS + s] as number) * scale + 0.5),
      );
      const origin = {
        file: scope.file,
        row: `ra of ${table.instrumentName(instrument)}`,
        rule: 'units x loss of one long unit',
        losses: inPaise(losses),
      };
      return node(`${quantity} x ${table.instrumentName(instrument)}`, losses[active] ?? 0, origin);
    });
  const point = points[active];
  const move =
    point === undefined
      ? ''
      : `: price ${shown(point.priceMove)} x range, volatility ${shown(point.volMove)} x range, counted ${point.weight * 100} %`;
  const rule = 'the lowest scenario with the largest loss';
  return node(`tier ${tier.tier + 1}, scenario ${tier.activeScenario}${move}`, tier.scan, { rule, losses: inPaise(tier.losses) }, positions);
}

const inPaise = (micros: readonly number[]): number[] => micros.map(roundMicrosToPaise);
const shown = (fraction: number): string => `${fraction > 0 ? '+' : ''}${Math.round(fraction * 1000) / 1000}`;

function spreadNodes(scope: Scope): MarginNode[] {
  const { span, file, worked } = scope;
  const { table, underlyings } = worked.rules;
  const spreads = inOrderOfForming(table.details.commodities[span.underlying]?.spreads ?? [], underlyings[span.underlying]);
  return span.spreads.map(({ spread, formed, orientation, charge }) => {
    const legs =
      spreads[spread]?.legs.map((leg) => `${leg.side}:${leg.expiry || (leg.period === undefined ? `tier ${leg.tier}` : `series ${leg.period}`)}`) ??
      [];
    const way = orientation === 1 ? 'A long' : 'A short';
    const row = `dSpread ${spreads[spread]?.priority ?? ''} (${legs.join(' ')})`;
    return node(`${formed / 10_000} spreads, ${way}`, charge, {
      file,
      row,
      rule: `method ${spreads[spread]?.method ?? 'F'}, rate ${spreads[spread]?.rate ?? 0}`,
    });
  });
}

/** The commodity's spreads as compileSpreads numbers them. */
function inOrderOfForming(spreads: readonly Spread[], own: UnderlyingRules | undefined): readonly Spread[] {
  return own?.spreads.source.map((at) => spreads[at] as Spread) ?? [];
}

function creditNode(scope: Scope): MarginNode {
  const { span, worked, file } = scope;
  const own = worked.credits.filter((credit) => credit.underlying === span.underlying);
  const row = (credit: SpreadCredit): string => `${credit.kind === 'scanning' ? 'sSpread' : 'dSpread'} ${credit.priority}`;
  const children = own.map((credit) => {
    const rule = `${credit.kind}, rate ${credit.rate}`;
    const label =
      credit.kind === 'scanning' ? 'scanned with other commodities' : `${credit.formed / 10_000} spreads, ${credit.used / 10_000} delta used`;
    return node(label, credit.amount, { file, row: row(credit), rule });
  });
  return node('inter-commodity credit', span.interCommodity, { rule: 'by priority, within one clearing organisation' }, children);
}

function valueNode({ span, worked, file }: Scope): MarginNode {
  const { rules } = worked;
  const options = span.positions.filter(({ instrument }) => optionValuePerUnit(rules, instrument) !== 0);
  const children = options.map(({ instrument, quantity }) => {
    const name = rules.table.instrumentName(instrument);
    return node(`${quantity} x ${name}`, quantity * optionValuePerUnit(rules, instrument), { file, row: `p of ${name}`, rule: 'units x file price' });
  });
  return node('net option value', span.netOptionValue, { rule: 'long less short, at the file price' }, children);
}

function exposureNode({ span, worked }: Scope, included: readonly AddOn[]): MarginNode {
  const { table } = worked.rules;
  const files = table.details.sources.filter((source) => source.role.startsWith('elm')).map((source) => source.file);
  const file = files.length === 0 ? {} : { file: files.join(', ') };
  const lines = span.positions.map(({ instrument, quantity }) => {
    const unit = Math.round((quantity > 0 ? table.elmLong[instrument] : table.elmShort[instrument]) as number);
    const name = table.instrumentName(instrument);
    const byRule = unit === 0 ? 'bought options are free' : exposureRuleId(subjectOf(table, instrument), table.businessDate);
    // Files go before the rule; which of them named the contract the table does not keep.
    const rule = files.length === 0 || unit === 0 ? byRule : `contract file, symbol file, else ${byRule}`;
    return node(`${Math.abs(quantity)} x ${name}, ${unit / 1e6} a unit`, Math.abs(quantity) * unit, { ...file, row: name, rule });
  });
  const stated = included.map((addOn) => node(`included: ${addOn.basis}`, addOn.amount, sourceOf(table.businessDate, addOn.rule)));
  return node('exposure (ELM)', span.exposure, { rule: 'per contract, net; bought options free' }, [...lines, ...stated]);
}

/** The contract as the exposure rules see it. */
function subjectOf(table: ParameterTable, instrument: number): ExposureSubject {
  const underlying = table.underlying[instrument] as number;
  const symbol = table.details.commodities[underlying]?.symbol ?? '';
  const kind = underlyingKind(symbol, table.segment[instrument] as number);
  const market = kind === 'currency' || kind === 'commodity' ? kind : 'equity';
  const right = table.kind[instrument] === InstrumentKind.CE ? 'CE' : table.kind[instrument] === InstrumentKind.PE ? 'PE' : 'FUT';
  const prices = { strike: table.strike[instrument] as number, underlyingPrice: (table.spot[underlying] as number | undefined) ?? 0 };
  return { isIndex: kind === 'index', kind: right, expiry: table.expiry[instrument] as number, market, symbol, ...prices };
}

function addOnNode({ worked }: Scope, addOn: AddOn): MarginNode {
  return node(addOn.basis, addOn.amount, sourceOf(worked.rules.table.businessDate, addOn.rule));
}

/** A dated rule as an origin: its id, and the circular as its file. */
function sourceOf(date: number, rule: string): Origin {
  const found = ruleOn(rule, date);
  return found === undefined ? { rule } : { rule, file: found.source, row: `from ${found.from}` };
}

/** What a share's rate was read from, by rule: roles of the table's sources. Every other rule is a figure of its own. */
const RATE_FILES: Readonly<Record<string, readonly string[]>> = {
  'cash.varElm': ['var'],
  'cash.mtf.elm': ['var', 'funded'],
  'cash.mtf.elmOther': ['var', 'funded'],
  'cash.mtf.house': ['funded'],
};

const fileOf = ({ details }: ParameterTable, rule: string): string =>
  details.sources
    .filter(({ role }) => RATE_FILES[rule]?.includes(role))
    .map(({ file }) => file)
    .join(', ');

function cashNode({ rules }: WorkedPortfolio, line: CashReport): MarginNode {
  const { table } = rules;
  const file = fileOf(table, line.rule) || ruleOn(line.rule, table.businessDate)?.source;
  const label = `${line.symbol}: ${line.margined} of ${Math.abs(line.quantity)} at ${line.rate / 100} % of ${(table.previousClose[line.instrument] as number) / 10_000} (${line.basis})`;
  const children =
    line.relief === 0 ? [] : [node('offset by futures', 0 - line.relief * MICROS_PER_PAISA, sourceOf(table.businessDate, line.reliefRule))];
  if (line.rule in RATE_FILES && line.rule !== 'cash.varElm')
    children.push(node('on the list of funded shares', 0, sourceOf(table.businessDate, line.rule)));
  if (line.listings.length > 1) {
    const both = line.listings.map(({ symbol, units }) => `${units} of ${symbol}`).join(' and ');
    children.push(node(`${both}: one share, one net`, 0, sourceOf(table.businessDate, 'cash.netAcrossExchanges')));
  }
  return { label, amount: line.margin, rule: line.rule, row: line.symbol, ...(file === undefined ? {} : { file }), children };
}
