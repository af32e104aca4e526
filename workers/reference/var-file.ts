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

/** What an applicable rate is made of, 1/10,000; adhoc margin is the rest. */
export interface RiskParts {
  readonly varMargin: number;
  readonly extremeLoss: number;
}

/** Reads a VaR file; a security of several series has the largest of their rates by its ISIN. Throws ReferenceFileError. */
export async function readVarFile(
  path: string,
): Promise<{ rates: CashRates; byIsin: CashRates; parts: ReadonlyMap<string, RiskParts>; source: SourceDigest }> {
  const rates = new Map<string, number>();
  const byIsin = new Map<string, number>();
  const parts = new Map<string, RiskParts>();
  const source = await readLines(path, (text, line) => {
    const fields = text.split(',');
    if (fields[0] === VAR_LAYOUT.rateRecord) takeRate(path, line, fields, { rates, byIsin, parts });
    else if (!/^\d\d$/.test(fields[0] ?? '')) fault(path, line, 'recordType', `"${fields[0]}" is not a record type`);
  });
  if (rates.size === 0) fault(path, 0, '', `no record ${VAR_LAYOUT.rateRecord}: not a VaR file of layout ${VAR_LAYOUT.version}`);
  return { rates, byIsin, parts, source };
}

interface TakenRates {
  readonly rates: Map<string, number>;
  readonly byIsin: Map<string, number>;
  readonly parts: Map<string, RiskParts>;
}

function takeRate(file: string, line: number, fields: readonly string[], { rates, byIsin, parts }: TakenRates): void {
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
  if (isin === '') return;
  byIsin.set(isin, Math.max(rate, byIsin.get(isin) ?? 0));
  takeParts(fields, isin, parts);
}

/** VaR and ELM apart, the largest of a security's series; a line that leaves one of them empty names neither. */
function takeParts(fields: readonly string[], isin: string, parts: Map<string, RiskParts>): void {
  const percent = (name: (typeof VAR_LAYOUT)['fields'][number]): number => scaledDecimalOf((fields[VAR_LAYOUT.fields.indexOf(name)] ?? '').trim(), 2);
  const [varMargin, extremeLoss] = [percent('varMargin'), percent('extremeLossRate')];
  if (!(varMargin >= 0 && extremeLoss >= 0)) return;
  const known = parts.get(isin);
  parts.set(isin, { varMargin: Math.max(varMargin, known?.varMargin ?? 0), extremeLoss: Math.max(extremeLoss, known?.extremeLoss ?? 0) });
}
