// Conversion of a cash position from intraday to delivery or back, and from delivery to funded (MTF) or back. The engine decides, by the margin after
// it; what is no conversion at all is refused here with the figures, because the engine's answer has a code only.
import { CommandKind, type ConvertPositionBody, ExchangeSegment, type PositionView, Product } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import type { CommandSender } from './command-sender.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { shareToken } from './named-share.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';

/** Products a cash position may have. */
export type CashProduct = 'CNC' | 'MIS' | 'MTF';

/** What is asked for. Exactly one of symbol and token. */
export interface ConversionBody {
  readonly exchange: keyof typeof ExchangeSegment;
  readonly symbol?: string | undefined;
  readonly token?: number | undefined;
  readonly from: CashProduct;
  readonly to: CashProduct;
  /** Units without sign. */
  readonly quantity: number;
}

export class ConversionDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly instruments: InstrumentResolver;

  constructor(questions: SlotQuestions, sender: CommandSender, instruments: InstrumentResolver) {
    this.questions = questions;
    this.sender = sender;
    this.instruments = instruments;
  }

  /**
   * Converts; false when the account is not known. Refuses, nothing changed: with 404 a share nobody knows, with 409 what the engine or the position
   * does not allow.
   */
  async convert(account: string, { exchange, from, to, quantity, ...named }: ConversionBody): Promise<boolean> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return false;
    const segment = ExchangeSegment[exchange];
    if (segment !== ExchangeSegment.NSE && segment !== ExchangeSegment.BSE)
      throw refusal('TZ-REFUSED', 'derivatives are one position whatever the product: there is nothing to convert');
    const token = shareToken(this.instruments, segment, named);
    const held = await this.unitsOf(account, segment, token, Product[from]);
    if (Math.abs(held) < quantity) throw refusal('TZ-REFUSED', `the ${from} position is ${held}: ${quantity} cannot be converted`);
    const body: ConvertPositionBody = { account, segment, token, from, to, quantity };
    await tellEngine(this.sender, { kind: CommandKind.ConvertPosition, slot, body }, MALFORMED);
    return true;
  }

  /** Signed units of a position; 0 when there is none. */
  private async unitsOf(account: string, segment: number, token: number, product: number): Promise<number> {
    const portfolio = await this.questions.askAbout<{ readonly positions: readonly PositionView[] }>(account, { type: 'portfolio', account });
    const found = portfolio?.positions.find((each) => each.segment === segment && each.token === token && each.product === product);
    return found?.net ?? 0;
  }
}

/** What is left for commandMalformed once units are there: rules about the side and the shares. */
const MALFORMED =
  'not convertible: MTF converts from and to CNC only, for clients that are enabled and shares on the list; an intraday sale does not become a delivery, trade-to-trade shares stay delivery, and shares on sale or with an opposite position stay as they are';
