// Early pay-in through the API: what the clearing corporation says it has booked of a client, in units of a share or in money, or has taken back. The
// night's early pay-in comes by the inbox; this is for what was booked in another way, and for corrections.
import { type BookEarlyPayInBody, CommandKind, ExchangeSegment } from '../../engine/index.ts';
import type { CommandSender } from './command-sender.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { shareToken } from './named-share.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';

/** What was booked: units of a share named by symbol or token, or paise. Below zero: taken back. */
export type EarlyPayInBooking = { readonly reference: string } & (
  | {
      readonly way: 'SECURITIES';
      readonly exchange: 'NSE' | 'BSE';
      readonly symbol?: string | undefined;
      readonly token?: number | undefined;
      readonly quantity: number;
    }
  | { readonly way: 'FUNDS'; readonly amount_paise: number }
);

/** What is left for commandMalformed once the body was checked here. */
const MALFORMED = 'more would be taken back than is booked';

export class EarlyPayInDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly instruments: InstrumentResolver;

  constructor(questions: SlotQuestions, sender: CommandSender, instruments: InstrumentResolver) {
    this.questions = questions;
    this.sender = sender;
    this.instruments = instruments;
  }

  /**
   * Books it; false when the account is not known. Refuses with 404 a share nobody knows, with 409 what the engine refuses: no day open, more taken
   * back than is booked.
   */
  async book(account: string, booking: EarlyPayInBooking): Promise<boolean> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return false;
    await tellEngine(this.sender, { kind: CommandKind.BookEarlyPayIn, slot, body: this.bodyOf(account, booking) }, MALFORMED);
    return true;
  }

  private bodyOf(account: string, booking: EarlyPayInBooking): BookEarlyPayInBody {
    const { reference } = booking;
    if (booking.way === 'FUNDS') return { account, way: 'FUNDS', quantity: booking.amount_paise, reference };
    const segment = ExchangeSegment[booking.exchange];
    const token = shareToken(this.instruments, segment, booking);
    return { account, way: 'SECURITIES', segment, token, quantity: booking.quantity, reference };
  }
}
