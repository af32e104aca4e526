// Fields of FIX type data: their values may hold any byte, the delimiter included, and the field before them says how many.

/** Length tag and data tag of each pair of FIX 4.0 to 4.4. */
const DATA_FIELD_PAIRS: readonly (readonly [length: number, data: number])[] = [
  [90, 91],
  [93, 89],
  [95, 96],
  [212, 213],
  [348, 349],
  [350, 351],
  [352, 353],
  [354, 355],
  [356, 357],
  [358, 359],
  [360, 361],
  [362, 363],
  [364, 365],
  [445, 446],
  [618, 619],
  [621, 622],
];

function lengthTags(): Uint16Array {
  const table = new Uint16Array(1_024);
  for (const [length, data] of DATA_FIELD_PAIRS) table[data] = length;
  return table;
}

/** By data tag: the tag of its length field; 0 = not a data field. */
export const DATA_FIELD_LENGTH_TAG: Uint16Array = lengthTags();
