// What people do about trade breaks, as data, so that command line and server do the same: who looks after one, closing it or putting its trade right by two
// persons, sending what they agreed on to the engine. Once agreed, a correction is sent by whoever asks for it, any number of times: the engine takes it once.
import type { RootDatabase } from 'lmdb';
import { z } from 'zod';
import { correctionWords, correctTrade } from '../nodes/engine/trade-correction.ts';
import { BreakStore, type StoredBreak } from '../recon/break-store.ts';
import type { TradeCorrection } from '../recon/trade-break.ts';
import { TransientFault } from '../runner/index.ts';

const by = z.string().min(1).max(64);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');
const id = z.string().min(1).max(120);
const reason = z.string().min(3).max(256);
const correction = z.strictObject({ to: z.string().min(1).max(16).optional(), product: z.enum(['CNC', 'MIS']).optional() });

/** One act, validated. */
export type BreakAct = { readonly by: string; readonly date: string; readonly id: string } & (
  | { readonly act: 'assign'; readonly to: string }
  | { readonly act: 'close'; readonly reason: string }
  | { readonly act: 'correct'; readonly reason: string; readonly correction: TradeCorrection }
  | { readonly act: 'approve' | 'withdraw' | 'send' }
);

/** Reads an act; refuses what is not one. */
export const breakAct: z.ZodType<BreakAct> = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('assign'), by, date, id, to: by }),
  z.strictObject({ act: z.literal('close'), by, date, id, reason }),
  z.strictObject({ act: z.literal('correct'), by, date, id, reason, correction }),
  z.strictObject({ act: z.enum(['approve', 'withdraw', 'send']), by, date, id }),
]);

/** The work list of one data directory. Refusals are RangeErrors that say what would be needed. */
export class BreakDesk {
  private readonly breaks: BreakStore;
  private readonly dataDirectory: string;

  constructor(root: RootDatabase, dataDirectory: string) {
    this.breaks = new BreakStore(root);
    this.dataDirectory = dataDirectory;
  }

  /** Breaks of a date, of one segment or of all. */
  of(date: string, segment?: string): StoredBreak[] {
    return this.breaks.of(date, segment);
  }

  /** Does it and says what it did. */
  async act(act: BreakAct): Promise<string> {
    const { breaks } = this;
    switch (act.act) {
      case 'assign':
        return `${act.id} is ${breaks.assign(act.date, act.id, act.to).assigned}'s`;
      case 'close':
        breaks.propose(act.date, act.id, act);
        return `${act.by} proposes to leave ${act.id} as it is; another person has to approve`;
      case 'correct':
        return this.propose(act.date, act.id, act);
      case 'approve': {
        const approved = breaks.approve(act.date, act.id, act.by);
        return approved.correction === undefined ? `${act.id} is closed: ${approved.reason}` : this.send(approved);
      }
      case 'withdraw':
        breaks.withdraw(act.date, act.id);
        return `${act.id} is open again`;
      case 'send':
        return this.send(breaks.find(act.date, act.id));
    }
  }

  /** What the engine would refuse is refused here already. */
  private async propose(
    date: string,
    id: string,
    proposal: { readonly by: string; readonly reason: string; readonly correction: TradeCorrection },
  ): Promise<string> {
    const words = await correctionWords(this.dataDirectory, { ...this.breaks.find(date, id), ...proposal });
    this.breaks.propose(date, id, proposal);
    return `${proposal.by} proposes to ${words}; another person has to approve`;
  }

  private async send({ correction, state, ...one }: StoredBreak): Promise<string> {
    const { id, date, segment } = one;
    if (state !== 'agreed' || correction === undefined) throw new RangeError(`${id} is ${state}: no correction is agreed that could be sent`);
    try {
      await correctTrade(this.dataDirectory, { ...one, correction });
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error;
      throw new RangeError(`${id}: agreed; ${error.message}: send it again in a while`, { cause: error });
    }
    this.breaks.sent(date, id);
    return `${id}: the engine has taken it; EOD-RECON@${segment} run again settles the break`;
  }
}
