// Random underlyings, positions and working orders for the margin properties, and the requirement worked out from scratch for one chosen
// set of fills: the formula of the specification written plainly, sharing nothing with the book.
import fc from 'fast-check';
import { InstrumentKind, OrderTerms, type ParameterTable, Product, Side } from '../../../engine/index.ts';
import { type ContractSpec, seriesSpread, syntheticTable } from './synthetic-table.ts';

const EXPIRIES = [20261124, 20261229, 20270126];
const rupees = (from: number, to: number): fc.Arbitrary<number> => fc.integer({ min: from * 20, max: to * 20 }).map((x) => x / 20);

const contract = (tiers: number): fc.Arbitrary<ContractSpec> =>
  fc.record({
    name: fc.constant(''),
    kind: fc.constantFrom('FUT' as const, 'CE' as const, 'PE' as const),
    expiry: fc.constantFrom(...EXPIRIES),
    array: fc.array(rupees(-300, 300), { minLength: 16, maxLength: 16 }),
    delta: fc.integer({ min: -10_000, max: 10_000 }).map((d) => d / 10_000),
    price: rupees(0, 200),
    elmLong: fc.constantFrom(0, 12.5),
    elmShort: fc.constantFrom(0, 12.5, 31.256),
    scanTier: fc.integer({ min: 0, max: tiers - 1 }),
  });

export interface TableChoice {
  readonly calendar: 'none' | 'equal' | 'unequal';
  readonly som: boolean;
  readonly tiers: number;
}

/** A table of one commodity with 1 to 5 contracts. */
export const randomTable = (choice: TableChoice): fc.Arbitrary<ParameterTable> =>
  fc
    .tuple(fc.array(contract(choice.tiers), { minLength: 1, maxLength: 5 }), fc.constantFrom('GROSS' as const, 'MAX' as const), fc.boolean())
    .map(([contracts, somMethod, onlyPairs]) => {
      const pairs = onlyPairs
        ? [[0, 1]]
        : [
            [0, 1],
            [0, 2],
            [1, 2],
          ];
      const spreads = pairs.map(([near = 0, far = 0], at) =>
        seriesSpread('X', at + 1, choice.calendar === 'equal' ? 40 : 20 + 15 * at, EXPIRIES[near] ?? 0, EXPIRIES[far] ?? 0),
      );
      return syntheticTable({
        commodities: [
          {
            symbol: 'X',
            somMethod,
            spreads: choice.calendar === 'none' ? [] : spreads,
            shortOptionMinimum: choice.som ? [{ tier: 0, from: 0, to: 0, rate: 55 }] : [],
            contracts: contracts.map((spec, index) => ({ ...spec, name: `C${index}` })),
          },
        ],
      });
    });

export interface Step {
  readonly instrument: number;
  readonly units: number;
}
export interface OrderSpec extends Step {
  readonly price: number;
  readonly altUnits: number;
  readonly altPrice: number;
}

const signed = fc.integer({ min: -20, max: 20 }).filter((units) => units !== 0);
const ticks = fc.integer({ min: 1, max: 4_000 }).map((x) => x * 500);

/** Positions and orders on instruments 0 .. count - 1 (taken modulo the table's). */
export const randomSteps: fc.Arbitrary<Step[]> = fc.array(fc.record({ instrument: fc.nat(4), units: signed }), { maxLength: 6 });
export const randomOrders = (most: number): fc.Arbitrary<OrderSpec[]> =>
  fc.array(fc.record({ instrument: fc.nat(4), units: signed, price: ticks, altUnits: fc.constantFrom(0, 0, 5, 30), altPrice: ticks }), {
    maxLength: most,
  });

export function termsOf(table: ParameterTable, order: OrderSpec): OrderTerms {
  const side = order.units > 0 ? Side.BUY : Side.SELL;
  return new OrderTerms()
    .set(order.instrument % table.instruments, Product.NRML, side, Math.abs(order.units), order.price)
    .setAlternative(order.altUnits, order.altUnits === 0 ? 0 : order.altPrice);
}

/** A fill: signed units and the price paid, ticks. */
export interface Fill extends Step {
  readonly price: number;
}

/** Requirement in micros of given positions plus given fills, calendar and spot left out; option buys among the fills pay their price. */
export function requirementOf(table: ParameterTable, positions: readonly Step[], fills: readonly Fill[]): number {
  const net = new Map<number, number>();
  let premium = 0;
  for (const step of [...positions, ...fills]) net.set(step.instrument, (net.get(step.instrument) ?? 0) + step.units);
  for (const fill of fills) if (fill.units > 0 && isOption(table, fill.instrument)) premium += fill.units * fill.price * 100;
  const tiers = new Map<number, number[]>();
  let value = 0;
  let exposure = 0;
  const minimum = { calls: 0, puts: 0 };
  for (const [instrument, units] of net) {
    const tier = table.scanTier[instrument] ?? 0;
    const losses = tiers.get(tier) ?? new Array<number>(16).fill(0);
    tiers.set(
      tier,
      losses.map((loss, s) => loss + units * (table.riskArray[instrument * 16 + s] ?? 0) * 10_000),
    );
    if (isOption(table, instrument)) value += units * (table.price[instrument] ?? 0) * 10_000;
    exposure += Math.abs(units) * ((units > 0 ? table.elmLong[instrument] : table.elmShort[instrument]) ?? 0);
    if (units < 0 && isOption(table, instrument)) {
      minimum[table.kind[instrument] === InstrumentKind.CE ? 'calls' : 'puts'] += -units * (table.somRate[0] ?? 0);
    }
  }
  const scan = [...tiers.values()].reduce((sum, losses) => sum + Math.max(0, ...losses), 0);
  const som = table.details.commodities[0]?.somMethod === 'MAX' ? Math.max(minimum.calls, minimum.puts) : minimum.calls + minimum.puts;
  return Math.max(0, Math.max(scan, som) - value) + exposure + premium;
}

function isOption(table: ParameterTable, instrument: number): boolean {
  return (table.kind[instrument] ?? 0) >= InstrumentKind.CE;
}
