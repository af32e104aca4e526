// Readers of <dSpread> (delta spreads: calendar charges, inter-commodity credits) and <sSpread> (scanning spreads).
import type { ScanningSpread, Spread, SpreadLeg } from '../../../engine/index.ts';
import type { ElementReader } from './element-reader.ts';
import type { LeafText } from './leaf-text.ts';

/** <rate>: of several risk rates the first is kept. */
export class RateReader implements ElementReader {
  value: number | undefined;

  leaf(tag: string, value: LeafText): void {
    if (tag === 'val') this.value ??= value.number();
  }
}

/** A rate that is a share of something: files print 0.55 or 55 for 55 %; no credit or charge is below 1 % or above 100 %. */
function fraction(rate: number): number {
  return Math.abs(rate) > 1 ? rate / 100 : rate;
}

/** <tLeg>, <pLeg>, <rpLeg> and <sLeg>. */
class LegReader implements ElementReader {
  tag = '';
  commodity = '';
  expiry = 0;
  tier = 0;
  period: number | undefined;
  side: 'A' | 'B' = 'A';
  ratio = 1;
  required = true;
  isTarget = false;
  rate: RateReader = new RateReader();
  private readonly done: (leg: LegReader, value: LeafText) => void;

  constructor(done: (leg: LegReader, value: LeafText) => void) {
    this.done = done;
  }

  for(tag: string): LegReader {
    this.tag = tag;
    return this;
  }

  begin(): void {
    this.commodity = '';
    this.expiry = 0;
    this.tier = 0;
    this.period = undefined;
    this.side = 'A';
    this.ratio = 1;
    this.required = true;
    this.isTarget = false;
    this.rate = new RateReader();
  }

  child(tag: string): ElementReader | undefined {
    return tag === 'rate' ? this.rate : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    switch (tag) {
      case 'cc':
        this.commodity = value.text();
        break;
      case 'pe':
        this.expiry = value.date();
        break;
      case 'tn':
        this.tier = value.integer();
        break;
      case 'rpNum':
        this.period = value.integer();
        break;
      case 'btNum':
      case 'etNum':
        if (value.integer() !== 0) value.fail('a relative series counted within tiers is not known');
        break;
      case 'rs':
        this.side = value.word(['A', 'B']);
        break;
      case 'i':
        this.ratio = value.number();
        break;
      case 'isTarget':
        this.isTarget = isYes(value);
        break;
      case 'isRequired':
        this.required = isYes(value);
        break;
    }
  }

  end(value: LeafText): void {
    if (this.commodity === '') value.fail('spread leg has no <cc>');
    if (this.tag === 'pLeg' && this.expiry === 0) value.fail('spread leg has no <pe>');
    if (this.tag === 'rpLeg' && !(this.period !== undefined && this.period > 0)) value.fail('relative series has no <rpNum> above 0');
    if (!(this.ratio > 0)) value.fail(`spread leg's ratio ${this.ratio} is not positive`);
    this.done(this, value);
  }
}

function isYes(value: LeafText): boolean {
  return value.word(['0', '1', 'N', 'Y', 'false', 'true']).search(/^[1Yt]/) === 0;
}

/** <dSpread>. A spread with a kind of leg this release does not know is refused, never applied in part. */
export class DeltaSpreadReader implements ElementReader {
  private priority = 0;
  private method: Spread['method'] = 'F';
  private legs: SpreadLeg[] = [];
  private rate: RateReader = new RateReader();
  private readonly leg = new LegReader((leg) => this.takeLeg(leg));
  private readonly done: (spread: Spread) => void;

  constructor(done: (spread: Spread) => void) {
    this.done = done;
  }

  begin(): void {
    this.priority = 0;
    this.method = 'F';
    this.legs = [];
    this.rate = new RateReader();
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'rate') return this.rate;
    return tag === 'tLeg' || tag === 'pLeg' || tag === 'rpLeg' ? this.leg.for(tag) : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'spread') this.priority = value.integer();
    else if (tag === 'chargeMeth') this.method = value.word(['F', 'P', 'W']);
  }

  private takeLeg(leg: LegReader): void {
    const { commodity, expiry, tier, side, ratio, required, period } = leg;
    const rate = leg.rate.value;
    const optional = { ...(rate === undefined ? {} : { rate: fraction(rate) }), ...(period === undefined ? {} : { period }) };
    this.legs.push({ commodity, expiry, tier, side, ratio, required, ...optional });
  }

  end(value: LeafText): void {
    if (this.legs.length < 2) value.fail(`spread ${this.priority} has ${this.legs.length} legs`);
    const rate = this.rate.value ?? 0;
    this.done({ priority: this.priority, method: this.method, rate: this.method === 'F' ? rate : fraction(rate), legs: this.legs });
  }
}

/** <sSpread>. */
export class ScanningSpreadReader implements ElementReader {
  private priority = 0;
  private legs: { commodity: string; isTarget: boolean; required: boolean; ratio: number; rate: number }[] = [];
  private rate: RateReader = new RateReader();
  private readonly leg = new LegReader((leg) => this.takeLeg(leg));
  private readonly done: (spread: ScanningSpread) => void;

  constructor(done: (spread: ScanningSpread) => void) {
    this.done = done;
  }

  begin(): void {
    this.priority = 0;
    this.legs = [];
    this.rate = new RateReader();
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'rate') return this.rate;
    return tag === 'sLeg' ? this.leg.for(tag) : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'spread') this.priority = value.integer();
  }

  private takeLeg(leg: LegReader): void {
    const { commodity, isTarget, required, ratio } = leg;
    this.legs.push({ commodity, isTarget, required, ratio, rate: fraction(leg.rate.value ?? Number.NaN) });
  }

  end(value: LeafText): void {
    if (this.legs.length < 2) value.fail(`scanning spread ${this.priority} has ${this.legs.length} legs`);
    const common = fraction(this.rate.value ?? 0);
    const legs = this.legs.map((leg) => ({ ...leg, rate: Number.isNaN(leg.rate) ? common : leg.rate }));
    this.done({ priority: this.priority, legs });
  }
}
