// OrderStatusRequest(H) and OrderMassStatusRequest(AF): asked of the owners of the slots, answered by ExecutionReports 150=I. Questions change
// nothing, so they are not journalled; an answer lost in a crash is asked for again. Open orders are told when the OMS asks (AF), not pushed at
// Logon: pushed, they would interleave with the resend of what it missed, and be compared with a book that has not caught up.
import { type OrderView, SLOT_COUNT } from '../../engine/index.ts';
import type { ShardQuery, Shards } from '../../workers/index.ts';
import type { MessageView } from '../fix/codec/message-view.ts';
import type { MessageWriter } from '../fix/codec/message-writer.ts';
import type { Session } from '../fix/session/session.ts';
import type { Logger } from '../log.ts';
import type { AccountDirectory } from './account-directory.ts';
import { refuseMessage } from './business-reject.ts';
import { BusinessReason } from './command-intake.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { orderSequenceOf } from './order-codec.ts';
import { segmentName } from './symbol-index.ts';

const STATUS_REQUEST = 0x48;
const MASS_STATUS_REQUEST = 0x41 + 256 * 0x46;

/** Fields that tie an answer to its request. */
interface Request {
  /** MassStatusReqID(584), '' for a single status. */
  readonly massId: string;
  readonly total: number;
  readonly last: boolean;
}

export class StatusDesk {
  private readonly shards: Shards;
  private readonly accounts: AccountDirectory;
  private readonly instrument: InstrumentResolver;
  private readonly log: Logger;
  private answers = 0;

  constructor(shards: Shards, accounts: AccountDirectory, instrument: InstrumentResolver, log: Logger) {
    this.shards = shards;
    this.accounts = accounts;
    this.instrument = instrument;
    this.log = log;
  }

  /** Is the type a status request? */
  takes(msgType: number): boolean {
    return msgType === STATUS_REQUEST || msgType === MASS_STATUS_REQUEST;
  }

  /** Answers, now or when the shard has; a request that lacks what it needs is refused at once. */
  answer(session: Session, view: MessageView): void {
    const account = view.text(1) ?? '';
    const isMass = view.msgType === MASS_STATUS_REQUEST;
    if (account === '' && !isMass) {
      refuseMessage(session, view, { reason: BusinessReason.TAG_MISSING, text: 'Account(1) is required', tag: 1 });
      return;
    }
    if (account.length > 16 || (view.text(11) ?? '').length > 40) {
      refuseMessage(session, view, { reason: BusinessReason.OTHER, text: 'Account(1) or ClOrdID(11) is too long', tag: 11 });
      return;
    }
    const answered = isMass ? this.massStatus(session, view.text(584) ?? '', account) : this.status(session, account, view);
    answered.catch((error: unknown) => this.log.warn({ session: session.id, error }, 'a status request could not be answered'));
  }

  private async status(session: Session, account: string, view: MessageView): Promise<void> {
    const [clOrdId, sequence, side, symbol] = [view.text(11) ?? '', orderSequenceOf(view), view.char(54), view.text(55) ?? '[N/A]'];
    const order = (await this.ask(this.slotOf(account), { type: 'order', account, clOrdId, sequence })) as OrderView | undefined;
    if (order !== undefined) this.send(session, order, { massId: '', total: 0, last: true });
    else this.sendUnknown(session, { account, clOrdId, side, symbol });
  }

  private async massStatus(session: Session, massId: string, account: string): Promise<void> {
    const slots = account === '' ? Array.from({ length: SLOT_COUNT }, (_, slot) => slot) : [this.slotOf(account)];
    const orders: OrderView[] = [];
    for (const slot of slots) {
      orders.push(...((await this.ask(slot, account === '' ? { type: 'openOrders' } : { type: 'openOrders', account })) as OrderView[]));
    }
    for (const [index, order] of orders.entries()) this.send(session, order, { massId, total: orders.length, last: index === orders.length - 1 });
    if (orders.length > 0) return;
    session.send('8', (writer) => {
      writer.ticks(6, 0).int(14, 0).text(17, this.nextId()).text(37, 'NONE').char(39, 0x38).char(54, 0x31).text(55, '[N/A]');
      writer.text(58, 'No open orders').char(150, 0x49).int(151, 0).text(584, massId).int(911, 0).char(912, 0x59);
    });
  }

  private slotOf(account: string): number {
    const bytes = Buffer.from(account, 'latin1');
    return this.accounts.slotOf(bytes, 0, bytes.length);
  }

  private ask(slot: number, query: ShardQuery): Promise<unknown> {
    return this.shards.query(slot, query);
  }

  /** ExecID(17) of a status: 0 in FIX 4.2's words; here a number that no event has. */
  private nextId(): string {
    this.answers += 1;
    return `S${Date.now()}-${this.answers}`;
  }

  private send(session: Session, order: OrderView, request: Request): void {
    session.send('8', (writer) => {
      writer.text(1, order.account).ticks(6, order.avgPx).text(11, order.clOrdId).int(14, order.cumQuantity).text(17, this.nextId());
      writer.text(37, `${order.slot}-${order.sequence}`).int(38, order.quantity).char(39, order.ordStatus).int(40, order.ordType);
      if (order.price > 0) writer.ticks(44, order.price);
      this.instrumentFields(writer, order);
      writer.int(54, order.side).int(59, order.timeInForce);
      if (order.stopPx > 0) writer.ticks(99, order.stopPx);
      writer.char(150, 0x49).int(151, order.leavesQuantity);
      if (order.exchangeOrderId !== '') writer.text(198, order.exchangeOrderId);
      writer.text(207, segmentName(order.segment));
      if (request.massId !== '')
        writer
          .text(584, request.massId)
          .int(911, request.total)
          .char(912, request.last ? 0x59 : 0x4e);
    });
  }

  private instrumentFields(writer: MessageWriter, order: OrderView): void {
    const table = this.instrument.symbols?.table;
    const row = table?.find(order.segment, order.token) ?? -1;
    writer.int(48, order.token).text(55, table === undefined || row < 0 ? '[N/A]' : table.instrumentName(row));
  }

  private sendUnknown(
    session: Session,
    asked: { readonly account: string; readonly clOrdId: string; readonly side: number; readonly symbol: string },
  ): void {
    session.send('8', (writer) => {
      writer.text(1, asked.account).ticks(6, 0).text(11, asked.clOrdId).int(14, 0).text(17, this.nextId()).text(37, 'NONE').char(39, 0x38);
      writer
        .char(54, asked.side === 0 ? 0x31 : asked.side)
        .text(55, asked.symbol)
        .text(58, 'No such order of this client');
      writer.int(103, 5).char(150, 0x49).int(151, 0);
    });
  }
}
