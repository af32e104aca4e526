// The charges of a contract note in doubles, for those who charge a hundred thousand notes in a second. Turnover is in ticks × units and rates are
// whole numbers (note-scale.ts), so that sums are integers; where one would pass 2^52 the sheet says so and ChargeNote, which has no bounds, is asked
// instead. The same rounding to the paisa (a property holds the two together); no text, no allocation per trade or note.
import { assert } from '../assert.ts';
import { isLinear } from './brokerage-plan.ts';
import { CHARGE_EXCHANGES, CHARGE_KEYS, CHARGE_SEGMENTS, type ChargeKey } from './charged-trade.ts';
import { CHARGE_PARTS, type ChargeTariff } from './note-charges.ts';
import { isScalable, type LinearPart, NoteScale } from './note-scale.ts';

/** Integers stay exact up to here, doubled for a half besides. */
const EXACT_MAX = 2 ** 52;
const FIRST_ORDERS = 64;
const MARKETS = CHARGE_EXCHANGES.length * CHARGE_SEGMENTS.length;
const KEYS_PER_MARKET = CHARGE_KEYS / MARKETS;
const GST = CHARGE_PARTS.length - 1;

/** One note after another: clear, add its trades, take its charges. */
export class NoteSheet {
  private readonly known = new Uint8Array(CHARGE_KEYS);
  private readonly perOrder = new Uint8Array(CHARGE_KEYS);
  private readonly limits = new Float64Array(CHARGE_KEYS);
  /** Of notes within one market (exchange and segment), and of notes across. */
  private readonly scales: readonly NoteScale[];
  private readonly across: NoteScale;

  private readonly turnovers = new Float64Array(CHARGE_KEYS);
  private readonly touched: number[] = [];
  private orders = 0;
  private orderKeys = new Int32Array(FIRST_ORDERS);
  private orderTurnovers = new Float64Array(FIRST_ORDERS);
  private isExact = true;

  constructor(tariff: ChargeTariff) {
    const keys: ChargeKey[] = [];
    for (const [key, terms] of tariff.plan.entries()) {
      this.perOrder[key] = isLinear(terms) ? 0 : 1;
      this.limits[key] = terms.percentUpToTicks;
      if (!isScalable(tariff, key)) continue;
      this.known[key] = 1;
      keys.push(key);
    }
    this.across = new NoteScale(tariff, keys);
    this.scales = Array.from(
      { length: MARKETS },
      (_, market) =>
        new NoteScale(
          tariff,
          keys.filter((key) => marketOf(key) === market),
        ),
    );
  }

  /** Begins a note. */
  clear(): void {
    for (const key of this.touched) this.turnovers[key] = 0;
    this.touched.length = 0;
    this.orders = 0;
    this.isExact = true;
  }

  /** Does brokerage of this key depend on what each order came to? */
  countsOrders(key: ChargeKey): boolean {
    return this.perOrder[key] === 1;
  }

  /** Begins an order of a key that counts orders; returns its number in this note. */
  openOrder(key: ChargeKey): number {
    assert(this.countsOrders(key), 'only keys that count orders have orders');
    if (this.orders === this.orderKeys.length) this.grow();
    this.orderKeys[this.orders] = key;
    this.orderTurnovers[this.orders] = 0;
    this.orders += 1;
    return this.orders - 1;
  }

  /** Adds a trade: `turnover` in ticks × units; `order` as opened, −1 where orders do not count. */
  add(key: ChargeKey, turnover: number, order: number): void {
    const before = this.turnovers[key] as number;
    if (before === 0) this.touched.push(key);
    this.turnovers[key] = before + turnover;
    if (order >= 0) this.orderTurnovers[order] = (this.orderTurnovers[order] as number) + turnover;
    if (this.known[key] !== 1 || !(before + turnover < EXACT_MAX)) this.isExact = false;
  }

  /** Writes the charges in paise, in the order of CHARGE_PARTS; false when they have to be asked of ChargeNote. */
  charges(into: Float64Array): boolean {
    if (!this.isExact) return false;
    const scale = this.scale();
    for (let part = 0; part < CHARGE_PARTS.length; part++) {
      const linear = scale.linear[part];
      if (linear !== undefined) into[part] = this.linearSum(linear) * linear.paise;
    }
    const brokerage = this.brokerage(scale);
    let base = brokerage;
    for (const key of this.touched) base += (this.turnovers[key] as number) * (scale.bases[key] as number);
    into[0] = rounded(brokerage, scale.paisa);
    into[GST] = rounded(base * scale.gstFactor, scale.gstStep);
    for (let part = 0; part < CHARGE_PARTS.length; part++) if (Number.isNaN(into[part])) return false;
    return true;
  }

  private scale(): NoteScale {
    const market = marketOf(this.touched[0] ?? 0);
    for (const key of this.touched) if (marketOf(key) !== market) return this.across;
    return this.scales[market] as NoteScale;
  }

  private linearSum({ factors, step }: LinearPart): number {
    let sum = 0;
    for (const key of this.touched) sum += (this.turnovers[key] as number) * (factors[key] as number);
    return rounded(sum, step);
  }

  private brokerage({ percents, flats }: NoteScale): number {
    let sum = 0;
    for (const key of this.touched) if (this.perOrder[key] === 0) sum += (this.turnovers[key] as number) * (percents[key] as number);
    for (let order = 0; order < this.orders; order++) {
      const key = this.orderKeys[order] as number;
      const turnover = this.orderTurnovers[order] as number;
      sum += turnover <= (this.limits[key] as number) ? turnover * (percents[key] as number) : (flats[key] as number);
    }
    return sum;
  }

  private grow(): void {
    const [keys, turnovers] = [new Int32Array(this.orders * 2), new Float64Array(this.orders * 2)];
    keys.set(this.orderKeys);
    turnovers.set(this.orderTurnovers);
    [this.orderKeys, this.orderTurnovers] = [keys, turnovers];
  }
}

/** Keys of one exchange and segment lie together. */
const marketOf = (key: ChargeKey): number => Math.floor(key / KEYS_PER_MARKET);

/** `sum` in whole steps, half up; NaN when it is not exact. Sums only grow, so one that went past the bound on its way ends past it. */
function rounded(sum: number, step: number): number {
  const doubled = 2 * sum + step;
  return doubled < EXACT_MAX ? (doubled - (doubled % (2 * step))) / (2 * step) : Number.NaN;
}
