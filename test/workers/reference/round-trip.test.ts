// A generated day, written in the exchange's formats and read back, is the generator's own market, number by number.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ParameterTable } from '../../../engine/index.ts';
import { run } from '../../../gateway/commands/generate.ts';
import { calendarCharge, priceContract } from '../../../workers/reference/generate/print-span.ts';
import {
  findDayFiles,
  type GeneratedClient,
  generateDay,
  loadRiskParameters,
  marketOf,
  parameterFilesOf,
  readBhavcopy,
  spanVersion,
} from '../../../workers/reference/index.ts';
import { SMALL, scratch } from './fixtures.ts';

const { directory } = scratch();
const day = await generateDay(SMALL, join(directory, 'day'));
const { market, shares } = marketOf(SMALL);
const NFO = 2;

function digests(path: string): string[] {
  return readdirSync(path).map(
    (name) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex')}`,
  );
}

function rowOf(table: ParameterTable, token: number, segment: number = NFO): number {
  const row = table.find(segment, token);
  expect(row).toBeGreaterThanOrEqual(0);
  return row;
}

describe.each([0, 1])('the day read back at SPAN version %i', async (version) => {
  const table = await loadRiskParameters(parameterFilesOf(day, version));
  const { spotOf } = spanVersion(market, version);

  test('has every contract with its terms, price, delta and array', () => {
    expect(table.instruments).toBe(market.contracts.length + shares.length);
    expect(table.businessDate).toBe(20261120);
    for (const contract of market.contracts) {
      const row = rowOf(table, contract.token);
      const { price, risk } = priceContract(market, contract, spotOf(contract.underlying));
      expect(table.instrumentName(row)).toBe(contract.name);
      expect(table.underlyingName(table.underlying[row] ?? -1)).toBe(contract.underlying.symbol);
      expect([table.expiry[row], table.strike[row], table.lot[row], table.tickSize[row]]).toEqual([
        contract.expiry,
        Math.round(contract.strike * 10_000),
        contract.underlying.lot,
        500,
      ]);
      expect([table.price[row], table.delta[row]]).toEqual([Math.round(price * 100), Math.round(risk.delta * 10_000)]);
      expect([...table.riskArray.subarray(row * 16, row * 16 + 16)]).toEqual(risk.array.map((value) => Math.round(value * 100) + 0));
      expect(table.flags[row]).toBe(0);
    }
  });

  test('has spots and calendar charges', () => {
    market.underlyings.forEach((underlying, index) => {
      expect(table.spot[index]).toBe(Math.round(spotOf(underlying) * 10_000));
      expect(table.calendarRateMax[index]).toBe(calendarCharge(market, underlying, spotOf(underlying)) * 1e6);
      expect(table.details.commodities[index]?.scanTiers).toHaveLength(1);
    });
  });

  test('charges exposure: 2 % on an index future, 3.5 % on a stock option sold, nothing on one bought', () => {
    for (const contract of market.contracts) {
      const row = rowOf(table, contract.token);
      const [long, short] = [table.elmLong[row] ?? 0, table.elmShort[row] ?? 0];
      const { underlying, kind } = contract;
      const spot = spotOf(underlying);
      const base = kind === 'FUT' ? (table.price[row] ?? 0) / 100 : spot;
      const share = short / base / 1e6;
      if (kind === 'FUT') expect(long).toBe(short);
      else expect(long).toBe(0);
      if (underlying.isIndex) expect(share).toBeCloseTo(kind !== 'FUT' && contract.expiry > 20270820 ? 0.05 : 0.02, 9);
      else expect([0.035, 0.185]).toContainEqual(Math.round(share * 1e6) / 1e6);
    }
  });

  test('margins cash at VaR and ELM, never below 20 %', () => {
    const rates = shares.map((share) => {
      const row = rowOf(table, share.token, 1);
      expect(table.instrumentName(row)).toBe(share.series === 'EQ' ? share.symbol : `${share.symbol}-${share.series}`);
      expect(table.previousClose[row]).toBe(Math.round(share.close * 10_000));
      expect(table.underlying[row]).toBe(-1);
      return table.cashRate[row] ?? 0;
    });
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...rates)).toBeGreaterThan(2_000);
  });

  test('bands hold the previous close, freeze quantities hold a lot', () => {
    for (let row = 0; row < table.instruments; row++) {
      const [low, high, tick] = [table.bandLow[row] ?? 0, table.bandHigh[row] ?? 0, table.tickSize[row] ?? 1];
      expect(low).toBeGreaterThanOrEqual(tick);
      expect([low % tick, high % tick]).toEqual([0, 0]);
      expect(low).toBeLessThanOrEqual(table.previousClose[row] ?? 0);
      expect(high).toBeGreaterThanOrEqual(table.previousClose[row] ?? 0);
      const freeze = table.freezeQuantity[row] ?? 0;
      if (freeze > 0) expect(freeze).toBeGreaterThanOrEqual(table.lot[row] ?? 0);
    }
    const nifty = market.contracts.find((contract) => contract.underlying.symbol === 'NIFTY');
    expect(table.freezeQuantity[rowOf(table, nifty?.token ?? 0)]).toBe(1800);
  });
});

test('intraday versions move prices, and only prices', async () => {
  const [first, second] = await Promise.all([0, 1].map((version) => loadRiskParameters(parameterFilesOf(day, version))));
  expect(first?.token).toEqual(second?.token);
  expect(first?.lot).toEqual(second?.lot);
  expect(first?.riskArray).not.toEqual(second?.riskArray);
});

test('long options cannot lose more than the file premium', async () => {
  const table = await loadRiskParameters({ span: day.span[0] ?? '' });
  let capped = 0;
  for (let row = 0; row < table.instruments; row++) {
    if ((table.kind[row] ?? 0) < 2) continue;
    const worst = Math.max(...table.riskArray.subarray(row * 16, row * 16 + 16));
    expect(worst).toBeLessThanOrEqual(table.price[row] ?? 0);
    if (worst === table.price[row]) capped++;
  }
  expect(capped).toBeGreaterThan(0);
});

test('a SPAN file alone gives a table: made-up tokens, the same each time, lots of one, shares of the stocks', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => loadRiskParameters({ span: day.span[0] ?? '' })));
  expect(one?.token).toEqual(two?.token);
  expect(one?.instruments).toBe(market.contracts.length + market.underlyings.filter((underlying) => !underlying.isIndex).length);
  expect(new Set(one?.lot)).toEqual(new Set([1]));
});

test('on an expiry day the expiring contracts are scanned apart and in no calendar spread', async () => {
  const expiryDay = await generateDay({ ...SMALL, date: 20261123, versions: 1 }, join(directory, 'expiry'));
  const table = await loadRiskParameters(parameterFilesOf(expiryDay));
  for (const commodity of table.details.commodities) {
    expect(commodity.scanTiers[0]).toEqual({ tier: 1, from: 20261123, to: 20261123 });
    expect(commodity.scanTiers).toHaveLength(2);
    expect(commodity.spreads.length).toBeGreaterThan(0);
    expect(commodity.spreads.flatMap((spread) => spread.legs).filter((leg) => leg.expiry === 20261123)).toEqual([]);
  }
  for (let row = 0; row < table.instruments; row++) {
    if ((table.underlying[row] ?? -1) >= 0) expect(table.scanTier[row]).toBe(table.expiry[row] === 20261123 ? 0 : 1);
  }
  // A short index option that expires today pays 2 % more.
  const shortsOf = (expiry: number): number[] => {
    const rows = [...Array(table.instruments).keys()].filter(
      (row) => table.expiry[row] === expiry && table.underlying[row] === 0 && (table.kind[row] ?? 0) >= 2,
    );
    return rows.map((row) => Math.round(((table.elmShort[row] ?? 0) / (table.spot[0] ?? 1)) * 1e6) / 1e8);
  };
  expect(new Set(shortsOf(20261123))).toEqual(new Set([0.04]));
  expect(new Set(shortsOf(20261201))).toEqual(new Set([0.02]));
});

describe('the generator', () => {
  test('writes the same bytes for the same options, others for another seed', async () => {
    const again = await generateDay(SMALL, join(directory, 'again'));
    expect(digests(again.directory)).toEqual(digests(day.directory));
    const other = await generateDay({ ...SMALL, seed: 8 }, join(directory, 'other'));
    expect(digests(other.directory)).not.toEqual(digests(day.directory));
  });

  test('writes clients whose holdings and positions exist', async () => {
    const table = await loadRiskParameters(parameterFilesOf(day));
    const clients = readFileSync(day.clients ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as GeneratedClient);
    expect(clients.map((client) => client.kind).slice(0, 3)).toEqual(['PROPRIETARY', 'ERROR', 'CLIENT']);
    expect(new Set(clients.map((client) => client.account)).size).toBe(SMALL.clients);
    for (const { holdings, positions, cash, riskGroup } of clients) {
      for (const each of [...holdings, ...positions]) expect(table.find(each.segment, each.token)).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(cash)).toBe(true);
      expect(riskGroup).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  test('goes on from day to day: prices from the last close, tokens until expiry', async () => {
    const [monday, wednesday] = [20261123, 20261125].map((date) => marketOf({ ...SMALL, date, first: 20261120 }));
    // 24 November is a holiday, and the 23rd therefore the monthly expiry.
    const listed = new Map(monday?.market.contracts.map((contract) => [contract.token, contract]));
    for (const { token, name, expiry } of wednesday?.market.contracts ?? [])
      if (expiry <= 20261125 || listed.has(token)) expect([name, expiry]).toEqual([listed.get(token)?.name, listed.get(token)?.expiry]);
    const gone = monday?.market.contracts.filter(({ expiry }) => expiry === 20261123) ?? [];
    expect(gone.length).toBeGreaterThan(0);
    expect(wednesday?.market.contracts.filter(({ token }) => gone.some((one) => one.token === token))).toEqual([]);
    const closes = async (date: number): Promise<Map<number, readonly number[]>> => {
      const made = await generateDay({ ...SMALL, date, first: 20261120, versions: 1 }, join(directory, `series-${date}`));
      const rows = new Map<number, readonly number[]>();
      for (const segment of ['CM', 'FO'])
        await readBhavcopy(join(made.directory, `BhavCopy_NSE_${segment}_0_0_0_${date}_F_0000.csv.zip`), (row) =>
          rows.set(row.token, [row.previousClose ?? 0, row.close ?? 0]),
        );
      return rows;
    };
    const [before, after] = [await closes(20261123), await closes(20261125)];
    let compared = 0;
    for (const [token, [previous]] of after) {
      const row = before.get(token);
      if (row === undefined) continue;
      expect(previous, `token ${token}`).toBe(row[1]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
    expect(() => marketOf({ ...SMALL, date: 20261119, first: 20261120 })).toThrow('20261119 is not among');
  });

  test('refuses a day without trading', () => {
    expect(() => marketOf({ ...SMALL, date: 20261121 })).toThrow('20261121 is no trading day');
  });

  test('is a command', async () => {
    const out = join(directory, 'command');
    const options = ['--clients', '3', '--underlyings', '5', '--strikes', '3', '--versions', '1'];
    expect(await run(['day', '--out', out, ...options])).toBe(0);
    expect(findDayFiles(out).span).toEqual([join(out, 'nsccl.20261120.i1.zip')]);
    expect(await run([])).toBe(2);
    expect(await run(['night', '--out', out])).toBe(2);
    expect(await run(['day', '--out', out, '--clients', 'many'])).toBe(2);
    expect(await run(['day', '--out', out, '--date', '2026-11-22'])).toBe(1);
  });
});
