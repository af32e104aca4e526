// The rates of some charge keys brought to the smallest whole numbers that keep them exact: what a sheet of doubles multiplies turnover (ticks ×
// units) with, and by how much it then divides. Fewer keys have more in common, so a note of one market is exact up to far larger sums than one of
// all markets would be.
import type { KeyRates } from './charge-rates.ts';
import { CHARGE_KEYS, type ChargeKey } from './charged-trade.ts';
import { CHARGE_PARTS, type ChargeTariff } from './note-charges.ts';

/** 1e-13 rupee: a tick (1e-4 rupee) times a rate (1e-9). */
const PER_PAISA = 10n ** 11n;
const PER_RUPEE = 10n ** 13n;
/** ExactRupees (1e-18) in one of them. */
const EXACT_PER_UNIT = 10n ** 5n;
const GST_SCALE = 1_000n;

/** A charge linear in turnover: turnover × factor of the key, in whole multiples of step, each worth so many paise. */
export interface LinearPart {
  readonly factors: Float64Array;
  readonly step: number;
  readonly paise: number;
}

/** See the file's head. */
export class NoteScale {
  /** In the order of CHARGE_PARTS; brokerage and GST have none. */
  readonly linear: readonly (LinearPart | undefined)[];
  /** Brokerage and the base of GST by key, in multiples of what all their rates have in common; `paisa` of those are one. */
  readonly percents: Float64Array = new Float64Array(CHARGE_KEYS);
  readonly flats: Float64Array = new Float64Array(CHARGE_KEYS);
  readonly bases: Float64Array = new Float64Array(CHARGE_KEYS);
  readonly paisa: number;
  /** GST of a base: × factor, in whole multiples of step. */
  readonly gstFactor: number;
  readonly gstStep: number;

  /** `keys` are such as isExact says. */
  constructor(tariff: ChargeTariff, keys: readonly ChargeKey[]) {
    const { rates, plan } = tariff;
    const known = keys.map((key) => ({ key, rate: rates.byKey[key] as KeyRates, terms: plan[key] ?? { fraction: 0n, flat: 0n } }));
    const linear = (step: bigint, of: (rate: KeyRates) => bigint): LinearPart => {
      const common = known.reduce((so, { rate }) => gcd(so, of(rate)), step);
      const factors = new Float64Array(CHARGE_KEYS);
      for (const { key, rate } of known) factors[key] = Number(of(rate) / common);
      return { factors, step: Number(step / common), paise: step === PER_RUPEE ? 100 : 1 };
    };
    const parts = {
      stt: linear(PER_RUPEE, ({ tax }) => tax),
      exchange: linear(PER_PAISA, ({ exchange }) => exchange),
      ipft: linear(PER_PAISA, ({ ipft }) => ipft),
      sebi: linear(PER_PAISA, ({ sebi }) => sebi),
      stamp: linear(PER_RUPEE, ({ stamp }) => stamp),
    };
    this.linear = CHARGE_PARTS.map((part) => (part === 'brokerage' || part === 'gst' ? undefined : parts[part]));
    const baseOf = ({ exchange, sebi, ipft }: KeyRates): bigint => exchange + sebi + (rates.gstOnIpft ? ipft : 0n);
    const common = known.reduce((so, { rate, terms }) => gcd(gcd(gcd(so, baseOf(rate)), terms.fraction), terms.flat / EXACT_PER_UNIT), PER_PAISA);
    for (const { key, rate, terms } of known) {
      this.percents[key] = Number(terms.fraction / common);
      this.flats[key] = Number(terms.flat / EXACT_PER_UNIT / common);
      this.bases[key] = Number(baseOf(rate) / common);
    }
    this.paisa = Number(PER_PAISA / common);
    const shared = gcd(common * rates.gst, PER_PAISA * GST_SCALE);
    this.gstFactor = Number((common * rates.gst) / shared);
    this.gstStep = Number((PER_PAISA * GST_SCALE) / shared);
  }
}

/** Can a key be scaled? Its rates are known, and its flat amount is not finer than 1e-13 rupee. */
export const isScalable = ({ rates, plan }: ChargeTariff, key: ChargeKey): boolean =>
  typeof rates.byKey[key] === 'object' && (plan[key]?.flat ?? 0n) % EXACT_PER_UNIT === 0n;

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
