// Cash-segment margin rates: `C_VAR1_DDMMYYYY_n.DAT` (n 1 = begin of day .. 6 = end of day). The record layout is not published with our
// reference; the one below is what public readers of the file use (column 3 series, column 10 the applicable rate) and is data, so that
// another version can be added. Records other than 20 are not rates and are skipped.
import { scaledDecimalOf } from './decimal-text.ts';
import { readLines } from './read-lines.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

/** Fields of a record 20, by position, percent numbers from `securityVar` on. */
const VAR_LAYOUT = {
  version: 1,
  rateRecord: '20',
  fields: [
    'recordType',
    'symbol',
    'series',
    'isin',
    'securityVar',
    'indexVar',
    'varMargin',
    'extremeLossRate',
    'adhocMargin',
    'applicableMarginRate',
  ],
} as const;

/** Applicable margin rate in 1/10,000 by `symbol|series`. */
export type CashRates = ReadonlyMap<string, number>;

/** Reads a VaR file; a security of several series has the largest of their rates by its ISIN. Throws ReferenceFileError. */
export async function readVarFile(path: string): Promise<{ rates: CashRates; byIsin: CashRates; source: SourceDigest }> {
  const rates = new Map<string, number>();
  const byIsin = new Map<string, number>();
  const source = await readLines(path, (text, line) => {
    const fields = text.split(',');
    if (fields[0] === VAR_LAYOUT.rateRecord) takeRate(path, line, fields, { rates, byIsin });
    else if (!/^\d\d$/.test(fields[0] ?? '')) fault(path, line, 'recordType', `"${fields[0]}" is not a record type`);
  });
  if (rates.size === 0) fault(path, 0, '', `no record ${VAR_LAYOUT.rateRecord}: not a VaR file of layout ${VAR_LAYOUT.version}`);
  return { rates, byIsin, source };
}

interface TakenRates {
  readonly rates: Map<string, number>;
  readonly byIsin: Map<string, number>;
}

function takeRate(file: string, line: number, fields: readonly string[], { rates, byIsin }: TakenRates): void {
  const { fields: names } = VAR_LAYOUT;
  const missing = names[fields.length];
  if (missing !== undefined)
    fault(file, line, missing, `record ends early: ${fields.length} fields, layout ${VAR_LAYOUT.version} has ${names.length}`);
  const at = names.indexOf('applicableMarginRate');
  const rate = scaledDecimalOf((fields[at] ?? '').trim(), 2);
  if (Number.isNaN(rate) || rate < 0) fault(file, line, 'applicableMarginRate', `"${fields[at]}" is not a rate in percent`);
  const key = `${fields[1]?.trim()}|${fields[2]?.trim()}`;
  if (rates.has(key)) fault(file, line, 'symbol', `${key} appears twice`);
  rates.set(key, rate);
  const isin = fields[names.indexOf('isin')]?.trim() ?? '';
  if (isin !== '') byIsin.set(isin, Math.max(rate, byIsin.get(isin) ?? 0));
}
