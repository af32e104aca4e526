// Turns the scanner's flat open/close calls into a walk over readers, one per kind of element. What no reader claims is skipped whole,
// so new tags and any order of children are harmless.
import type { LeafText } from './leaf-text.ts';
import type { ElementVisitor } from './xml-scanner.ts';

/** Reads one kind of element. Readers are reused: `begin` resets. */
export interface ElementReader {
  begin?(): void;
  /** Reader of a child that has children itself; undefined: a leaf, or not of interest. */
  child?(tag: string): ElementReader | undefined;
  /** A leaf child. Tags not of interest are ignored. */
  leaf?(tag: string, value: LeafText): void;
  end?(value: LeafText): void;
}

const SKIP: ElementReader = {};

/** The walk; `value` must be set to the scanner's values before the first chunk is pushed. */
export class ElementWalk implements ElementVisitor {
  value: LeafText | undefined;
  private readonly stack: ElementReader[];
  private current: ElementReader;
  private leafOpen = false;

  /** `document` is asked for the root element's reader. */
  constructor(document: ElementReader) {
    this.current = document;
    this.stack = [];
  }

  open(tag: string): void {
    if (this.leafOpen) this.enter(SKIP);
    this.leafOpen = false;
    const reader = this.current.child?.(tag);
    if (reader === undefined) this.leafOpen = true;
    else this.enter(reader);
  }

  close(tag: string): void {
    const { value } = this;
    if (value === undefined) return;
    if (this.leafOpen) {
      this.leafOpen = false;
      this.current.leaf?.(tag, value);
      return;
    }
    this.current.end?.(value);
    this.current = this.stack.pop() ?? SKIP;
  }

  private enter(reader: ElementReader): void {
    this.stack.push(this.current);
    this.current = reader;
    reader.begin?.();
  }
}
