// Reader of <pointDef>: how the file defines its 16 scenarios. Definitions are kept whole or refused; a file without them leaves them out.
import type { ScanPoint } from '../../../engine/index.ts';
import type { ElementReader } from './element-reader.ts';
import type { LeafText } from './leaf-text.ts';

const SCENARIOS = 16;

/** <priceScanDef>, <volScanDef>: a part of a scan range. */
class MoveReader implements ElementReader {
  private multiple: number | undefined;
  private numerator: number | undefined;
  private denominator: number | undefined;

  begin(): void {
    this.multiple = undefined;
    this.numerator = undefined;
    this.denominator = undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'mult') this.multiple = value.number();
    else if (tag === 'numerator') this.numerator = value.number();
    else if (tag === 'denominator') this.denominator = value.number();
  }

  /** Files print 0.3333 and 1 / 3 for the same move, or 1 and 1 / 3: the quotient is exact, and stands for the first or multiplies the second. */
  get move(): number {
    const { multiple = 1, numerator = 0, denominator = 0 } = this;
    if (denominator === 0) return multiple;
    const exact = numerator / denominator;
    return Math.abs(multiple - exact) < 0.01 ? exact : multiple * exact;
  }
}

/** <scanPointDef>. */
class PointReader implements ElementReader {
  private numbers: Record<string, number> = {};
  private readonly price = new MoveReader();
  private readonly volatility = new MoveReader();
  private readonly done: (point: ScanPoint, value: LeafText) => void;

  constructor(done: (point: ScanPoint, value: LeafText) => void) {
    this.done = done;
  }

  begin(): void {
    this.numbers = {};
  }

  child(tag: string): ElementReader | undefined {
    return tag === 'priceScanDef' ? this.price : tag === 'volScanDef' ? this.volatility : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'point' || tag === 'pairedPoint') this.numbers[tag] = value.integer();
    else if (tag === 'weight') this.numbers[tag] = value.number();
  }

  end(value: LeafText): void {
    const { point = 0, pairedPoint: paired = point, weight = 1 } = this.numbers;
    for (const each of [point, paired]) if (each < 1 || each > SCENARIOS) value.fail(`scan point ${each} is not one of ${SCENARIOS}`);
    this.done({ point, priceMove: this.price.move, volMove: this.volatility.move, weight, paired }, value);
  }
}

/** <pointDef>; of several rates the first is kept. */
export class ScanPointsReader implements ElementReader {
  points: readonly ScanPoint[] | undefined;
  private building: ScanPoint[] = [];
  private readonly point = new PointReader((point, value) => {
    if (this.building.some((known) => known.point === point.point)) value.fail(`scan point ${point.point} is defined twice`);
    this.building.push(point);
  });

  begin(): void {
    this.building = [];
  }

  child(tag: string): ElementReader | undefined {
    return tag === 'scanPointDef' ? this.point : undefined;
  }

  end(value: LeafText): void {
    if (this.building.length === 0) return;
    if (this.building.length !== SCENARIOS) value.fail(`${this.building.length} scan points are defined, expected ${SCENARIOS}`);
    this.points ??= this.building.sort((a, b) => a.point - b.point);
  }
}
