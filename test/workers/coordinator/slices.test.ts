// Slices of the member's limit: real slots, a coordinator that is killed at any moment, and one rule: together the slots never have more than the limit.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fundingView, type ParameterTable, type SlicePoolName, SlotState, sliceViews } from '../../../engine/index.ts';
import { SliceBook, type SliceQuestion, type SliceRecord } from '../../../workers/coordinator/slice-book.ts';
import { SliceCoordinator, type SliceEngine } from '../../../workers/coordinator/slice-coordinator.ts';
import { FileSliceJournal, type SliceJournal } from '../../../workers/coordinator/slice-journal.ts';
import { market, POLICY, placeOrder } from '../../engine/builders.ts';
import { Desk } from '../../engine/desk.ts';
import { LAKH, mtf, POLICY_MTF, SHARES } from '../../engine/funding-desk.ts';

const SLOTS = 4;
/** A lot of the future needs Rs 18,500. */
const LOT = 18_500_00;

class Killed extends Error {}

/** Slots and what survives a crash: their states, and the journal's records. */
class House implements SliceEngine {
  readonly desks: Desk[] = [];
  readonly kept: SliceRecord[] = [];
  coordinator: SliceCoordinator;
  /** Steps until the next crash; Infinity = none. */
  fuse = Number.POSITIVE_INFINITY;
  private orders = 0;

  constructor(policy: object = POLICY, table: ParameterTable = market()) {
    for (let slot = 0; slot < SLOTS; slot++) {
      const desk = new Desk();
      desk.state = new SlotState(slot);
      desk.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy });
      desk.load(table);
      desk.account('A1', 100_000_000);
      this.desks.push(desk);
    }
    this.coordinator = this.reborn();
  }

  /** A coordinator that knows nothing but the journal. */
  reborn(): SliceCoordinator {
    const journal: SliceJournal = {
      records: [...this.kept],
      append: async (record) => {
        this.burn();
        this.kept.push(record);
        this.burn();
      },
    };
    return new SliceCoordinator(journal, this, SLOTS);
  }

  async tell(question: SliceQuestion): Promise<void> {
    this.burn();
    const { type, corporation, number, slot } = question;
    const isGrant = type === 'grant';
    const rest = isGrant ? { slice: question.slice } : { keep: question.keep };
    this.desks[slot]?.tell(isGrant ? 'GrantSlice' : 'RecallSlice', { corporation, number, ...rest });
    this.burn();
  }

  async lift(corporation: SlicePoolName, number: number): Promise<void> {
    for (const desk of this.desks) desk.tell('GrantSlice', { corporation, number });
  }

  async look(slot: number): Promise<ReturnType<typeof sliceViews>> {
    const desk = this.desks[slot];
    return desk === undefined ? [] : sliceViews(desk.state);
  }

  /** Buys lots in a slot; did it pass? */
  buy(slot: number, lots: number): string {
    this.orders += 1;
    const [event] = this.desks[slot]?.send(placeOrder({ id: `o${this.orders}`, quantity: lots * 100 })) ?? [];
    return event?.reject ?? '';
  }

  /** Buys INFY at Rs 1,000 with funding, three quarters of it lent; did it pass? */
  lend(slot: number, units: number): string {
    const [event] = this.desks[slot]?.send(placeOrder(mtf('buy', units))) ?? [];
    return event?.reject ?? '';
  }

  ncl(slot: number): { slice: number; used: number } {
    return sliceViews((this.desks[slot] as Desk).state)[0] ?? { slice: 0, used: 0 };
  }

  sum(of: 'slice' | 'used'): number {
    return this.desks.reduce((total, _, slot) => total + this.ncl(slot)[of], 0);
  }

  private burn(): void {
    this.fuse -= 1;
    if (this.fuse < 0) throw new Killed();
  }
}

/** A house with Rs 3,70,000 to use at NCL: twenty lots. */
async function limited(): Promise<House> {
  const house = new House();
  await house.coordinator.start(new Map([['NCL', 20 * LOT]]));
  for (let slot = 0; slot < SLOTS; slot++) await house.coordinator.balance(slot);
  return house;
}

describe('slices', () => {
  it('half the limit is spread over the slots, the rest waits for whoever asks', async () => {
    const house = await limited();
    expect([0, 1, 2, 3].map((slot) => house.ncl(slot).slice / LOT)).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(house.buy(0, 2)).toBe('none');
    expect(house.buy(0, 1)).toBe('sliceExhausted');
    // Another slot is not bothered by it.
    expect(house.buy(1, 2)).toBe('none');
    await house.coordinator.hungry(0, 'NCL');
    expect(house.ncl(0).slice / LOT).toBe(7.5);
    expect(house.buy(0, 5)).toBe('none');
  });

  it('go where they are needed, nineteen lots of twenty, and never further', async () => {
    const house = await limited();
    let lots = 0;
    for (let round = 0; round < 40; round++) {
      if (house.buy(0, 1) === 'none') lots += 1;
      else await house.coordinator.hungry(0, 'NCL');
    }
    expect(lots).toBe(19);
    expect(house.sum('slice')).toBeLessThanOrEqual(20 * LOT);
    expect(house.buy(0, 1)).toBe('sliceExhausted');
  });

  it('of what the house lends in all go where they are needed, beside those of a clearing corporation', async () => {
    const house = new House(POLICY_MTF, SHARES);
    for (const desk of house.desks) desk.tell('SetLimit', { account: 'A1', maxFunded: 30 * LAKH });
    await house.coordinator.start(
      new Map([
        ['NCL', 2_000 * LOT],
        ['FUNDING', 24 * LAKH],
      ]),
    );
    for (let slot = 0; slot < SLOTS; slot++) await house.coordinator.balance(slot);
    // Half of Rs 24 lakh in four shares: Rs 4 lakh of purchases each.
    expect([house.lend(0, 400), house.lend(0, 1), house.lend(1, 400), house.buy(0, 1)]).toEqual(['none', 'fundingExhausted', 'none', 'none']);
    await house.coordinator.hungry(0, 'FUNDING');
    expect(house.lend(0, 800)).toBe('none');
    let units = 0;
    for (let round = 0; round < 150; round++) {
      if (house.lend(2, 20) === 'none') units += 20;
      else await house.coordinator.hungry(2, 'FUNDING');
    }
    const lent = house.desks.reduce((sum, desk) => sum + (fundingView(desk.state, 'A1')?.drawn ?? 0), 0);
    expect(lent).toBe((400 + 400 + 800 + units) * 750 * 100);
    expect(units).toBeGreaterThan(1_500);
    expect(lent).toBeLessThanOrEqual(24 * LAKH);
    expect(house.coordinator.book.given('FUNDING')).toBeLessThanOrEqual(24 * LAKH);
  });

  it('come back where nothing is used: an order that ends makes room elsewhere', async () => {
    const house = await limited();
    await house.coordinator.hungry(0, 'NCL');
    expect(house.ncl(0).slice / LOT).toBe(7.5);
    await house.coordinator.balance(0);
    expect(house.ncl(0).slice / LOT).toBe(2.5);
    expect(house.coordinator.book.free('NCL') / LOT).toBe(10);
  });

  it('a limit that is lowered is reached as slots can give back; one that is taken away asks nobody', async () => {
    const house = await limited();
    house.buy(0, 2);
    await house.coordinator.start(new Map([['NCL', 4 * LOT]]));
    for (let slot = 0; slot < SLOTS; slot++) await house.coordinator.balance(slot);
    expect(house.sum('slice')).toBeLessThanOrEqual(4 * LOT);
    await house.coordinator.start(new Map());
    expect(house.buy(0, 30)).toBe('none');
  });

  it('a coordinator whose journal is lost believes the slots', async () => {
    const house = await limited();
    await house.coordinator.hungry(0, 'NCL');
    house.kept.length = 0;
    house.coordinator = house.reborn();
    await house.coordinator.start(new Map([['NCL', 20 * LOT]]));
    for (let round = 0; round < 2; round++) for (let slot = 0; slot < SLOTS; slot++) await house.coordinator.balance(slot);
    expect(house.coordinator.book.given('NCL')).toBe(house.sum('slice'));
    expect(house.sum('slice')).toBe(10 * LOT);
  });

  it('told twice is done once', () => {
    const desk = new House().desks[0] as Desk;
    const grant = { corporation: 'NCL', number: 7, slice: 5 * LOT };
    expect(desk.tell('GrantSlice', grant)[0]).toMatchObject({ event: 'SliceGranted', value: 5 * LOT, count: 7 });
    expect(desk.tell('RecallSlice', { corporation: 'NCL', number: 8, keep: LOT })[0]).toMatchObject({ event: 'SliceRecalled', value: LOT, count: 8 });
    expect(desk.tell('GrantSlice', grant)[0]).toMatchObject({ event: 'SliceGranted', value: LOT, count: 8 });
    expect(desk.tell('RecallSlice', { corporation: 'NCL', number: 8, keep: 0 })[0]).toMatchObject({ value: LOT });
  });

  it('never pass the limit, whoever is killed when, and go on afterwards', async () => {
    const step = fc.record({
      what: fc.constantFrom('buy', 'buy', 'balance', 'hungry', 'crash'),
      slot: fc.integer({ min: 0, max: SLOTS - 1 }),
      size: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (script) => {
        const house = await limited();
        for (const { what, slot, size } of script) {
          try {
            if (what === 'buy') house.buy(slot, size);
            else if (what === 'balance') await house.coordinator.balance(slot);
            else if (what === 'hungry') await house.coordinator.hungry(slot, 'NCL');
            else house.fuse = size * 2;
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            house.fuse = Number.POSITIVE_INFINITY;
            house.coordinator = house.reborn();
            await house.coordinator.start(new Map([['NCL', 20 * LOT]]));
          }
          expect(house.sum('slice')).toBeLessThanOrEqual(20 * LOT);
          expect(house.sum('used')).toBeLessThanOrEqual(house.sum('slice'));
          expect(house.coordinator.book.given('NCL')).toBeGreaterThanOrEqual(house.sum('slice'));
        }
        house.fuse = Number.POSITIVE_INFINITY;
        for (let slot = 0; slot < SLOTS; slot++) await house.coordinator.balance(slot);
        expect(house.coordinator.book.waiting()).toEqual([]);
        expect(house.coordinator.book.given('NCL')).toBe(house.sum('slice'));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the journal', () => {
  const grant: SliceRecord = { type: 'grant', corporation: 'NCL', number: 1, slot: 0, slice: 5 };
  const inDirectory = async (work: (path: string) => Promise<void>): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), 'slices-'));
    try {
      await work(join(directory, 'slices', 'journal'));
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  it('has what was written, drops a line cut short, and refuses one that was changed', async () => {
    await inDirectory(async (path) => {
      const journal = new FileSliceJournal(path);
      await journal.append({ type: 'limit', corporation: 'NCL', limit: 100 });
      await journal.append(grant);
      journal.close();
      appendFileSync(path, '0123abcd {"type":"done"');
      const again = new FileSliceJournal(path);
      again.rewrite(again.records);
      expect(again.records).toEqual([{ type: 'limit', corporation: 'NCL', limit: 100 }, grant]);
      await again.append({ type: 'done', corporation: 'NCL', number: 1, slot: 0, slice: 5 });
      again.close();
      expect(new FileSliceJournal(path).records).toHaveLength(3);
      truncateSync(path, readFileSync(path).indexOf('100') + 1);
      appendFileSync(path, '50}\n');
      expect(() => new FileSliceJournal(path)).toThrow(/:1: the record does not fit its checksum/);
    });
  });

  it('read back, a grant without an answer counts as given, a recall without one as not given back', () => {
    const book = new SliceBook();
    const records: SliceRecord[] = [
      { type: 'limit', corporation: 'NCL', limit: 100 },
      { type: 'grant', corporation: 'NCL', number: 1, slot: 0, slice: 60 },
      { type: 'done', corporation: 'NCL', number: 1, slot: 0, slice: 60 },
      { type: 'recall', corporation: 'NCL', number: 2, slot: 0, keep: 10 },
      { type: 'grant', corporation: 'NCL', number: 3, slot: 1, slice: 30 },
    ];
    for (const record of records) book.apply(record);
    expect([book.given('NCL'), book.free('NCL'), book.nextNumber('NCL')]).toEqual([90, 10, 4]);
    const again = new SliceBook();
    book.apply({ type: 'limit', corporation: 'NCL', limit: 80 });
    for (const record of book.records()) again.apply(record);
    expect(again.free('NCL')).toBe(-10);
    book.apply({ type: 'limit', corporation: 'NCL', limit: 100 });
    expect([again.given('NCL'), again.nextNumber('NCL'), again.waiting()]).toEqual([90, 4, book.waiting()]);
    expect(() => book.apply({ type: 'grant', corporation: 'NCL', number: 4, slot: 2, slice: 11 })).toThrow('a grant would pass the limit');
  });
});
