// What a client who delivered too few shares owes: the auction's price above the settlement price for what the auction filled, the close-out price for what it
// did not. Prices in micros of a rupee, quantities in units. Shortages inside the broker are valued like a close-out at a fifth above settlement.
import { assert } from '../assert.ts';
import { type Paise, paise } from '../units.ts';
import { exactRupees, toPaise } from './exact-rupees.ts';

/** Outcome of one client's shortage in one scrip. */
export interface Shortage {
  /** Price at which the client's sale settled. */
  readonly settlementPrice: number;
  /** Units the auction bought, and at what average price. */
  readonly auctionQuantity: number;
  readonly auctionPrice: number;
  /** Units closed out in money. */
  readonly closeOutQuantity: number;
  /** Highest price from the settlement day to the auction day. */
  readonly highestPrice: number;
  /** Close on the day the auction was called. */
  readonly auctionDayClose: number;
}

/** Debits of one shortage, paise. */
export interface AuctionDebit {
  readonly auction: Paise;
  readonly closeOut: Paise;
  /** Micros per unit. */
  readonly closeOutPrice: number;
  readonly total: Paise;
}

const inPaise = (micros: bigint): Paise => toPaise(exactRupees(micros * 10n ** 12n));

/** The higher of the highest price since settlement and 1.2 times the close, micros, rounded up. (SEBI/HO/MRD-PoD2/CIR/P/2024/00181.) */
export function closeOutPrice(highestPrice: number, auctionDayClose: number): number {
  assert(Number.isSafeInteger(highestPrice) && Number.isSafeInteger(auctionDayClose), 'prices must be integers of micros');
  return Math.max(highestPrice, Math.ceil((auctionDayClose * 12) / 10));
}

/** The debits; an auction below the settlement price costs nothing and gives nothing. */
export function auctionDebit(shortage: Shortage): AuctionDebit {
  const { settlementPrice, auctionQuantity, auctionPrice, closeOutQuantity } = shortage;
  assert(auctionQuantity >= 0 && closeOutQuantity >= 0, 'quantities must not be negative');
  const price = closeOutPrice(shortage.highestPrice, shortage.auctionDayClose);
  const auction = inPaise(BigInt(Math.max(0, auctionPrice - settlementPrice)) * BigInt(auctionQuantity));
  const closeOut = inPaise(BigInt(Math.max(0, price - settlementPrice)) * BigInt(closeOutQuantity));
  return { auction, closeOut, closeOutPrice: price, total: paise(auction + closeOut) };
}

/** Valuation debit of a shortage between two clients of the broker: the settlement price and a fifth. */
export function internalShortageDebit(settlementPrice: number, quantity: number): Paise {
  assert(Number.isSafeInteger(settlementPrice) && Number.isSafeInteger(quantity) && quantity >= 0, 'a shortage has a price and a quantity');
  return inPaise((BigInt(settlementPrice) * BigInt(quantity) * 12n) / 10n);
}
