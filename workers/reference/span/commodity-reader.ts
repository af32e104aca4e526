// Reader of <ccDef>: the rules of one combined commodity. Tiers, spreads, spot charges and minimums are kept as data; nothing is applied.
import type { SpotCharge, Spread, Tier } from '../../../engine/index.ts';
import type { ElementReader } from './element-reader.ts';
import type { LeafText } from './leaf-text.ts';
import { ScanPointsReader } from './scan-point-reader.ts';
import type { ProductLink, SpanCommodity } from './span-file.ts';
import { DeltaSpreadReader, RateReader } from './spread-reader.ts';

type RatedTier = Tier & { readonly rate: number };

/** One element's leaves by name, for small elements. */
class RecordReader implements ElementReader {
  private text: Record<string, string> = {};
  private readonly numeric: readonly string[];
  private numbers: Record<string, number> = {};
  private readonly done: (text: Record<string, string>, numbers: Record<string, number>, value: LeafText) => void;

  constructor(numeric: readonly string[], done: (text: Record<string, string>, numbers: Record<string, number>, value: LeafText) => void) {
    this.numeric = numeric;
    this.done = done;
  }

  begin(): void {
    this.text = {};
    this.numbers = {};
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'pe') this.numbers[tag] = value.date();
    else if (this.numeric.includes(tag)) this.numbers[tag] = value.number();
    else this.text[tag] = value.text();
  }

  end(value: LeafText): void {
    this.done(this.text, this.numbers, value);
  }
}

/** <tier>: a range of expiries, both ends inclusive. */
class TierReader implements ElementReader {
  private tier = 0;
  private from = 0;
  private to = 0;
  private rate = new RateReader();
  private readonly into: () => RatedTier[];

  constructor(into: () => RatedTier[]) {
    this.into = into;
  }

  begin(): void {
    this.tier = 0;
    this.from = 0;
    this.to = 0;
    this.rate = new RateReader();
  }

  child(tag: string): ElementReader | undefined {
    return tag === 'rate' ? this.rate : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'tn') this.tier = value.integer();
    else if (tag === 'sPe') this.from = value.date();
    else if (tag === 'ePe') this.to = value.date();
  }

  end(value: LeafText): void {
    // A month stands for all its days: day 00 to day 99.
    const to = this.to % 100 === 0 && this.to > 0 ? this.to + 99 : this.to;
    if (to !== 0 && to < this.from) value.fail(`tier ends (${to}) before it begins (${this.from})`);
    this.into().push({ tier: this.tier, from: this.from, to, rate: this.rate.value ?? 0 });
  }
}

const TIER_LISTS = ['scanTiers', 'intraTiers', 'interTiers', 'somTiers'] as const;
type TierList = (typeof TIER_LISTS)[number];

/** <ccDef>. */
export class CommodityReader implements ElementReader {
  private text: Record<string, string> = {};
  private tiers: Record<TierList, RatedTier[]> = { scanTiers: [], intraTiers: [], interTiers: [], somTiers: [] };
  private tierList: TierList = 'scanTiers';
  private spreads: Spread[] = [];
  private spotCharges: SpotCharge[] = [];
  private links: ProductLink[] = [];
  private adjustment: number | undefined;
  private points: ScanPointsReader = new ScanPointsReader();
  private readonly done: (commodity: SpanCommodity, value: LeafText) => void;
  private readonly spread = new DeltaSpreadReader((spread) => this.spreads.push(spread));
  private readonly tierListReader: ElementReader;
  private readonly link = new RecordReader(['sc'], (text, numbers) => {
    this.links.push({ exchange: text['exch'] ?? '', id: text['pfId'] ?? '', type: text['pfType'] ?? '', scaling: numbers['sc'] ?? 1 });
  });
  private readonly spot = new RecordReader(['sprd', 'outr'], (_text, numbers) => {
    this.spotCharges.push({ expiry: numbers['pe'] ?? 0, spreadRate: numbers['sprd'] ?? 0, outrightRate: numbers['outr'] ?? 0 });
  });
  private readonly adjust = new RecordReader(['val'], (_text, numbers) => {
    this.adjustment ??= numbers['val'];
  });

  constructor(done: (commodity: SpanCommodity, value: LeafText) => void) {
    this.done = done;
    const tier = new TierReader(() => this.tiers[this.tierList]);
    this.tierListReader = { child: (tag) => (tag === 'tier' ? tier : undefined) };
  }

  begin(): void {
    this.text = {};
    this.tiers = { scanTiers: [], intraTiers: [], interTiers: [], somTiers: [] };
    this.spreads = [];
    this.spotCharges = [];
    this.links = [];
    this.adjustment = undefined;
    this.points = new ScanPointsReader();
  }

  child(tag: string): ElementReader | undefined {
    switch (tag) {
      case 'pfLink':
        return this.link;
      case 'dSpread':
        return this.spread;
      case 'spotRate':
        return this.spot;
      case 'adjRate':
        return this.adjust;
      case 'pointDef':
        return this.points;
    }
    const list = TIER_LISTS.find((name) => name === tag);
    if (list === undefined) return undefined;
    this.tierList = list;
    return this.tierListReader;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'wfprMeth') this.text[tag] = value.word(['NORMAL', 'SCANRANGE', 'SCANRANGE_CAP']);
    else if (tag === 'somMeth') this.text[tag] = value.word(['GROSS', 'MAX']);
    else if (tag === 'cc' || tag === 'currency') this.text[tag] = value.text();
  }

  end(value: LeafText): void {
    const symbol = this.text['cc'] ?? '';
    if (symbol === '') value.fail('combined commodity has no <cc>');
    const bare = (list: TierList): Tier[] => this.tiers[list].map(({ tier, from, to }) => ({ tier, from, to }));
    this.done(
      {
        symbol,
        currency: this.text['currency'] ?? 'INR',
        scanTiers: bare('scanTiers'),
        intraTiers: bare('intraTiers'),
        interTiers: bare('interTiers'),
        spreads: this.spreads.sort((a, b) => a.priority - b.priority),
        spotCharges: this.spotCharges,
        shortOptionMinimum: this.tiers.somTiers,
        somMethod: this.text['somMeth'] === 'MAX' ? 'MAX' : 'GROSS',
        wfprMethod: (this.text['wfprMeth'] ?? 'NORMAL') as SpanCommodity['wfprMethod'],
        adjustment: this.adjustment ?? 1,
        ...(this.points.points === undefined ? {} : { scanPoints: this.points.points }),
        links: this.links,
      },
      value,
    );
  }
}
