// Contracts and rules of the SPAN files, found by symbol: which combined commodity a product belongs to, with what delta scaling, and
// what its contracts are. Several files (one per clearing corporation) may be held; a symbol may come from one of them only.
import type { CombinedCommodity } from '../../engine/index.ts';
import { contractKey } from './exposure-file.ts';
import { fault } from './reference-error.ts';
import type { SpanClearing, SpanCommodity, SpanContract, SpanFile, SpanProduct } from './span/span-file.ts';

/** A contract with what its product and commodity say about it. */
export interface IndexedContract {
  readonly contract: SpanContract;
  readonly commodity: IndexedCommodity;
  /** Delta scaling of the product in its commodity. */
  readonly linkScaling: number;
  /** Options marked to market count no option value. */
  readonly isFuturesStyle: boolean;
}

export interface IndexedCommodity {
  readonly rules: CombinedCommodity;
  readonly clearingOrg: string;
  readonly file: string;
  readonly codes: string[];
  /** Price of a physical exists: a share or index, not a bare commodity future. */
  readonly hasPhysical: boolean;
  /** Dearest contract or physical price, rupees; bounds charges given as a share of the price. */
  readonly dearest: number;
}

/** Combined commodities and contracts of all SPAN files of a load. Throws ReferenceFileError on what is doubled or left over. */
export class CommodityIndex {
  readonly commodities: IndexedCommodity[] = [];
  private readonly bySymbol = new Map<string, IndexedCommodity>();
  private readonly contracts = new Map<string, IndexedContract>();

  constructor(spans: readonly SpanFile[]) {
    for (const span of spans) for (const clearing of span.clearing) this.addClearing(span, clearing);
  }

  /** The commodity a trading symbol belongs to (its own code, or a product's). */
  commodityOf(symbol: string): IndexedCommodity | undefined {
    return this.bySymbol.get(symbol);
  }

  /** The contract, by trading symbol of its underlying. */
  find(symbol: string, expiry: number, kind: string, strike: number): IndexedContract | undefined {
    const direct = this.contracts.get(contractKey(symbol, expiry, kind, strike));
    if (direct !== undefined) return direct;
    for (const code of this.bySymbol.get(symbol)?.codes ?? []) {
      const found = this.contracts.get(contractKey(code, expiry, kind, strike));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Every contract, in file order. */
  all(): Iterable<IndexedContract> {
    return this.contracts.values();
  }

  private addClearing(span: SpanFile, clearing: SpanClearing): void {
    const { file } = span.source;
    const products = new Map<string, SpanProduct>();
    for (const product of clearing.products) products.set(productKey(product), product);
    const owners = clearing.commodities.map((definition) => ({ definition, own: linkedProducts(definition, products) }));
    const linked = new Set(owners.flatMap(({ own }) => [...own.keys()]));
    for (const { definition, own } of owners) {
      // Files name commodity and products alike, and not all link every product.
      for (const product of clearing.products) if (!linked.has(product) && product.code === definition.symbol) own.set(product, 1);
      this.addCommodity(file, clearing.clearingOrg, definition, own);
      for (const product of own.keys()) linked.add(product);
    }
    const orphan = clearing.products.find((product) => product.contracts.length > 0 && !linked.has(product));
    if (orphan !== undefined) fault(file, 0, `product ${orphan.code} (${orphan.type} ${orphan.id})`, 'belongs to no combined commodity');
  }

  private addCommodity(file: string, clearingOrg: string, definition: SpanCommodity, products: ReadonlyMap<SpanProduct, number>): void {
    const families = [...products.keys()];
    const commodity: IndexedCommodity = {
      rules: rulesOf(definition, families),
      clearingOrg,
      file,
      codes: [...new Set(families.map((product) => product.code))],
      hasPhysical: families.some((product) => product.physicalPrice !== undefined),
      dearest: families.reduce((top, product) => product.contracts.reduce((most, { price }) => Math.max(most, price), top), 0),
    };
    const known = this.bySymbol.get(definition.symbol);
    if (known !== undefined) fault(file, 0, `commodity ${definition.symbol}`, `is also in ${known.file}`);
    this.commodities.push(commodity);
    this.bySymbol.set(definition.symbol, commodity);
    for (const code of commodity.codes) if (!this.bySymbol.has(code)) this.bySymbol.set(code, commodity);
    for (const [product, linkScaling] of products) {
      const isFuturesStyle = product.type !== 'FUT' && product.valuation === 'FUT';
      for (const contract of product.contracts) {
        const key = contractKey(product.code, contract.expiry, contract.kind, contract.strike);
        if (this.contracts.has(key)) fault(file, 0, `contract ${key}`, 'appears twice');
        this.contracts.set(key, { contract, commodity, linkScaling, isFuturesStyle });
      }
    }
  }
}

/** Products a commodity links, with their delta scaling. */
function linkedProducts(definition: SpanCommodity, products: ReadonlyMap<string, SpanProduct>): Map<SpanProduct, number> {
  const own = new Map<SpanProduct, number>();
  for (const link of definition.links) {
    const product = products.get(productKey(link));
    if (product !== undefined) own.set(product, link.scaling);
  }
  return own;
}

function productKey(product: { readonly exchange: string; readonly id: string; readonly type: string }): string {
  return `${product.exchange}|${product.id}|${product.type}`;
}

function rulesOf(definition: SpanCommodity, products: readonly SpanProduct[]): CombinedCommodity {
  const { links: _links, ...rules } = definition;
  const nearest = products
    .filter((product) => product.type === 'FUT')
    .flatMap((product) => product.contracts)
    .reduce<SpanContract | undefined>((near, each) => (near === undefined || each.expiry < near.expiry ? each : near), undefined);
  const firstOf = (field: 'priceScan' | 'volScan'): number => products.find((product) => (product[field] ?? 0) > 0)?.[field] ?? 0;
  const physical = products.find((product) => product.physicalPrice !== undefined)?.physicalPrice;
  return {
    ...rules,
    scanTiers: coverAll(rules.scanTiers, products),
    priceScan: firstOf('priceScan'),
    volScan: firstOf('volScan'),
    spot: physical ?? nearest?.price ?? 0,
  };
}

/** Scan tiers that cover every contract: what lies in none is scanned by itself, which can only ask for more. */
function coverAll(tiers: CombinedCommodity['scanTiers'], products: readonly SpanProduct[]): CombinedCommodity['scanTiers'] {
  if (tiers.length === 0) return tiers;
  const outside = products.some((product) => product.contracts.some(({ expiry }) => !tiers.some((tier) => isInTier(tier, expiry))));
  return outside ? [...tiers, { tier: 1 + Math.max(...tiers.map((each) => each.tier)), from: 0, to: 0 }] : tiers;
}

/** Whether an expiry lies in a tier; 0 is unbounded. */
export function isInTier(tier: { readonly from: number; readonly to: number }, expiry: number): boolean {
  return (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to);
}
