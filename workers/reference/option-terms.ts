// What a commodity's options are on, read from its product families: the future each series delivers with its price and scan range, early exercise, value
// factor. Only what differs from a European option on the spot worth one rupee for a rupee of price is kept.
import type { OptionTerms, ScanPoint } from '../../engine/index.ts';
import type { SpanContract, SpanProduct } from './span/span-file.ts';

/** The commodity the families belong to, as far as it is known without its options. */
export interface CommodityPrices {
  /** Rupees. */
  readonly spot: number;
  readonly priceScan: number;
  /** Scenario definitions; absent = the usual sixteen. */
  readonly scanPoints?: readonly ScanPoint[] | undefined;
}

/** Scenario 13 of the usual sixteen: down by the whole scan range, volatility up; a future loses the range. */
const DOWN_BY_THE_RANGE = 12;

/** Terms by expiry of the options; undefined where all are usual. `products` come with their delta scaling in the commodity. */
export function optionTermsOf(products: ReadonlyMap<SpanProduct, number>, prices: CommodityPrices): Record<string, OptionTerms> | undefined {
  const found: Record<string, OptionTerms> = {};
  for (const [product, linkScaling] of products) {
    if (product.type !== 'OOP' && product.type !== 'OOF') continue;
    for (const contract of product.contracts) {
      if (found[contract.expiry] !== undefined) continue;
      const terms = termsOf([...products.keys()], { product, contract, linkScaling }, prices);
      if (!isUsual(terms)) found[contract.expiry] = terms;
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

interface OptionSeries {
  readonly product: SpanProduct;
  readonly contract: SpanContract;
  readonly linkScaling: number;
}

function termsOf(products: readonly SpanProduct[], { product, contract, linkScaling }: OptionSeries, prices: CommodityPrices): OptionTerms {
  const { exercise = 'EUROPEAN' } = product;
  const beside = { exercise, valueFactor: contract.valueFactor, scaling: contract.scaling * linkScaling };
  const usual = { price: prices.spot, priceScan: prices.priceScan };
  if (product.type === 'OOP') return { on: 'SPOT', ...usual, ...beside };
  const future = futureOf(products, product, contract.expiry);
  if (future === undefined) return { on: 'FUTURE', ...usual, ...beside };
  return { on: 'FUTURE', price: future.price, priceScan: scanOf(future, prices) || prices.priceScan, ...beside };
}

/** Expiry of the future that the series names; undefined where it names none, or one the file does not have. */
export function deliveredExpiry(products: readonly SpanProduct[], options: SpanProduct, expiry: number): number | undefined {
  const named = options.delivers?.get(expiry);
  if (named === undefined) return undefined;
  return named.expiry ?? products.find(({ type, id }) => type === 'FUT' && id === named.product)?.futureExpiries?.get(named.contract);
}

/** The future that options of an expiry deliver: the one the series names, else the first of the commodity to expire with them or after. */
function futureOf(products: readonly SpanProduct[], options: SpanProduct, expiry: number): SpanContract | undefined {
  const named = options.delivers?.get(expiry);
  const date = deliveredExpiry(products, options, expiry);
  const futures = products.filter(({ type }) => type === 'FUT');
  const delivered = futures.find(({ id }) => id === named?.product)?.contracts.find((contract) => contract.expiry === date);
  if (delivered !== undefined) return delivered;
  const later = futures.flatMap(({ contracts }) => contracts).filter((contract) => contract.expiry >= expiry);
  return later.reduce<SpanContract | undefined>((near, each) => (near === undefined || each.expiry < near.expiry ? each : near), undefined);
}

/** How far a future's own price is scanned, rupees of price: what it loses where the price falls by the range, or by the largest part of it that is defined. */
function scanOf({ riskArray, valueFactor }: SpanContract, { scanPoints }: CommodityPrices): number {
  const value = valueFactor * 100;
  if (scanPoints === undefined) return Math.max(0, (riskArray[DOWN_BY_THE_RANGE] ?? 0) / value);
  const down = scanPoints.filter(({ weight, priceMove }) => priceMove < 0 && priceMove >= -1 && weight > 0);
  const [widest] = down.sort((a, b) => a.priceMove - b.priceMove || a.point - b.point);
  if (widest === undefined) return 0;
  return Math.max(0, (riskArray[widest.point - 1] ?? 0) / (value * widest.weight * -widest.priceMove));
}

const isUsual = ({ on, exercise, valueFactor, scaling }: OptionTerms): boolean =>
  on === 'SPOT' && exercise === 'EUROPEAN' && valueFactor === 1 && scaling === 1;
