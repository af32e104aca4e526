// The cumulative normal distribution to about 1e-15, for pricing options when arrays are made. By two classical expansions of the
// tail integral, each where it converges fast; no rational fit with digits of its own to mistrust.

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
/** Below this the power series is used, above it the continued fraction. */
const SERIES_LIMIT = 3;

/** P(X <= x) of a standard normal X; absolute error below 1e-15, relative error below 1e-13 in the lower tail. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const magnitude = Math.abs(x);
  if (magnitude > 38.5) return x > 0 ? 1 : 0;
  const density = INVERSE_SQRT_TWO_PI * Math.exp((-magnitude * magnitude) / 2);
  if (magnitude < SERIES_LIMIT) {
    const half = density * oddSeries(magnitude);
    return x >= 0 ? 0.5 + half : 0.5 - half;
  }
  const tail = density * tailFraction(magnitude);
  return x > 0 ? 1 - tail : tail;
}

/** x + x^3/3 + x^5/(3 5) + x^7/(3 5 7) + ...: (N(x) - 1/2) / density. All terms positive, so nothing cancels. */
function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

/** 1/(x + 1/(x + 2/(x + 3/(x + ...)))): (1 - N(x)) / density, from the bottom up; 45 levels reach a double where x >= 3. */
function tailFraction(x: number): number {
  let fraction = x;
  for (let k = 50; k >= 1; k--) fraction = x + k / fraction;
  return 1 / fraction;
}
