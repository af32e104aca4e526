// OrderID(37) "slot-sequence" as text, the other way round: what a person or an HTTP request names an order by.

/** Slot and sequence of an OrderID(37) text, or undefined when it is not one. */
export function parseOrderId(text: string): { readonly slot: number; readonly sequence: number } | undefined {
  const match = /^(\d{1,3})-(\d{1,15})$/.exec(text);
  if (match === null) return undefined;
  const [slot, sequence] = [Number(match[1]), Number(match[2])];
  return slot < 256 && sequence > 0 ? { slot, sequence } : undefined;
}
