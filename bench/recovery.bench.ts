// How long a killed process needs until it judges again, against the length of the journal it must fold: shards started on a copy of a data directory
// taken while it was live, once with no tables at all (everything is folded) and once with the tables the checkpoint thread had written.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SLOTS, CommandKind, OrdType, OriginKind, type ParameterTable, PlaceOrder, Product, slotOf } from '../engine/index.ts';
import { parametersDirectory, rareCommand, type Shards, startShards } from '../workers/index.ts';
import { saveTable } from '../workers/reference/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { configurationHash } from './machine.ts';
import { outFolder } from './out-folder.ts';
import { syntheticTable } from './synthetic-table.ts';
import { writeNumber } from './write-number.ts';

const NEVER = 2 ** 30;

/** What is judged before the kill, and the lengths of journal that are tried, in orders. */
const WORLDS = {
  smoke: { clients: 100, market: { underlyings: 4, options: 10 }, lengths: [100, 500] },
  real: { clients: 2000, market: { underlyings: 50, options: 40 }, lengths: [10_000, 100_000, 1_000_000] },
} as const;
type World = (typeof WORLDS)[Size];

interface Filler {
  readonly shards: Shards;
  readonly table: ParameterTable;
  readonly slots: Uint8Array;
}

async function open(dataDir: string, checkpointMs: number, { clients, market }: World): Promise<Filler> {
  const table = syntheticTable(market);
  const hash = saveTable(parametersDirectory(dataDir), table);
  const shards = await startShards({ dataDir, shards: 1, mode: 'inline', durability: 'process', checkpointMs });
  const policy = { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 60_000_000 };
  shards.broadcast(rareCommand(CommandKind.OpenDay, ALL_SLOTS, { businessDate: 20261120, ruleSet: 1, policy }).bytes);
  shards.flush();
  await shards.loadParameters({ hash, buffer: table.buffer as SharedArrayBuffer }, 'bench');
  const slots = new Uint8Array(clients);
  for (let client = 0; client < clients; client++) {
    const account = `C${`${client}`.padStart(7, '0')}`;
    const riskGroup = `group-${client}`;
    slots[client] = slotOf(riskGroup);
    const opened = { account, riskGroup, status: 'ACTIVE', segments: [1, 2], kind: 'CLIENT' };
    send(shards, rareCommand(CommandKind.OpenAccount, slots[client] ?? 0, opened).bytes, slots[client] ?? 0);
    const cash = { account, cash: 90_00_00_00_000_00, cashEquivalent: 0, nonCash: 0 };
    send(shards, rareCommand(CommandKind.SetCollateral, slots[client] ?? 0, cash).bytes, slots[client] ?? 0);
  }
  return { shards, table, slots };
}

function send(shards: Shards, record: Uint8Array, slot: number): void {
  for (;;) {
    const view = shards.claim(slot, record.length, 'reserved');
    if (view !== null) {
      view.bytes.set(record, view.at);
      shards.commit();
      return;
    }
    shards.flush();
    shards.poll(() => {});
  }
}

/** Adds orders until `to` have been folded; batches of 50, as one read of a busy socket gives. */
function fill({ shards, table, slots }: Filler, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const client = (Math.imul(i, 0x9e3779b1) >>> 0) % slots.length;
    const slot = slots[client] ?? 0;
    const command = shards.claim(slot, PlaceOrder.BYTES, 'reserved');
    if (command === null) throw new Error('the inbound ring is full');
    command.begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot).setOrigin(OriginKind.SYSTEM, 0, 0, 0);
    command.bytes[command.at + PlaceOrder.account] = 67;
    writeNumber(command.bytes, command.at + PlaceOrder.account + 1, client, 7);
    writeNumber(command.bytes, command.at + PlaceOrder.clOrdId, i + 1, 10);
    const row = i % table.instruments;
    command.setU32(PlaceOrder.token, table.token[row] ?? 0);
    command.setU8(PlaceOrder.segment, table.segment[row] ?? 0);
    command.setU8(PlaceOrder.side, 1 + (i & 1));
    command.setU8(PlaceOrder.ordType, OrdType.LIMIT);
    command.setU8(PlaceOrder.product, Product.NRML);
    command.setF64(PlaceOrder.quantity, table.lot[row] ?? 1);
    command.setF64(PlaceOrder.price, table.previousClose[row] ?? 500);
    shards.commit();
    if (i % 50 === 49) {
      shards.flush();
      shards.poll(() => {});
    }
  }
  shards.flush();
  shards.poll(() => {});
}

/** Starts on a copy of the directory and returns the seconds until ready. */
async function restart(dataDir: string, copy: string): Promise<{ seconds: number; folded: number }> {
  cpSync(dataDir, copy, { recursive: true });
  const start = process.hrtime.bigint();
  const shards = await startShards({ dataDir: copy, shards: 1, mode: 'inline', durability: 'process' });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { folded } = shards.recovered;
  await shards.stop();
  rmSync(copy, { recursive: true, force: true });
  return { seconds, folded };
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const world = WORLDS[size];
  const folder = mkdtempSync(join(outFolder(), 'recovery-'));
  const measures: Measure[] = [];
  try {
    for (const [label, checkpointMs] of [
      ['journal only', NEVER],
      ['with tables', 1000],
    ] as const) {
      const dataDir = join(folder, label.replace(' ', '-'));
      const filler = await open(dataDir, checkpointMs, world);
      let filled = 0;
      for (const length of world.lengths) {
        fill(filler, filled, length);
        filled = length;
        if (checkpointMs !== NEVER) await new Promise((resolve) => setTimeout(resolve, size === 'smoke' ? 200 : 2500));
        const { seconds, folded } = await restart(dataDir, join(folder, `copy-${measures.length}`));
        measures.push({
          label: `${label}, ${length.toLocaleString('en-IN')} orders`,
          value: seconds * 1000,
          unit: 'ms',
          note: `${folded.toLocaleString('en-IN')} commands folded again`,
        });
        say(`${label}, ${length} orders`);
      }
      await filler.shards.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { clients: world.clients, shards: 'inline', durability: 'process', ordersPerBatch: 50 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets: [],
    excluded: ['starting Node and opening the ports', 'a cold page cache'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'recovery', title: 'Recovery time against journal length', run };
