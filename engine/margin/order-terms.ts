// What a working order means to the margin book: enough to value every fill of it, nothing about its life cycle. A plain mutable record
// so that a caller keeps one and refills it for each order (the hot path allocates nothing).
import { Product, Side } from '../instrument.ts';

export class OrderTerms {
  /** Row in the current ParameterTable. */
  instrument = 0;
  /** Product; matters for cash instruments only (derivatives net whatever the product). */
  product: number = Product.NRML;
  side: number = Side.BUY;
  /** Units still to be filled; 0 when only the alternative is open. */
  quantity = 0;
  /** Ticks; for a market order the worst permitted price. */
  price = 0;
  /** The other side of a pending replace: units and price (ticks); 0 units = none. The order counts as the worse of the two. */
  altQuantity = 0;
  altPrice = 0;

  /** Refills the record and returns it. Quantities in units >= 0, prices in ticks. The alternative is cleared. */
  set(instrument: number, product: number, side: number, quantity: number, price: number): this {
    this.instrument = instrument;
    this.product = product;
    this.side = side;
    this.quantity = quantity;
    this.price = price;
    this.altQuantity = 0;
    this.altPrice = 0;
    return this;
  }

  /** Adds the other side of a pending replace. */
  setAlternative(quantity: number, price: number): this {
    this.altQuantity = quantity;
    this.altPrice = price;
    return this;
  }

  /** Makes it one order of the largest quantity at the dearest price among its own two sides and this one, all of which may not fill but one. */
  join(quantity: number, price: number): this {
    const units = Math.max(this.quantity, this.altQuantity, quantity);
    let ticks = quantity > 0 ? price : 0;
    if (this.quantity > 0 && this.price > ticks) ticks = this.price;
    if (this.altQuantity > 0 && this.altPrice > ticks) ticks = this.altPrice;
    return this.set(this.instrument, this.product, this.side, units, ticks);
  }

  /** Is every field the same? */
  equals(other: OrderTerms): boolean {
    return (
      this.instrument === other.instrument &&
      this.quantity === other.quantity &&
      this.price === other.price &&
      this.side === other.side &&
      this.product === other.product &&
      this.altQuantity === other.altQuantity &&
      this.altPrice === other.altPrice
    );
  }

  /** Refills from another record. */
  copy(from: OrderTerms): this {
    this.set(from.instrument, from.product, from.side, from.quantity, from.price);
    return this.setAlternative(from.altQuantity, from.altPrice);
  }
}
