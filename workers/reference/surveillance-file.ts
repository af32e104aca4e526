// Surveillance indicators of the exchange (`REG1_INDddmmyy.csv`): the stage a security stands at under each measure, 100 meaning none. Columns
// are found by the measure's name, because their wording has changed over the years. Which stages call for the full value is data below.
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

/** Measures, how their header begins (letters only), and the first stage margined in full (GSM II, ASM II, any ESM). */
const MEASURES = [
  { name: 'GSM', header: /^gsm/, fullFrom: 2 },
  { name: 'long-term ASM', header: /^longterm(add|asm)/, fullFrom: 2 },
  { name: 'short-term ASM', header: /^shortterm(add|asm)/, fullFrom: 2 },
  { name: 'ESM', header: /^esm/, fullFrom: 1 },
] as const;
const NOT_LISTED = 100;
const SYMBOL = 'Symbol';
const SERIES = 'Series';

function columnOf(header: string): string {
  const bare = header.toLowerCase().replace(/[^a-z]/g, '');
  if (bare === 'symbol') return SYMBOL;
  if (bare === 'series') return SERIES;
  return MEASURES.find((measure) => measure.header.test(bare))?.name ?? header;
}

const LAYOUT: CsvLayout = { required: [SYMBOL, SERIES], optional: [], unknownColumns: 'keep', columnOf };

/** `symbol|series` of every security that is margined in full. Throws ReferenceFileError. */
export async function readSurveillanceFile(path: string): Promise<{ full: Set<string>; source: SourceDigest }> {
  const full = new Set<string>();
  let known: readonly (typeof MEASURES)[number][] | undefined;
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    known ??= measuresOf(record);
    const isFull = known.some((measure) => {
      const stage = record.integer(measure.name) ?? NOT_LISTED;
      return stage !== NOT_LISTED && stage >= measure.fullFrom;
    });
    if (isFull) full.add(`${record.required(SYMBOL)}|${record.text(SERIES)}`);
  });
  return { full, source };
}

function measuresOf(record: CsvRecord): (typeof MEASURES)[number][] {
  const found = MEASURES.filter((measure) => record.has(measure.name));
  if (found.length === 0) fault(record.file, 1, '', 'no column of GSM, ASM or ESM: not a surveillance file');
  return found;
}
