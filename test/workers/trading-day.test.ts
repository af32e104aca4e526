import { afterEach, describe, expect, test } from 'vitest';
import { ALL_SLOTS, CommandKind, type CommandView, EventField, type EventView, SLOT_COUNT, slotOf } from '../../engine/index.ts';
import { NightPool, openStateReader, parametersDirectory, rareCommand, type ShardOptions, type Shards, startShards } from '../../workers/index.ts';
import { hashOfTable, saveTable } from '../../workers/reference/index.ts';
import { CE, cancelOrder, EQ, exchangeReport, FUT, market, marks, PE, POLICY, placeOrder, replaceOrder } from '../engine/builders.ts';
import { newDirectory, removeDirectories, slotHashes } from './shard-bench.ts';

afterEach(removeDirectories);

const CLIENTS = 60;
const table = market();
const tableHash = hashOfTable(table);

/** One step of the day: a command for one slot, a broadcast, or the parameter table. */
type Step = { readonly command: CommandView } | { readonly broadcast: CommandView } | 'load';

const accountOf = (client: number): string => `C${client}`;
const slotOfClient = (client: number): number => slotOf(`group-${client % 45}`);

/** Numbers that look random and are the same on every run. */
function sequenceFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

function opening(): Step[] {
  const steps: Step[] = [{ broadcast: rareCommand(CommandKind.OpenDay, ALL_SLOTS, { businessDate: 20261120, ruleSet: 1, policy: POLICY }) }, 'load'];
  for (let client = 0; client < CLIENTS; client++) {
    const [account, slot] = [accountOf(client), slotOfClient(client)];
    const opened = { account, riskGroup: `group-${client % 45}`, status: 'ACTIVE', segments: [1, 2], kind: 'CLIENT' };
    steps.push({ command: rareCommand(CommandKind.OpenAccount, slot, opened) });
    steps.push({
      command: rareCommand(CommandKind.SetCollateral, slot, { account, cash: 30_000_000 + client * 100_000, cashEquivalent: 0, nonCash: 0 }),
    });
  }
  return steps;
}

/** Orders, replaces, cancels, fills and marks of a day; what is placed is confirmed or filled now and then. */
function tradingSteps(count: number): Step[] {
  const next = sequenceFrom(7);
  const steps: Step[] = [];
  for (let i = 0; i < count; i++) {
    const client = next(CLIENTS);
    const [account, slot] = [accountOf(client), slotOfClient(client)];
    const of = [FUT, CE, PE, EQ][next(4)] ?? FUT;
    const side = next(2) === 0 ? 'buy' : 'sell';
    const id = `${account}-${i}`;
    const earlier = `${account}-${i - 1 - next(200)}`;
    const stamp = { slot, session: 1, number: i + 1 };
    const kind = next(10);
    if (kind < 6) steps.push({ command: placeOrder({ account, id, of, side, quantity: 100 * (1 + next(5)), price: 950 + next(100) }, stamp) });
    else if (kind === 6)
      steps.push({ command: replaceOrder({ account, id, orig: earlier, quantity: 100 * (1 + next(5)), price: 950 + next(100) }, stamp) });
    else if (kind === 7) steps.push({ command: cancelOrder({ account, id, orig: earlier }, stamp) });
    else if (kind === 8) {
      const fill = { account, id: earlier, type: 'TRADE', trade: `T${i}`, quantity: 100, price: 1000, of, side } as const;
      steps.push({ command: exchangeReport(fill, stamp) });
    } else
      steps.push({
        broadcast: marks(
          [
            [FUT, 980 + next(40)],
            [EQ, 980 + next(40)],
          ],
          { slot: ALL_SLOTS },
        ),
      });
  }
  return steps;
}

/** A verdict without the places that depend on the shard: slot, sequence, kind, code and margins. */
const verdictOf = (event: EventView): string =>
  [
    event.slot,
    event.slotSequence,
    event.index,
    event.kind,
    event.rejectCode,
    event.f64(EventField.requirementBefore),
    event.f64(EventField.requirementAfter),
    event.f64(EventField.available),
  ].join(' ');

class Day {
  readonly verdicts: string[] = [];
  private readonly dataDir: string;
  private time = 1_700_000_000_000_000;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
    saveTable(parametersDirectory(dataDir), table);
  }

  /** Starts shards, plays the steps, returns every slot's hash and stops. */
  async play(options: Pick<ShardOptions, 'shards' | 'mode'>, steps: readonly Step[]): Promise<string[]> {
    const failures: Error[] = [];
    const clock = (): number => {
      this.time += 1000;
      return this.time;
    };
    const shards = await startShards({
      dataDir: this.dataDir,
      durability: 'process',
      checkpointMs: 20,
      clock,
      onFailure: (error) => failures.push(error),
      ...options,
    });
    for (const [index, step] of steps.entries()) {
      await this.apply(shards, step);
      if (index % 16 === 15) shards.flush();
      this.drain(shards);
    }
    shards.flush();
    // A question does not wait for commands that are still on the ring.
    for (let slot = 0; slot < shards.shardCount; slot++) while (!shards.isDurable(slot, shards.position(slot))) await this.giveWay(shards);
    const hashes = await slotHashes(shards);
    this.drain(shards);
    await shards.stop();
    this.drain(shards);
    expect(failures).toEqual([]);
    return hashes;
  }

  private drain(shards: Shards): void {
    shards.poll((event) => this.verdicts.push(verdictOf(event)));
  }

  private async apply(shards: Shards, step: Step): Promise<void> {
    if (step === 'load') {
      shards.flush();
      await shards.loadParameters({ hash: tableHash, buffer: table.buffer as SharedArrayBuffer }, 'day');
    } else if ('broadcast' in step) {
      while (!shards.broadcast(step.broadcast.bytes)) await this.giveWay(shards);
    } else {
      const { command } = step;
      let view = shards.claim(command.slot, command.length, 'reserved');
      while (view === null) {
        await this.giveWay(shards);
        view = shards.claim(command.slot, command.length, 'reserved');
      }
      view.bytes.set(command.bytes.subarray(0, command.length), view.at);
      shards.commit();
    }
  }

  private async giveWay(shards: Shards): Promise<void> {
    shards.flush();
    this.drain(shards);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Verdicts slot by slot. */
const bySlot = (verdicts: readonly string[]): string[] => verdicts.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || 0);

describe('a day of real orders', () => {
  test('gives every client the same verdicts and every slot the same hash on 1 shard, on 2, and on 1 → 2 → 1', async () => {
    const trading = tradingSteps(900);
    const all = [...opening(), ...trading];
    const whole = new Day(newDirectory());
    const hashes = await whole.play({ shards: 1, mode: 'inline' }, all);
    const threads = new Day(newDirectory());
    expect(await threads.play({ shards: 2, mode: 'threads' }, all)).toEqual(hashes);
    expect(bySlot(threads.verdicts)).toEqual(bySlot(whole.verdicts));

    const dataDir = newDirectory();
    const restarted = new Day(dataDir);
    await restarted.play({ shards: 1, mode: 'inline' }, [...opening(), ...trading.slice(0, 300)]);
    await restarted.play({ shards: 2, mode: 'threads' }, trading.slice(300, 600));
    expect(await restarted.play({ shards: 1, mode: 'inline' }, trading.slice(600))).toEqual(hashes);
    expect(bySlot(restarted.verdicts)).toEqual(bySlot(whole.verdicts));

    // The day must have been worth comparing: accepted and refused orders, fills, margins above zero.
    const kinds = new Set(whole.verdicts.map((verdict) => verdict.split(' ')[3]));
    expect(kinds.size).toBeGreaterThan(8);
    expect(whole.verdicts.some((verdict) => Number(verdict.split(' ')[6]) > 0)).toBe(true);
    await lookBack(dataDir, hashes, restarted.verdicts);
  });
});

/** Replay, explain and the tables tell the same story afterwards. */
async function lookBack(dataDir: string, hashes: readonly string[], verdicts: readonly string[]): Promise<void> {
  const pool = new NightPool();
  const replay = await pool.replay(dataDir);
  expect(replay.differences).toEqual([]);
  expect(replay.slots.length).toBe(SLOT_COUNT);
  for (const { slot, hash } of replay.slots) expect(hash).toBe(hashes[slot]);
  const rejected = verdicts.find((verdict) => verdict.split(' ')[3] === '2' && verdict.split(' ')[4] !== '0') ?? '';
  const [slot = 0, sequence = 0, , , code = 0] = rejected.split(' ').map(Number);
  const explained = await pool.explain({ dataDir, slot, sequence });
  expect(explained?.explanation.code).toBe(code);
  expect(explained?.journalled[0]?.rejectCode).toBe(code);
  expect(explained?.folded).toBe(sequence - 1);
  await pool.close();
  const reader = openStateReader(dataDir);
  expect(reader?.slots().length).toBe(SLOT_COUNT);
  for (const stored of reader?.slots() ?? []) expect(reader?.readSlot(stored.slot)?.hash()).toBe(hashes[stored.slot]);
  await reader?.close();
}
