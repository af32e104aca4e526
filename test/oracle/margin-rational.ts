// Exact fractions for the margin oracle: what is halved, shared or taken at a rate stays exact until the specification rounds it.

/** A fraction; the denominator is positive. */
export class Rational {
  readonly top: bigint;
  readonly bottom: bigint;

  constructor(top: bigint, bottom = 1n) {
    const sign = bottom < 0n ? -1n : 1n;
    const common = greatestDivisor(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom);
    this.top = (sign * top) / common;
    this.bottom = (sign * bottom) / common;
  }

  /** A number as a file prints it: at most ten decimals, exactly. */
  static of(value: number): Rational {
    return new Rational(BigInt(Math.round(value * 1e10)), 10_000_000_000n);
  }

  plus(other: Rational): Rational {
    return new Rational(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }

  minus(other: Rational): Rational {
    return this.plus(other.times(new Rational(-1n)));
  }

  times(other: Rational): Rational {
    return new Rational(this.top * other.top, this.bottom * other.bottom);
  }

  over(other: Rational): Rational {
    return new Rational(this.top * other.bottom, this.bottom * other.top);
  }

  abs(): Rational {
    return this.top < 0n ? this.times(new Rational(-1n)) : this;
  }

  get sign(): number {
    return this.top > 0n ? 1 : this.top < 0n ? -1 : 0;
  }

  atLeast(other: Rational): Rational {
    return this.minus(other).sign < 0 ? other : this;
  }

  atMost(other: Rational): Rational {
    return this.minus(other).sign > 0 ? other : this;
  }

  /** Nearest multiple of 10^-digits, halves away from zero. */
  rounded(digits: number): Rational {
    const scale = 10n ** BigInt(digits);
    const magnitude = (2n * abs(this.top) * scale + this.bottom) / (2n * this.bottom);
    return new Rational(this.top < 0n ? -magnitude : magnitude, scale);
  }

  toNumber(): number {
    return Number((this.top * 1_000_000_000n) / this.bottom) / 1e9;
  }
}

export const ZERO: Rational = new Rational(0n);

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
