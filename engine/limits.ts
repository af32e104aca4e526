// Bounds of the engine's numbers, each with its derivation. Every sum below stays an exact integer (below 2^53 = 9.007e15).

/** Largest price, ticks: Rs 10 lakh a unit (the dearest share is near Rs 1.5 lakh). */
export const PRICE_MAX = 10_000_000_000;
/** Largest order or trade quantity, units: 10 crore (freeze quantities are far below). */
export const QUANTITY_MAX = 100_000_000;
/** Largest order or trade value, tick-units: Rs 1,000 crore. 90 such values still sum exactly. */
export const ORDER_VALUE_MAX = 1e14;
/** The same in paise, as a limit a verdict can quote. */
export const ORDER_VALUE_MAX_PAISE: number = ORDER_VALUE_MAX / 100;
/** Largest amount a funds, limit or holdings command may carry (paise or units): Rs 10,000 crore; 900 of them sum exactly. */
export const AMOUNT_MAX = 1e13;
/** Largest amount of one piece of collateral, paise: Rs 1,000 crore, the value one piece is counted at most (ORDER_VALUE_MAX). */
export const COLLATERAL_AMOUNT_MAX = 1e12;
/** Largest |net| of a position that average cost is split on without BigInt: remainder x units < net^2 < 2^53. */
export const PLAIN_NET_MAX = 94_906_265;
/** Breaks a slot keeps; beyond it they are counted only. 256 slots x 65,536 x 56 bytes = 0.9 GB at the very worst. */
export const BREAKS_MAX = 65_536;
/** Multipliers are in 1/10,000; a house multiplier above 10 is a mistake. */
export const MULTIPLIER_MAX = 100_000;
