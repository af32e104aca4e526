// What one fold costs a shard in steady traffic: bursts of 10 new orders over 2,000 clients in 256 slots, an old order closed for each new one.
// "warm" folds burst after burst; "cold" walks 32 MB of other memory between bursts, as a gateway that idles between them finds its caches. Each once
// as it is, once with the burst read ahead of, as a shard does it. Processor time of the fold alone: commands are written beforehand, and the reports
// that close old orders are folded off the clock.
import { CommandKind, type CommandView, ExecType, newCommandView, PlaceOrder, ReadAhead, RecordExecution, type SlotState } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { ClientWorld, firstRejectCode, sideOf } from './client-world.ts';
import { configurationHash } from './machine.ts';
import { syntheticTable } from './synthetic-table.ts';
import { writeNumber } from './write-number.ts';

const BURST = 10;
/** Orders that stay open: each is closed so many orders later. */
const OPEN = 2000;
const OTHER_BYTES = 32 << 20;
const LINE_DOUBLES = 8;

/** An order sent, so that it can be closed. */
interface Sent {
  state: SlotState;
  client: number;
  serial: number;
}

class SteadyTraffic {
  rejected = 0;
  private readonly world: ClientWorld;
  private readonly ahead: ReadAhead;
  private readonly burst: CommandView[] = Array.from({ length: BURST }, () => newCommandView(PlaceOrder.BYTES));
  private readonly states: SlotState[] = [];
  private readonly end = newCommandView(RecordExecution.BYTES);
  private readonly sent: Sent[] = [];
  private readonly other = new Float64Array(OTHER_BYTES / 8).fill(1);
  private turn = 0;
  private walked = 0;

  constructor(world: ClientWorld) {
    this.world = world;
    this.ahead = new ReadAhead(world.memory);
  }

  /** Folds one burst, read ahead of or not; returns microseconds of processor time. */
  step(cold: boolean, isAhead: boolean): number {
    const { world, burst, states } = this;
    for (const [i, view] of burst.entries()) states[i] = this.write(view);
    if (cold) for (let i = 0; i < this.other.length; i += LINE_DOUBLES) this.walked += this.other[i] as number;
    const before = process.cpuUsage();
    if (isAhead) this.readAhead();
    for (let i = 0; i < BURST; i++) {
      world.events.reset();
      world.fold.fold(states[i] as SlotState, burst[i] as CommandView, undefined, world.events);
      if (firstRejectCode(world.events) !== 0) this.rejected += 1;
    }
    const { user, system } = process.cpuUsage(before);
    while (this.sent.length > OPEN) this.close();
    return user + system;
  }

  /** Bytes walked over, so that the walk is not optimised away. */
  get otherWork(): number {
    return this.walked;
  }

  private readAhead(): void {
    for (const [i, view] of this.burst.entries()) this.ahead.add(this.states[i] as SlotState, view);
    // Every order's ClOrdID lies at the same place of a buffer of its own: all but the first's are guessed wrong, which costs a little.
    this.ahead.run(this.burst[0]?.bytes ?? new Uint8Array());
  }

  private write(view: CommandView): SlotState {
    const { world } = this;
    this.turn += 1;
    const client = (Math.imul(this.turn, 0x9e3779b1) >>> 0) % world.clients;
    const state = world.order(client, world.instrumentOf(client, this.turn % 5), sideOf(this.turn));
    view.bytes.set(world.command.bytes);
    this.sent.push({ state, client, serial: this.turn });
    return state;
  }

  private close(): void {
    const oldest = this.sent.shift();
    if (oldest === undefined) return;
    const { end, world } = this;
    end.begin(CommandKind.RecordExecution, RecordExecution.BYTES, oldest.state.slot);
    end.bytes[RecordExecution.account] = 67;
    writeNumber(end.bytes, RecordExecution.account + 1, oldest.client, 7);
    writeNumber(end.bytes, RecordExecution.clOrdId, oldest.serial, 10);
    end.setU8(RecordExecution.execType, ExecType.CANCELED);
    world.events.reset();
    world.fold.fold(oldest.state, end, undefined, world.events);
  }
}

const median = (values: Float64Array): number => values.sort()[values.length >> 1] ?? 0;

function measure(traffic: SteadyTraffic, bursts: number, cold: boolean, isAhead = false): number {
  const costs = new Float64Array(bursts);
  for (let i = 0; i < bursts; i++) costs[i] = (traffic.step(cold, isAhead) * 1000) / BURST;
  return median(costs);
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const clients = smoke ? 300 : 2000;
  const parameters = { clients, positionsPerClient: 5, slots: 256, burst: BURST, openOrders: OPEN, otherBytes: OTHER_BYTES };
  const table = syntheticTable({ underlyings: 180, options: smoke ? 6 : 60 });
  const world = new ClientWorld({ clients, positions: 5 }, new Map([['0'.repeat(64), table]]));
  say(`${clients} clients opened`);
  const traffic = new SteadyTraffic(world);
  measure(traffic, smoke ? 200 : 4000, false);
  const [warm, cold] = smoke ? [50, 10] : [3000, 600];
  const unit = 'ns of processor time';
  const note = 'median of bursts';
  const measures: Measure[] = [
    { label: 'fold PlaceOrder, warm', value: measure(traffic, warm, false), unit, note },
    { label: 'fold PlaceOrder, cold', value: measure(traffic, cold, true), unit, note },
  ];
  // What reads ahead is to be compiled before it is measured.
  measure(traffic, cold, true, true);
  measures.push(
    { label: 'warm, read ahead', value: measure(traffic, warm, false, true), unit, note },
    { label: 'cold, read ahead', value: measure(traffic, cold, true, true), unit, note },
  );
  if (traffic.rejected > 0) throw new Error(`${traffic.rejected} orders were rejected: something else was measured`);
  if (traffic.otherWork === 0) throw new Error('the caches were never emptied');
  const targets = [{ claim: 'cold fold, ns', value: measures[3]?.value ?? 0, bound: 3000, sense: 'at most' as const }];
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets,
    excluded: ['writing the commands', 'closing old orders', 'FIX, rings, journal'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'fold', title: 'A fold in steady traffic, caches warm and cold', run };
