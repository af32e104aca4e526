// A request body as its pieces arrive: kept up to the limit, counted beyond it. Decides nothing.
import { BODY_BYTES_MAX } from './http-adapter.ts';
import { DISCARDED_BYTES_MAX } from './limits.ts';

export class BodyCollector {
  private readonly pieces: Uint8Array[] = [];
  private size = 0;

  /** Adds a piece; the collector keeps it as it is (copy it first if its memory is not the caller's to give). */
  add(piece: Uint8Array): void {
    this.size += piece.length;
    if (this.isTooLarge) this.pieces.length = 0;
    else this.pieces.push(piece);
  }

  /** More came than is accepted. */
  get isTooLarge(): boolean {
    return this.size > BODY_BYTES_MAX;
  }

  /** More came than is even discarded: answer now and cut the connection. */
  get isEndless(): boolean {
    return this.size > DISCARDED_BYTES_MAX;
  }

  /** The body. */
  bytes(): Uint8Array {
    const [first] = this.pieces;
    return this.pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.pieces, this.size);
  }
}
