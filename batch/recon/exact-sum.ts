// A sum of whole numbers, exact whatever its size: a double as long as that is exact, carried over into a bigint before it would not be.
const CARRY_AT = 2 ** 52;

/** See the file's head. */
export class ExactSum {
  private near = 0;
  private far = 0n;

  /** Adds sign × a × b; a and b are safe integers not below zero. */
  addProduct(sign: 1 | -1, a: number, b: number): void {
    const product = a * b;
    if (product < CARRY_AT) {
      this.near += sign * product;
      if (this.near >= CARRY_AT || this.near <= -CARRY_AT) this.carry();
    } else this.far += BigInt(sign) * BigInt(a) * BigInt(b);
  }

  get total(): bigint {
    return this.far + BigInt(this.near);
  }

  clear(): void {
    [this.near, this.far] = [0, 0n];
  }

  private carry(): void {
    this.far += BigInt(this.near);
    this.near = 0;
  }
}
