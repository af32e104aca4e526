// One shard: folds what its ring brings, journals it, and only then lets the events out. Runs in a thread of its own or in the
// gateway's; all in it is synchronous. Holds no rule, and repairs nothing: an error after a fold ends the process (fail-stop).
import { ALL_SLOTS, assert, CommandKind, CommandView, EventWriter, isRareKind, READ_AHEAD_ORDERS, SLOT_COUNT } from '../engine/index.ts';
import type { RowStream } from './checkpoint/row-stream.ts';
import { BatchBuffer } from './journal/batch-buffer.ts';
import type { Journal, JournalHead } from './journal/journal.ts';
import { OutboundEvents } from './outbound-events.ts';
import { ParameterRollout } from './parameter-rollout.ts';
import { decodeRareBody } from './rare-body.ts';
import type { Doorbell } from './ring/doorbell.ts';
import type { RingReader } from './ring/ring-reader.ts';
import type { RingWriter } from './ring/ring-writer.ts';
import type { FoldedSlot, SlotFold } from './slot-fold.ts';
import { type StageTimes, TIMED_MASK } from './stage-times.ts';

/** A batch is closed after so many commands or bytes, so that the first of them does not wait long for its verdict. */
const BATCH_COMMANDS_MAX = 512;
const BATCH_BYTES_MAX = 1 << 20;
/** Slots that take over a new parameter table, or a margin snapshot, between two batches. */
const ROLLOUT_SLOTS = 2;

/** What a shard is made of. */
export interface ShardParts<S extends FoldedSlot> {
  readonly fold: SlotFold<S>;
  /** By slot; undefined where another shard is the owner. */
  readonly states: readonly (S | undefined)[];
  /** Sequence of each slot, kept up to date here; the journal writes them into segment headers. */
  readonly sequences: Float64Array;
  readonly journal: Journal;
  readonly inbound: RingReader;
  readonly outbound: RingWriter;
  readonly gatewayBell: Doorbell;
  readonly rows: RowStream;
  readonly stages: StageTimes;
  /** Called when every owned slot has taken over a parameter table, or (false) when there is none of that hash. */
  readonly parametersLoaded: (hash: string, loaded: boolean) => void;
  readonly now: () => number;
}

export class ShardAgent<S extends FoldedSlot> {
  private readonly parts: ShardParts<S>;
  private readonly owned: readonly number[];
  private readonly batch = new BatchBuffer();
  private readonly command = new CommandView();
  private readonly events = new EventWriter();
  private readonly outbound: OutboundEvents;
  private readonly rollout = new ParameterRollout();
  private readonly journalHead = (): JournalHead => this.parts.journal.head;
  /** Where the commands stepped over lie in the ring, and their lengths. */
  private readonly places = new Int32Array(READ_AHEAD_ORDERS);
  private readonly lengths = new Int32Array(READ_AHEAD_ORDERS);
  private submitted = 0;
  private lastTime = 0;

  constructor(parts: ShardParts<S>) {
    this.parts = parts;
    this.outbound = new OutboundEvents(parts.outbound, parts.gatewayBell);
    this.submitted = parts.journal.head.batch;
    const owned: number[] = [];
    for (let slot = 0; slot < SLOT_COUNT; slot++) if (parts.states[slot] !== undefined) owned.push(slot);
    this.owned = owned;
  }

  /** Does one round: publish, fold a batch, journal it, publish, send rows. True when it did something. */
  doWork(): boolean {
    const folded = this.foldAndPublish();
    return this.sendRows() || folded;
  }

  /** The part of a round that somebody waits for. True when it folded something. */
  foldAndPublish(): boolean {
    if (!this.publish()) return false;
    const folded = this.foldBatch();
    if (folded) this.publish();
    return folded;
  }

  /** What nobody waits for: sends the changed rows of one slot, if some are due. True when it did something. */
  sendRows(): boolean {
    const { rows, states, now } = this.parts;
    return this.isSettled && rows.pump(states, this.journalHead, now(), false);
  }

  /** Would sendRows do something now? */
  get wantsTurn(): boolean {
    return this.isSettled && this.parts.rows.waitMs(this.parts.now()) === 0;
  }

  /** Is there something doWork would do now? */
  hasWork(): boolean {
    if (!this.isSettled) return this.outbound.hasRoom && this.isDurable;
    return !this.parts.inbound.isEmpty() || this.rollout.isActive || this.parts.rows.waitMs(this.parts.now()) === 0;
  }

  /** Milliseconds doWork can be left alone if nobody rings. */
  idleMs(): number {
    return this.isSettled ? this.parts.rows.waitMs(this.parts.now()) : Number.POSITIVE_INFINITY;
  }

  /** Answers a question about one slot; synchronous, between batches, not journalled. */
  query(slot: number, request: object): unknown {
    const state = this.parts.states[slot];
    if (state === undefined) throw new RangeError(`slot ${slot} is not owned by shard ${this.parts.journal.shard}`);
    return this.parts.fold.query(state, request);
  }

  /** Sends every changed row to the checkpoint thread; true when none is left (false: its ring is full, come back). */
  sendAllRows(): boolean {
    const { rows, states, now } = this.parts;
    while (this.isSettled && rows.isPending) if (!rows.pump(states, this.journalHead, now(), true)) return !rows.isPending;
    return !rows.isPending;
  }

  /** Hashes of the parameter tables its slots may still ask for. */
  get tablesInUse(): ReadonlySet<string> {
    const hashes = new Set<string>();
    for (const state of this.parts.states)
      for (const hash of [state?.parametersHash, state?.openingParametersHash]) if (hash !== undefined && hash !== '') hashes.add(hash);
    return hashes;
  }

  /** Nothing left to fold, to publish or to take over. */
  get isIdle(): boolean {
    return this.isSettled && this.parts.inbound.isEmpty() && !this.rollout.isActive;
  }

  /** Everything folded is durable and published. */
  get isSettled(): boolean {
    return this.outbound.isEmpty;
  }

  private get isDurable(): boolean {
    return this.parts.journal.durableBatch >= this.submitted;
  }

  /** Lets out what is durable; false while the gateway's ring is full, and then nothing more is folded. */
  private publish(): boolean {
    return this.outbound.isEmpty || (this.isDurable && this.outbound.pump(this.batch));
  }

  private foldBatch(): boolean {
    const { inbound, journal } = this.parts;
    if (inbound.isEmpty() && !this.rollout.isActive) return false;
    const { batch } = this;
    const isTimed = (this.submitted & TIMED_MASK) === 0;
    const began = isTimed ? this.parts.now() : 0;
    let oldest = 0;
    journal.begin(batch);
    for (let taken = 0; taken < BATCH_COMMANDS_MAX && batch.length < BATCH_BYTES_MAX; ) {
      const count = this.stepOver();
      if (count === 0) break;
      for (let i = 0; i < count; i++) {
        this.takeCommand(inbound.bytes, this.places[i] as number, this.lengths[i] as number);
        if (taken === 0) oldest = this.lastTime;
        taken += 1;
      }
    }
    for (let i = 0; i < ROLLOUT_SLOTS && this.rollout.isActive; i++) this.rolloutNext();
    if (batch.commands > 0) {
      const folded = isTimed ? this.parts.now() : 0;
      journal.submit(batch, this.submitted);
      this.submitted += 1;
      this.parts.stages.countBatch(batch.commands, batch.length);
      if (isTimed) this.noteTimes(oldest, began, folded);
      this.outbound.begin(batch);
    }
    // Only now: the gateway takes a released command for a durable one.
    inbound.release();
    return true;
  }

  /** Steps over the next few commands, which stay where `places` says, and has their memory read ahead; returns how many. */
  private stepOver(): number {
    const { inbound, fold, states } = this.parts;
    let count = 0;
    for (let at = inbound.next(); at >= 0; at = count < READ_AHEAD_ORDERS ? inbound.next() : -1) {
      this.places[count] = at;
      this.lengths[count] = inbound.length;
      count += 1;
    }
    const { readAhead } = fold;
    if (readAhead === undefined || count < 2) return count;
    for (let i = 0; i < count; i++) {
      const command = this.command.wrap(inbound.bytes, inbound.data, this.places[i] as number);
      const state = command.kind === CommandKind.PlaceOrder ? states[command.slot] : undefined;
      if (state !== undefined) readAhead.add(state, command);
    }
    readAhead.run(inbound.bytes);
    return count;
  }

  /** Times of the batch just written, in milliseconds of the shard's clock. */
  private noteTimes(oldest: number, began: number, folded: number): void {
    const { stages, now } = this.parts;
    const { commands } = this.batch;
    if (oldest > 0) stages.observe('ringWait', (performance.timeOrigin + began) * 1000 - oldest, 1);
    stages.observe('fold', ((folded - began) * 1000) / commands, commands);
    stages.observe('journal', (now() - folded) * 1000, 1);
  }

  private takeCommand(bytes: Uint8Array, at: number, length: number): void {
    const { command } = this;
    command.wrap(bytes, this.parts.inbound.data, at);
    this.lastTime = command.time;
    if (command.slot !== ALL_SLOTS) {
      this.foldOne(bytes, at, length, command.slot);
      return;
    }
    // Control commands keep their order: a table half taken over is taken over first.
    while (this.rollout.isActive) this.rolloutNext();
    // Which leaves the view on the table's last command.
    command.wrap(bytes, this.parts.inbound.data, at);
    if (command.kind === CommandKind.LoadParameters) this.startRollout(bytes, at, length);
    else if (command.kind === CommandKind.TakeMarginSnapshot) this.rollout.start(bytes, at, length, this.owned);
    else this.foldEverywhere(bytes, at, length);
  }

  /** A table that cannot be had is refused before anything is journalled: no slot hears of it. */
  private startRollout(bytes: Uint8Array, at: number, length: number): void {
    const { rollout, parts } = this;
    rollout.start(bytes, at, length, this.owned);
    if (parts.fold.hasTable(rollout.tableHash)) return;
    rollout.abandon();
    parts.parametersLoaded(rollout.tableHash, false);
  }

  private foldOne(bytes: Uint8Array, at: number, length: number, slot: number): void {
    const { batch } = this;
    const state = this.parts.states[slot];
    assert(state !== undefined, 'command for a slot of another shard');
    this.enter(batch.beginRecord(bytes, at, length));
    this.foldInto(state, isRareKind(this.command.kind) ? this.decode() : undefined);
    batch.stampSequence(state.sequence);
    batch.endRecord();
  }

  private foldEverywhere(bytes: Uint8Array, at: number, length: number): void {
    const { batch } = this;
    const commandAt = batch.beginRecord(bytes, at, length);
    this.enter(commandAt);
    const body = isRareKind(this.command.kind) ? this.decode() : undefined;
    for (const slot of this.owned) {
      const state = this.parts.states[slot];
      assert(state !== undefined, 'owned slot without state');
      // Events may have made the batch move to larger memory.
      this.enter(commandAt);
      this.foldInto(state, body);
    }
    batch.stampSequence(0);
    batch.endRecord();
  }

  private foldInto(state: S, body: unknown): void {
    const { events, parts } = this;
    events.reset();
    parts.fold.fold(state, this.command, body, events);
    parts.sequences[state.slot] = state.sequence;
    parts.rows.touch(state.slot);
    if (this.command.kind === CommandKind.CloseDay) parts.rows.seal(state.slot);
    this.batch.addEvents(events.bytes, events.count, state.slot, state.sequence);
  }

  private rolloutNext(): void {
    const { rollout } = this;
    const slot = rollout.next(this.lastTime);
    this.foldOne(rollout.bytes, 0, rollout.bytes.length, slot);
    if (!rollout.isActive && rollout.tableHash !== '') this.parts.parametersLoaded(rollout.tableHash, true);
  }

  private enter(commandAt: number): void {
    this.command.wrap(this.batch.bytes, this.batch.data, commandAt);
  }

  private decode(): unknown {
    const body = decodeRareBody(this.command);
    if (this.command.kind === CommandKind.OpenDay) this.noteRuleSet(body);
    return body;
  }

  private noteRuleSet(body: unknown): void {
    if (typeof body === 'object' && body !== null && 'ruleSet' in body && typeof body.ruleSet === 'number')
      this.parts.journal.noteRuleSet(body.ruleSet);
  }
}
