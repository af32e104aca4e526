// Live SPAN: the arrays of a table derived again from the price its underlying has now, between two files. Rate and volatility are those with which the model
// reproduces the last file; each entry moves by the model's difference, so that at the file's own price nothing changes and rounding stays the
// file's. Options on a future move with that future, by Black-76. A future's losses are a share of its price, and move with it, like exposure. Works on a copy
// of the table, outside the fold: shards get tables by LoadParameters alone.
import { InstrumentFlag, InstrumentKind, type OptionTerms, ParameterTable, type ScanPoint, underlyingKind } from '../../engine/index.ts';
import { daysBetween, previousTradingDay } from './generate/trading-calendar.ts';
import { modelValue, type RiskArray, type RiskArrayModel, riskArray } from './risk-array-model.ts';

const SCENARIOS = 16;
const TICKS_PER_RUPEE = 10_000;
const LOOKAHEAD_DAYS = 2;
const DAYS_PER_YEAR = 365;
/** Beyond nine months the price scan range of an index is wider. */
const FAR_DAYS = 274;
const FAR_INDEX_SCAN = 0.177;
const MIN_PRICE_PAISE = 5;
const USUAL_RATE = 0.065;
/** A money rate above this is none. */
const HIGHEST_RATE = 0.15;

/** How arrays of options are made: on the spot, on a future, or with early exercise. */
export type OptionModel = 'BLACK_SCHOLES' | 'BLACK_76' | 'BARONE_ADESI_WHALEY';

/** How one underlying's arrays are made, and how far the model is from the file: the largest difference seen, in parts of the scan range. */
export interface Calibration {
  /** Of the options it was found by; null where there are futures only. */
  readonly model: OptionModel | null;
  readonly r: number;
  readonly sigma: number;
  readonly residual: number;
}

export class LiveArrays {
  /** The arrays as of now; another object after each change, over the same memory. */
  table: ParameterTable;
  private readonly file: ParameterTable;
  private readonly previousDate: number;
  private readonly calibrations: (Calibration | undefined)[] = [];

  /** Starts at the file's prices. */
  constructor(file: ParameterTable) {
    this.file = file;
    const copy = new SharedArrayBuffer(file.buffer.byteLength);
    new Uint8Array(copy).set(new Uint8Array(file.buffer));
    this.table = new ParameterTable(copy);
    this.previousDate = previousTradingDay(file.businessDate);
  }

  /** The underlying's calibration; undefined where the file gives nothing to find it by. */
  calibrationOf(underlying: number): Calibration | undefined {
    if (!(underlying in this.calibrations)) this.calibrations[underlying] = this.calibrate(underlying);
    return this.calibrations[underlying];
  }

  /** Derives every row of an underlying from its price in ticks; how many. Call renew() when all have moved. 0 where there is no calibration. */
  move(underlying: number, spot: number): number {
    const found = this.calibrationOf(underlying);
    const { file } = this;
    if (found === undefined || !(spot > 0)) return 0;
    const first = file.firstInstrument[underlying] as number;
    const end = first + (file.instrumentCount[underlying] as number);
    let moved = 0;
    for (let row = first; row < end; row++) if (this.moveRow(row, spot / TICKS_PER_RUPEE, found)) moved += 1;
    this.table.spot[underlying] = spot;
    return moved;
  }

  /** Makes what was compiled from the table before be compiled again. */
  renew(): void {
    this.table = new ParameterTable(this.table.buffer);
  }

  private moveRow(row: number, spot: number, found: Calibration): boolean {
    const { file, table } = this;
    if (((file.flags[row] as number) & InstrumentFlag.NO_RISK_ARRAY) !== 0) return false;
    const factor = spot / ((file.spot[file.underlying[row] as number] as number) / TICKS_PER_RUPEE);
    if (file.kind[row] === InstrumentKind.FUT) this.moveFuture(row, factor);
    else this.moveOption(row, factor, found);
    table.elmLong[row] = Math.round((file.elmLong[row] as number) * factor);
    table.elmShort[row] = Math.round((file.elmShort[row] as number) * factor);
    return true;
  }

  /** Price and losses in proportion: scan range and carry are shares of the price. */
  private moveFuture(row: number, factor: number): void {
    const { file, table } = this;
    table.price[row] = Math.round((file.price[row] as number) * factor);
    for (let at = row * SCENARIOS; at < (row + 1) * SCENARIOS; at++) table.riskArray[at] = Math.round((file.riskArray[at] as number) * factor);
  }

  private moveOption(row: number, factor: number, found: Calibration): void {
    const { file, table } = this;
    const was = this.modelOf(row, found);
    const model: RiskArrayModel = { ...was, spot: was.spot * factor, psr: was.psr * factor };
    const [before, now] = [riskArray(was), riskArray(model)];
    const filed = file.price[row] as number;
    const price = Math.max(MIN_PRICE_PAISE, Math.round(filed + (modelValue(model) - modelValue(was)) * 100));
    for (let s = 0; s < SCENARIOS; s++) {
      const at = row * SCENARIOS + s;
      table.riskArray[at] = entry(file.riskArray[at] as number, { before, now, s, filed, price });
    }
    table.price[row] = price;
    const scaling = this.termsOf(row)?.scaling ?? 1;
    table.delta[row] = Math.round((file.delta[row] as number) + (now.delta - before.delta) * scaling * 10_000);
  }

  /** What the option is on where it is not a usual one. */
  private termsOf(row: number): OptionTerms | undefined {
    const { file } = this;
    return file.details.commodities[file.underlying[row] as number]?.optionTerms?.[file.expiry[row] as number];
  }

  /** The file's option as the model sees it. */
  private modelOf(row: number, { r, sigma }: Pick<Calibration, 'r' | 'sigma'>): RiskArrayModel {
    const { file } = this;
    const underlying = file.underlying[row] as number;
    const commodity = file.details.commodities[underlying];
    const spot = (file.spot[underlying] as number) / TICKS_PER_RUPEE;
    const days = daysBetween(this.previousDate, file.expiry[row] as number);
    const isFarIndex = days > FAR_DAYS && underlyingKind(commodity?.symbol ?? '', file.segment[row] as number) === 'index';
    const terms = this.termsOf(row);
    return {
      spot: terms?.price ?? spot,
      strike: (file.strike[row] as number) / TICKS_PER_RUPEE,
      type: file.kind[row] === InstrumentKind.CE ? 'CE' : 'PE',
      on: terms?.on,
      exercise: terms?.exercise,
      valueFactor: terms?.valueFactor,
      days,
      r,
      sigma,
      psr: isFarIndex ? FAR_INDEX_SCAN * spot : (terms?.priceScan ?? commodity?.priceScan ?? 0),
      vsr: commodity?.volScan ?? 0,
      lookaheadDays: LOOKAHEAD_DAYS,
      extremeMultiplier: 2,
      cover: 0.35,
      scanPoints: this.scanPointsOf(underlying),
    };
  }

  private scanPointsOf(underlying: number): readonly ScanPoint[] | undefined {
    const { commodities, clearing } = this.file.details;
    const commodity = commodities[underlying];
    return commodity?.scanPoints ?? (clearing.find(({ clearingOrg }) => clearingOrg === commodity?.clearingOrg) ?? clearing[0])?.scanPoints;
  }

  private calibrate(underlying: number): Calibration | undefined {
    const { file } = this;
    const first = file.firstInstrument[underlying] as number;
    const rows = Array.from({ length: file.instrumentCount[underlying] as number }, (_, i) => first + i);
    const usable = rows.filter((row) => ((file.flags[row] as number) & InstrumentFlag.NO_RISK_ARRAY) === 0);
    const spot = (file.spot[underlying] as number) / TICKS_PER_RUPEE;
    if (spot <= 0 || !((file.details.commodities[underlying]?.priceScan ?? 0) > 0)) return undefined;
    const future = usable.find((row) => file.kind[row] === InstrumentKind.FUT);
    const sample = this.samples(usable, spot);
    const [nearest] = sample;
    if (nearest === undefined) return future === undefined ? undefined : { model: null, r: this.rateOf(future, spot), sigma: 0.2, residual: 0 };
    const terms = this.termsOf(nearest);
    const miss = (r: number, sigma: number): number => sample.reduce((worst, row) => Math.max(worst, this.missOf(row, { r, sigma })), 0);
    const sigmaAt = (r: number, within: number): number => least((sigma) => miss(r, sigma), 0.02, 1.5, within);
    let r = future === undefined ? USUAL_RATE : this.rateOf(future, spot * (terms?.valueFactor ?? 1));
    // A future that options are on carries nothing, so the rate is asked of the options too.
    if (terms?.on === 'FUTURE') r = least((rate) => miss(rate, sigmaAt(rate, 1e-4)), 0, HIGHEST_RATE, 1e-4);
    const sigma = sigmaAt(r, 1e-6);
    return { model: modelNamed(terms), r, sigma, residual: miss(r, sigma) };
  }

  /** The rate that gives the future's loss of the scenario without a price move: what carry loses in the look-ahead. `spot` in rupees of value. */
  private rateOf(future: number, spot: number): number {
    const loss = (this.file.riskArray[future * SCENARIOS] as number) / 100;
    const years = daysBetween(this.previousDate, this.file.expiry[future] as number) / DAYS_PER_YEAR;
    const ahead = LOOKAHEAD_DAYS / DAYS_PER_YEAR;
    let r = loss / (spot * ahead);
    for (let turn = 0; turn < 8; turn++) r = Math.log(1 + loss / (spot * Math.exp(r * (years - ahead)))) / ahead;
    return Number.isFinite(r) ? Math.min(0.3, Math.max(0, r)) : USUAL_RATE;
  }

  /** A few options near the money with some weeks to go: there volatility shows. */
  private samples(rows: readonly number[], spot: number): number[] {
    const { file } = this;
    const options = rows.filter((row) => file.kind[row] !== InstrumentKind.FUT);
    const awkward = (row: number): number => {
      const days = daysBetween(this.previousDate, file.expiry[row] as number);
      return Math.abs((file.strike[row] as number) / TICKS_PER_RUPEE / (this.termsOf(row)?.price ?? spot) - 1) + (days < 10 ? 1 : 0) + days / 3_650;
    };
    return options.sort((a, b) => awkward(a) - awkward(b) || a - b).slice(0, 6);
  }

  /** Largest difference between file and model, in parts of the scan range; where the file capped the loss, nothing is known. */
  private missOf(row: number, found: Pick<Calibration, 'r' | 'sigma'>): number {
    const { file } = this;
    const model = this.modelOf(row, found);
    const { array } = riskArray(model);
    const range = model.psr * (model.valueFactor ?? 1);
    let worst = 0;
    for (let s = 0; s < SCENARIOS; s++) {
      const loss = file.riskArray[row * SCENARIOS + s] as number;
      if (loss !== file.price[row]) worst = Math.max(worst, Math.abs((array[s] as number) - loss / 100) / range);
    }
    return worst;
  }
}

/** How one loss of an option moves. */
interface Moved {
  readonly before: RiskArray;
  readonly now: RiskArray;
  readonly s: number;
  /** Prices in the file and now, paise. */
  readonly filed: number;
  readonly price: number;
}

/** One loss of an option in paise, moved by the model's difference; never above its price. */
function entry(loss: number, { before, now, s, filed, price }: Moved): number {
  const from = Math.round((before.array[s] as number) * 100);
  const to = Math.round((now.array[s] as number) * 100);
  // Where the file capped the loss at the price, the model's own loss is the one that moves.
  const base = loss === filed ? Math.max(from, loss) : loss;
  return Math.min(base + to - from, price);
}

function modelNamed(terms: OptionTerms | undefined): OptionModel {
  if (terms?.exercise === 'AMERICAN') return 'BARONE_ADESI_WHALEY';
  return terms?.on === 'FUTURE' ? 'BLACK_76' : 'BLACK_SCHOLES';
}

/** Where a function with one valley is least, by golden section: one new value a step. */
function least(of: (x: number) => number, from: number, to: number, within: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [atC, atD] = [of(c), of(d)];
  while (b - a > within) {
    if (atC <= atD) {
      [b, d, atD] = [d, c, atC];
      c = b - golden * (b - a);
      atC = of(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + golden * (b - a);
      atD = of(d);
    }
  }
  return (a + b) / 2;
}
