// Readers of <exchange>: physicals, futures, options on physicals and on futures, with their risk arrays. The hot part of the file.
import type { ElementReader } from './element-reader.ts';
import type { LeafText } from './leaf-text.ts';
import type { SpanContract, SpanProduct } from './span-file.ts';

const SCENARIOS = 16;
const TYPE_OF_TAG: Record<string, SpanProduct['type']> = { phyPf: 'PHY', futPf: 'FUT', oopPf: 'OOP', oofPf: 'OOF' };

/** <ra>: 16 values and a delta; of several rates the first is kept. */
class RiskArrayReader implements ElementReader {
  values: number[] = [];
  delta: number | undefined;
  private taken = 0;
  private building: number[] = [];
  private buildingDelta: number | undefined;

  /** Forgets the arrays of the contract before. */
  reset(): void {
    this.taken = 0;
    this.values = [];
    this.delta = undefined;
  }

  begin(): void {
    this.building = [];
    this.buildingDelta = undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'a') this.building.push(exactPaise(value.number()));
    else if (tag === 'd') this.buildingDelta = value.number();
  }

  end(value: LeafText): void {
    if (this.building.length !== SCENARIOS) value.fail(`risk array has ${this.building.length} values, expected ${SCENARIOS}`);
    if (this.taken++ > 0) return;
    this.values = this.building;
    this.delta = this.buildingDelta;
  }
}

/** Rupees to paise; what is printed with two decimals is exact, more decimals are kept to a millionth of a rupee. */
function exactPaise(rupees: number): number {
  const paise = rupees * 100;
  const whole = Math.round(paise);
  return Math.abs(paise - whole) < 1e-5 ? whole : Math.round(paise * 10_000) / 10_000;
}

class ScanRateReader implements ElementReader {
  priceScan: number | undefined;
  volScan: number | undefined;

  leaf(tag: string, value: LeafText): void {
    if (tag === 'priceScan') this.priceScan ??= value.number();
    else if (tag === 'volScan') this.volScan ??= value.number();
  }
}

/** <undC>: the contract that a series delivers. */
class UnderlyingReader implements ElementReader {
  product = '';
  contract = '';

  leaf(tag: string, value: LeafText): void {
    if (tag === 'pfId') this.product = value.text();
    else if (tag === 'cId') this.contract = value.text();
  }
}

/** <fut>, <opt> and <phy>: one contract. */
class ContractReader implements ElementReader {
  id = '';
  kind: SpanContract['kind'] | undefined;
  expiry = 0;
  strike: number | undefined;
  price: number | undefined;
  delta: number | undefined;
  scaling: number | undefined;
  valueFactor: number | undefined;
  readonly array = new RiskArrayReader();
  /** Only futures are asked for by id; the ids of options would be many strings for nothing. */
  private readonly keepsId: boolean;
  private readonly scan: ScanRateReader;
  private readonly done: (contract: ContractReader, value: LeafText) => void;

  constructor(scan: ScanRateReader, keepsId: boolean, done: (contract: ContractReader, value: LeafText) => void) {
    this.scan = scan;
    this.keepsId = keepsId;
    this.done = done;
  }

  begin(): void {
    this.id = '';
    this.kind = undefined;
    this.expiry = 0;
    this.strike = undefined;
    this.price = undefined;
    this.delta = undefined;
    this.scaling = undefined;
    this.valueFactor = undefined;
    this.array.reset();
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'ra') return this.array;
    return tag === 'scanRate' ? this.scan : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    switch (tag) {
      case 'cId':
        if (this.keepsId) this.id = value.text();
        break;
      case 'p':
        this.price = value.number();
        break;
      case 'k':
        this.strike = Math.round(value.number() * 10_000);
        break;
      case 'o':
        this.kind = value.word(['C', 'P']) === 'C' ? 'CE' : 'PE';
        break;
      case 'pe':
        this.expiry = value.date();
        break;
      case 'd':
        this.delta = value.number();
        break;
      case 'sc':
        this.scaling = value.number();
        break;
      case 'cvf':
        this.valueFactor = value.number();
        break;
    }
  }

  end(value: LeafText): void {
    this.done(this, value);
  }
}

/** <series>: options of one expiry. */
class SeriesReader implements ElementReader {
  private expiry = 0;
  private scaling: number | undefined;
  private valueFactor: number | undefined;
  private optionsBefore = 0;
  private underlying: UnderlyingReader = new UnderlyingReader();
  private readonly family: FamilyReader;
  private readonly option: ContractReader;

  constructor(family: FamilyReader) {
    this.family = family;
    this.option = new ContractReader(family.scan, false, (contract, value) => this.takeOption(contract, value));
  }

  begin(): void {
    this.expiry = 0;
    this.scaling = undefined;
    this.valueFactor = undefined;
    this.optionsBefore = this.family.contracts.length;
    this.underlying = new UnderlyingReader();
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'opt') return this.option;
    if (tag === 'undC') return this.underlying;
    return tag === 'scanRate' ? this.family.scan : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'pe') this.expiry = value.date();
    else if (tag === 'sc') this.scaling = value.number();
    else if (tag === 'cvf') this.valueFactor = value.number();
  }

  private takeOption(option: ContractReader, value: LeafText): void {
    const { kind, strike, price } = option;
    if (kind === undefined || strike === undefined || price === undefined) {
      value.fail(`option has no <${kind === undefined ? 'o' : strike === undefined ? 'k' : 'p'}>`);
    }
    this.family.take(option, { kind, strike, price, expiry: this.expiry });
  }

  end(value: LeafText): void {
    // Series elements may follow the options they belong to, so what depends on them is settled here.
    if (this.expiry === 0) value.fail('series has no <pe>');
    if (this.underlying.contract !== '') this.family.delivers.set(this.expiry, this.underlying);
    for (let i = this.optionsBefore; i < this.family.contracts.length; i++) {
      const contract = this.family.contracts[i];
      if (contract !== undefined) this.family.settle(contract, this.expiry, this.scaling, this.valueFactor);
    }
  }
}

type Draft = { -readonly [Field in keyof SpanContract]: SpanContract[Field] } & { ownScaling: boolean; ownFactor: boolean };

/** A product family of any type. */
class FamilyReader implements ElementReader {
  contracts: Draft[] = [];
  scan: ScanRateReader = new ScanRateReader();
  /** By expiry of the series. */
  delivers: Map<number, UnderlyingReader> = new Map();
  private futureExpiries: Map<string, number> = new Map();
  private type: SpanProduct['type'] = 'PHY';
  private text: Record<string, string> = {};
  private valueFactor: number | undefined;
  private physicalPrice: number | undefined;
  private series: SeriesReader = new SeriesReader(this);
  private single: ContractReader = new ContractReader(this.scan, true, (contract, value) => this.takeSingle(contract, value));
  private readonly done: (product: SpanProduct, value: LeafText) => void;

  constructor(done: (product: SpanProduct, value: LeafText) => void) {
    this.done = done;
  }

  /** Prepares for a family of the type the tag names; undefined when it is no family tag this release reads. */
  for(tag: string): FamilyReader | undefined {
    const type = TYPE_OF_TAG[tag];
    if (type === undefined) return undefined;
    this.type = type;
    return this;
  }

  begin(): void {
    this.contracts = [];
    this.delivers = new Map();
    this.futureExpiries = new Map();
    this.text = {};
    this.valueFactor = undefined;
    this.physicalPrice = undefined;
    this.scan = new ScanRateReader();
    this.series = new SeriesReader(this);
    this.single = new ContractReader(this.scan, true, (contract, value) => this.takeSingle(contract, value));
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'series') return this.series;
    return tag === 'fut' || tag === 'phy' ? this.single : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'cvf') this.valueFactor = value.number();
    else if (tag === 'pfId' || tag === 'pfCode' || tag === 'currency' || tag === 'valueMeth' || tag === 'exercise') this.text[tag] = value.text();
  }

  private takeSingle(contract: ContractReader, value: LeafText): void {
    const { price, expiry } = contract;
    if (this.type === 'PHY') {
      this.physicalPrice ??= price;
      return;
    }
    if (price === undefined || expiry === 0) value.fail(`future has no <${price === undefined ? 'p' : 'pe'}>`);
    this.futureExpiries.set(contract.id, expiry);
    this.take(contract, { kind: 'FUT', strike: 0, price, expiry });
  }

  /** Adds a contract; scaling and value factor it does not print itself stay open until `settle`. */
  take(contract: ContractReader, key: Pick<SpanContract, 'kind' | 'strike' | 'price' | 'expiry'>): void {
    this.contracts.push({
      kind: key.kind,
      expiry: key.expiry,
      strike: key.strike,
      price: key.price,
      delta: contract.array.delta ?? contract.delta ?? (key.kind === 'FUT' ? 1 : 0),
      scaling: contract.scaling ?? 1,
      valueFactor: contract.valueFactor ?? 1,
      riskArray: contract.array.values,
      ownScaling: contract.scaling !== undefined,
      ownFactor: contract.valueFactor !== undefined,
    });
  }

  /** Fills from the series what an option did not print itself. */
  settle(contract: Draft, expiry: number, scaling: number | undefined, valueFactor: number | undefined): void {
    contract.expiry = expiry;
    if (scaling !== undefined && !contract.ownScaling) contract.scaling = scaling;
    if (valueFactor === undefined || contract.ownFactor) return;
    contract.valueFactor = valueFactor;
    contract.ownFactor = true;
  }

  end(value: LeafText): void {
    const { pfId: id = '', pfCode: code = '', currency = 'INR', valueMeth: valuation = '', exercise } = this.text;
    if (code === '') value.fail('product family has no <pfCode>');
    if (this.valueFactor !== undefined) {
      for (const contract of this.contracts) if (!contract.ownFactor) contract.valueFactor = this.valueFactor;
    }
    const { type, contracts, physicalPrice } = this;
    const { priceScan, volScan } = this.scan;
    const product = { type, exchange: '', id, code, currency, valuation, contracts };
    this.done(
      {
        ...product,
        ...(physicalPrice === undefined ? {} : { physicalPrice }),
        ...(priceScan === undefined ? {} : { priceScan }),
        ...(volScan === undefined ? {} : { volScan }),
        ...(type === 'FUT' ? { futureExpiries: this.futureExpiries } : {}),
        ...(type === 'OOF' ? { delivers: this.delivers } : {}),
        ...(exercise === 'AMER' ? { exercise: 'AMERICAN' as const } : {}),
      },
      value,
    );
  }
}

/** <exchange>: its families carry the exchange's code, which may stand after them. */
export class ExchangeReader implements ElementReader {
  private exchange = '';
  private products: SpanProduct[] = [];
  private readonly into: SpanProduct[];
  private readonly family = new FamilyReader((product) => this.products.push(product));

  constructor(into: SpanProduct[]) {
    this.into = into;
  }

  begin(): void {
    this.exchange = '';
    this.products = [];
  }

  child(tag: string): ElementReader | undefined {
    return this.family.for(tag);
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'exch') this.exchange = value.text();
  }

  end(): void {
    for (const product of this.products) this.into.push({ ...product, exchange: this.exchange });
  }
}
