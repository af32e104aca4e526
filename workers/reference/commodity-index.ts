// Contracts and rules of the SPAN files, found by symbol: which combined commodity a product belongs to, with what delta scaling, and
// what its contracts are. Several files (one per clearing corporation) stand side by side: a symbol may be in two of them, and then the
// exchange segment of a listing says which is meant.
import type { CombinedCommodity, ScanPoint } from '../../engine/index.ts';
import { clears } from './clearing-org.ts';
import { contractKey } from './exposure-file.ts';
import { deliveredExpiry, optionTermsOf } from './option-terms.ts';
import { fault } from './reference-error.ts';
import type { SpanClearing, SpanCommodity, SpanContract, SpanFile, SpanProduct } from './span/span-file.ts';

/** A contract with what its product and commodity say about it. */
export interface IndexedContract {
  readonly contract: SpanContract;
  /** Code of its product, by which listings name it. */
  readonly code: string;
  readonly commodity: IndexedCommodity;
  /** Delta scaling of the product in its commodity. */
  readonly linkScaling: number;
  /** Options marked to market count no option value. */
  readonly isFuturesStyle: boolean;
}

export interface IndexedCommodity {
  readonly rules: CombinedCommodity;
  /** Name of the underlying in the table: the symbol, or symbol@organisation for the second that has it. */
  readonly name: string;
  readonly clearingOrg: string;
  readonly file: string;
  readonly codes: string[];
  /** Every contract of its clearing organisation's file. */
  readonly contracts: ReadonlyMap<string, IndexedContract>;
  /** Price of a physical exists: a share or index, not a bare commodity future. */
  readonly hasPhysical: boolean;
  /** Dearest contract or physical price, rupees; bounds charges given as a share of the price. */
  readonly dearest: number;
}

/** Combined commodities and contracts of all SPAN files of a load. Throws ReferenceFileError on what is doubled or left over. */
export class CommodityIndex {
  readonly commodities: IndexedCommodity[] = [];
  private readonly bySymbol = new Map<string, IndexedCommodity[]>();
  private readonly files: Map<string, IndexedContract>[] = [];

  constructor(spans: readonly SpanFile[]) {
    for (const span of spans) for (const clearing of span.clearing) this.addClearing(span, clearing);
  }

  /** The commodity a trading symbol (its own code, or a product's) belongs to in a segment. */
  commodityOf(symbol: string, segment: number): IndexedCommodity | undefined {
    const known = this.bySymbol.get(symbol);
    return known?.find((each) => clears(each.clearingOrg, segment)) ?? known?.[0];
  }

  /** The contract of a commodity, by trading symbol of its underlying. */
  find(commodity: IndexedCommodity, symbol: string, expiry: number, kind: string, strike: number): IndexedContract | undefined {
    for (const code of [symbol, ...commodity.codes]) {
      const found = commodity.contracts.get(contractKey(code, expiry, kind, strike));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Every contract, in file order. */
  *all(): Iterable<IndexedContract> {
    for (const contracts of this.files) yield* contracts.values();
  }

  private addClearing(span: SpanFile, clearing: SpanClearing): void {
    const { file } = span.source;
    const products = new Map<string, SpanProduct>();
    for (const product of clearing.products) products.set(productKey(product), product);
    const owners = clearing.commodities.map((definition) => ({ definition, own: linkedProducts(definition, products) }));
    const contracts = new Map<string, IndexedContract>();
    this.files.push(contracts);
    const linked = new Set(owners.flatMap(({ own }) => [...own.keys()]));
    for (const { definition, own } of owners) {
      // Files name commodity and products alike, and not all link every product.
      for (const product of clearing.products) if (!linked.has(product) && product.code === definition.symbol) own.set(product, 1);
      this.addCommodity({ file, clearing, contracts }, definition, own);
      for (const product of own.keys()) linked.add(product);
    }
    const orphan = clearing.products.find((product) => product.contracts.length > 0 && !linked.has(product));
    if (orphan !== undefined) fault(file, 0, `product ${orphan.code} (${orphan.type} ${orphan.id})`, 'belongs to no combined commodity');
  }

  private addCommodity(of: Publication, definition: SpanCommodity, products: ReadonlyMap<SpanProduct, number>): void {
    const { file, clearing, contracts } = of;
    const { clearingOrg } = clearing;
    const families = [...products.keys()];
    const { symbol } = definition;
    const same = this.commodities.filter((each) => each.rules.symbol === symbol);
    const known = same.find((each) => each.clearingOrg === clearingOrg);
    if (known !== undefined) fault(file, 0, `commodity ${symbol}`, `is also in ${known.file}`);
    const commodity: IndexedCommodity = {
      rules: { ...rulesOf(definition, products, clearing.scanPoints), clearingOrg },
      name: same.length === 0 ? symbol : `${symbol}@${clearingOrg}`,
      clearingOrg,
      file,
      codes: [...new Set(families.map((product) => product.code))],
      contracts,
      hasPhysical: families.some((product) => product.physicalPrice !== undefined),
      dearest: families.reduce((top, product) => product.contracts.reduce((most, { price }) => Math.max(most, price), top), 0),
    };
    this.commodities.push(commodity);
    for (const code of new Set([symbol, ...commodity.codes])) this.addSymbol(code, commodity);
    for (const [product, linkScaling] of products) {
      const isFuturesStyle = product.type !== 'FUT' && product.valuation === 'FUT';
      for (const contract of product.contracts) {
        const key = contractKey(product.code, contract.expiry, contract.kind, contract.strike);
        if (contracts.has(key)) fault(file, 0, `contract ${key}`, 'appears twice');
        contracts.set(key, { contract, code: product.code, commodity, linkScaling, isFuturesStyle });
      }
    }
  }

  /** A commodity's own code goes before a product's code of another commodity of the same organisation. */
  private addSymbol(code: string, commodity: IndexedCommodity): void {
    const known = this.bySymbol.get(code) ?? [];
    this.bySymbol.set(code, known);
    const rival = known.findIndex((each) => each.clearingOrg === commodity.clearingOrg);
    if (rival < 0) known.push(commodity);
    else if (code === commodity.rules.symbol) known[rival] = commodity;
  }
}

/** What a commodity comes from. */
interface Publication {
  readonly file: string;
  readonly clearing: SpanClearing;
  readonly contracts: Map<string, IndexedContract>;
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

function rulesOf(
  definition: SpanCommodity,
  scaled: ReadonlyMap<SpanProduct, number>,
  scanPoints: readonly ScanPoint[] | undefined,
): CombinedCommodity {
  const { links: _links, ...rules } = definition;
  const products = [...scaled.keys()];
  const nearest = products
    .filter((product) => product.type === 'FUT')
    .flatMap((product) => product.contracts)
    .reduce<SpanContract | undefined>((near, each) => (near === undefined || each.expiry < near.expiry ? each : near), undefined);
  const deltaExpiry = futureOfOption(products);
  const firstOf = (field: 'priceScan' | 'volScan'): number => products.find((product) => (product[field] ?? 0) > 0)?.[field] ?? 0;
  const physical = products.find((product) => product.physicalPrice !== undefined)?.physicalPrice;
  const prices = { spot: physical ?? nearest?.price ?? 0, priceScan: firstOf('priceScan') };
  const optionTerms = optionTermsOf(scaled, { ...prices, scanPoints: rules.scanPoints ?? scanPoints });
  return {
    ...rules,
    scanTiers: coverAll(rules.scanTiers, products, deltaExpiry),
    ...(deltaExpiry === undefined ? {} : { deltaExpiry }),
    ...(optionTerms === undefined ? {} : { optionTerms }),
    priceScan: prices.priceScan,
    volScan: firstOf('volScan'),
    spot: prices.spot,
  };
}

/** Expiry of an option series -> expiry of the future it delivers, where the two differ. */
function futureOfOption(products: readonly SpanProduct[]): Record<string, number> | undefined {
  const found: Record<string, number> = {};
  for (const options of products) {
    for (const expiry of options.delivers?.keys() ?? []) {
      const future = deliveredExpiry(products, options, expiry);
      if (future !== undefined && future !== expiry) found[expiry] = future;
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/** Scan tiers that cover every contract: what lies in none is scanned by itself, which can only ask for more. */
function coverAll(
  tiers: CombinedCommodity['scanTiers'],
  products: readonly SpanProduct[],
  deltaExpiry: Record<string, number> = {},
): CombinedCommodity['scanTiers'] {
  if (tiers.length === 0) return tiers;
  const seenAs = ({ kind, expiry }: SpanContract): number => (kind === 'FUT' ? expiry : (deltaExpiry[expiry] ?? expiry));
  const outside = products.some((product) => product.contracts.some((contract) => !tiers.some((tier) => isInTier(tier, seenAs(contract)))));
  return outside ? [...tiers, { tier: 1 + Math.max(...tiers.map((each) => each.tier)), from: 0, to: 0 }] : tiers;
}

/** Whether an expiry lies in a tier; 0 is unbounded. */
export function isInTier(tier: { readonly from: number; readonly to: number }, expiry: number): boolean {
  return (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to);
}
