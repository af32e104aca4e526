// Live SPAN against what it stands in for: nothing moves at the file's own price, and at another price the arrays are those the next file brings.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InstrumentKind, type ParameterTable } from '../../../engine/index.ts';
import { findDayFiles, generateDay, LiveArrays, loadRiskParameters, parameterFilesOf } from '../../../workers/reference/index.ts';

let folder = '';
let first: ParameterTable;
let second: ParameterTable;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tarazu-live-'));
  await generateDay({ seed: 5, date: 20261120, clients: 2, underlyings: 8, strikes: 8, versions: 2 }, folder);
  const files = parameterFilesOf(findDayFiles(folder));
  const span = (version: string): string => join(folder, `nsccl.20261120.${version}.zip`);
  first = await loadRiskParameters({ ...files, span: span('i1') });
  second = await loadRiskParameters({ ...files, span: span('i2') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds rate and volatility with which the model is the file', () => {
  const live = new LiveArrays(first);
  for (let underlying = 0; underlying < first.underlyings; underlying++) {
    const found = live.calibrationOf(underlying);
    expect(found?.residual).toBeLessThan(0.0005);
    expect(found?.r).toBeGreaterThan(0.06);
    expect(found?.r).toBeLessThan(0.07);
  }
});

it('changes nothing at the price of the file', () => {
  const live = new LiveArrays(first);
  for (let underlying = 0; underlying < first.underlyings; underlying++) live.move(underlying, first.spot[underlying] as number);
  expect(live.table.riskArray).toEqual(first.riskArray);
  expect(live.table.price).toEqual(first.price);
  expect(live.table.delta).toEqual(first.delta);
  expect(live.table.elmShort).toEqual(first.elmShort);
});

it("gives at the next file's prices what the next file gives, within a thousandth of the scan range", () => {
  const live = new LiveArrays(first);
  let rows = 0;
  let worst = 0;
  for (let underlying = 0; underlying < first.underlyings; underlying++) rows += live.move(underlying, second.spot[underlying] as number);
  expect(second.spot).not.toEqual(first.spot);
  for (let row = 0; row < first.instruments; row++) {
    const underlying = first.underlying[row] as number;
    if (first.kind[row] === InstrumentKind.EQ || underlying < 0) continue;
    const psr = (second.details.commodities[underlying]?.priceScan ?? 1) * 100;
    for (let s = 0; s < 16; s++) {
      const [derived, published] = [live.table.riskArray[row * 16 + s] as number, second.riskArray[row * 16 + s] as number];
      // A capped loss follows the market's price, which no model of the arrays knows.
      const capped = derived === live.table.price[row] || published === second.price[row];
      if (!capped) worst = Math.max(worst, Math.abs(derived - published) / psr);
    }
  }
  expect(rows).toBeGreaterThan(500);
  expect(worst).toBeLessThan(0.001);
});
