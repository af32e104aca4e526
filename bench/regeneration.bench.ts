// Live SPAN: arrays derived again from a price, for one underlying's options on its tick and for all of them, beside the model's arithmetic alone.
import { InstrumentKind } from '../engine/index.ts';
import { LiveArrays, riskArray } from '../workers/reference/index.ts';
import type { Bench, BenchResult, Size } from './bench.ts';
import { configurationHash } from './machine.ts';
import { syntheticTable } from './synthetic-table.ts';
import { timeLoop } from './timed.ts';

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const table = syntheticTable({ underlyings: smoke ? 10 : 230, options: smoke ? 20 : 690 });
  const live = new LiveArrays(table);
  let options = 0;
  for (let row = 0; row < table.instruments; row++) if ((table.kind[row] ?? 0) >= InstrumentKind.CE) options += 1;
  const calibration = timeLoop(1, 1, () => {
    const fresh = new LiveArrays(table);
    for (let underlying = 0; underlying < table.underlyings; underlying++) fresh.calibrationOf(underlying);
  });
  for (let underlying = 0; underlying < table.underlyings; underlying++) live.calibrationOf(underlying);
  say(`${options} options calibrated`);
  let turn = 0;
  const moveAll = (): number => {
    turn += 1;
    let moved = 0;
    for (let underlying = 0; underlying < table.underlyings; underlying++)
      moved += live.move(underlying, (table.spot[underlying] ?? 0) * (1 + turn / 1_000));
    return moved;
  };
  let moved = 0;
  const all = timeLoop(1, smoke ? 1 : 3, () => {
    moved = moveAll();
  });
  if (moved < options) throw new Error(`only ${moved} of ${options} options were derived again`);
  const one = timeLoop(1, smoke ? 3 : 15, () => {
    turn += 1;
    live.move(0, (table.spot[0] ?? 0) * (1 + turn / 1_000));
  });
  const bare = timeLoop(smoke ? 200 : 5_000, 3, (from, to) => {
    for (let i = from; i < to; i++) {
      const model = { spot: 1_000 + i / 100, strike: 1_000, type: 'CE' as const, days: 20, r: 0.065, sigma: 0.2, psr: 110, vsr: 0.05 };
      riskArray({ ...model, lookaheadDays: 2, extremeMultiplier: 2, cover: 0.35 });
    }
  });
  const parameters = { instruments: table.instruments, options, underlyings: table.underlyings };
  const perUnderlying = table.instrumentCount[0] ?? 1;
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures: [
      { label: 'one underlying on its tick', value: one.nanoseconds / 1e6, unit: 'ms', note: `${perUnderlying} contracts` },
      { label: 'all', value: all.nanoseconds / 1e6, unit: 'ms', note: `${moved} contracts, one thread` },
      { label: 'contracts', value: moved / (all.nanoseconds / 1e9), unit: 'contracts/s' },
      {
        label: 'model alone',
        value: 1e9 / bare.nanoseconds,
        unit: 'arrays/s',
        note: '17 valuations each; a contract that moves needs two arrays and two values',
      },
      { label: 'calibration, once per file', value: calibration.nanoseconds / 1e6, unit: 'ms' },
    ],
    series: [],
    targets: [],
    excluded: ['reading the file', 'compiling the table for the book', 'margin of clients under the new arrays'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'regeneration', title: 'Risk arrays derived again from live prices', run };
