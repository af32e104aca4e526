// Application messages into commands: finds the slot, claims room on its ring, writes the command in place with its exactly-once key. What cannot be
// judged is answered BusinessMessageReject; what finds no room is answered "busy" (new orders and replaces) or held until there is some.
import {
  ACCOUNT_BYTES,
  ALL_SLOTS,
  CancelOrder,
  CLORDID_BYTES,
  type CommandView,
  MassCancel,
  newCommandView,
  OriginKind,
  PlaceOrder,
  RecordExecution,
  ReplaceOrder,
} from '../../engine/index.ts';
import type { Lane, Shards } from '../../workers/index.ts';
import type { MessageView } from '../fix/codec/message-view.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { writeCancelOrder, writeMassCancel, writePlaceOrder, writeRecordExecution, writeReplaceOrder } from './order-codec.ts';
import type { RiskSession } from './risk-session.ts';

/** BusinessRejectReason(380). */
export const BusinessReason = { OTHER: 0, UNSUPPORTED: 3, BUSY: 4, TAG_MISSING: 5 } as const;

/** What became of a message. */
export const Intake = { TAKEN: 0, REFUSED: 1, HELD: 2 } as const;
export type Intake = (typeof Intake)[keyof typeof Intake];

type Writer = (command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number) => void;

/** How a message type becomes a command. */
interface Kind {
  readonly bytes: number;
  readonly lane: Lane;
  readonly write: Writer;
  readonly needsClOrdId: boolean;
}

const KINDS: readonly (Kind | undefined)[] = ((): (Kind | undefined)[] => {
  const kinds: (Kind | undefined)[] = [];
  kinds[0x44] = { bytes: PlaceOrder.BYTES, lane: 'order', write: writePlaceOrder, needsClOrdId: true };
  kinds[0x47] = { bytes: ReplaceOrder.BYTES, lane: 'order', write: writeReplaceOrder, needsClOrdId: true };
  kinds[0x46] = { bytes: CancelOrder.BYTES, lane: 'reserved', write: writeCancelOrder, needsClOrdId: true };
  kinds[0x71] = { bytes: MassCancel.BYTES, lane: 'reserved', write: writeMassCancel, needsClOrdId: true };
  kinds[0x38] = { bytes: RecordExecution.BYTES, lane: 'reserved', write: writeRecordExecution, needsClOrdId: false };
  return kinds;
})();
const MASS_CANCEL = 0x71;
const EXECUTION = 0x38;
/** ExecType(150) values the OMS may report. */
const EXECUTION_TYPES = '0458CDFGH';

export class CommandIntake {
  /** Why the last message was REFUSED. */
  readonly refusal = { reason: 0, text: '', tag: 0 };
  private readonly shards: Shards;
  private readonly accounts: AccountDirectory;
  private readonly instrument: InstrumentResolver;
  private readonly broadcast = newCommandView(MassCancel.BYTES);

  constructor(shards: Shards, accounts: AccountDirectory, instrument: InstrumentResolver) {
    this.shards = shards;
    this.accounts = accounts;
    this.instrument = instrument;
  }

  /** Is the type one that becomes a command? */
  takes(msgType: number): boolean {
    return KINDS[msgType] !== undefined;
  }

  /** Turns the message into a command of `from`. REFUSED leaves the reason in `refusal`. Allocates nothing when TAKEN. */
  take(from: RiskSession, message: MessageView, msgSeqNum: number): Intake {
    const type = message.msgType;
    const kind = KINDS[type];
    if (kind === undefined) return this.refuse(BusinessReason.UNSUPPORTED, 'Unsupported Message Type', 0);
    const accountAt = message.index(1);
    if (this.isUnfit(message, type, kind, accountAt)) return Intake.REFUSED;
    this.instrument.resolve(message);
    // Token 0 would mean every instrument.
    if (type === MASS_CANCEL && message.char(530) === 0x31 && this.instrument.token === 0)
      return this.refuse(BusinessReason.OTHER, 'The instrument named with 530=1 is not known', 55);
    if (accountAt < 0) return this.takeBroadcast(from, message, msgSeqNum);
    const start = message.starts[accountAt] ?? 0;
    const slot = this.accounts.slotOf(message.bytes, start, (message.ends[accountAt] ?? 0) - start);
    const command = this.shards.claim(slot, kind.bytes, kind.lane);
    if (command === null)
      return kind.lane === 'order' ? this.refuse(BusinessReason.BUSY, 'Busy: nothing was decided, send the order again', 0) : Intake.HELD;
    kind.write(command, message, this.instrument, slot);
    command.setOrigin(OriginKind.FIX, from.id, from.store.incarnation, msgSeqNum);
    this.shards.commit();
    from.tracker.sent(slot, msgSeqNum);
    return Intake.TAKEN;
  }

  private takeBroadcast(from: RiskSession, message: MessageView, msgSeqNum: number): Intake {
    const { broadcast } = this;
    writeMassCancel(broadcast, message, this.instrument, ALL_SLOTS);
    broadcast.setOrigin(OriginKind.FIX, from.id, from.store.incarnation, msgSeqNum);
    if (!this.shards.broadcast(broadcast.bytes)) return Intake.HELD;
    from.tracker.sentToAll(msgSeqNum);
    return Intake.TAKEN;
  }

  /** Finds what keeps a message from becoming a command at all, and notes it. */
  private isUnfit(message: MessageView, type: number, kind: Kind, accountAt: number): boolean {
    if (accountAt < 0 && type !== MASS_CANCEL) return this.note(BusinessReason.TAG_MISSING, 'Account(1) is required', 1);
    if (accountAt >= 0 && lengthOf(message, accountAt) > ACCOUNT_BYTES)
      return this.note(BusinessReason.OTHER, 'Account(1) is longer than 16 characters', 1);
    const clOrdId = message.index(11);
    if (clOrdId < 0 && kind.needsClOrdId) return this.note(BusinessReason.TAG_MISSING, 'ClOrdID(11) is required', 11);
    if (clOrdId >= 0 && lengthOf(message, clOrdId) > CLORDID_BYTES)
      return this.note(BusinessReason.OTHER, 'ClOrdID(11) is longer than 40 characters', 11);
    const original = message.index(41);
    if (original >= 0 && lengthOf(message, original) > CLORDID_BYTES)
      return this.note(BusinessReason.OTHER, 'OrigClOrdID(41) is longer than 40 characters', 41);
    if (type === MASS_CANCEL) return this.isUnfitMassCancel(message);
    const side = message.char(54);
    if (side !== 0x31 && side !== 0x32) return this.note(BusinessReason.OTHER, 'Side(54) must be 1 (buy) or 2 (sell)', 54);
    return type === EXECUTION && this.isUnfitExecution(message);
  }

  private isUnfitMassCancel(message: MessageView): boolean {
    const type = message.char(530);
    if (type !== 0x31 && type !== 0x37) return this.note(BusinessReason.OTHER, 'MassCancelRequestType(530) must be 1 (instrument) or 7 (all)', 530);
    const isNamed = message.index(48) >= 0 || message.index(55) >= 0;
    if (type === 0x31 && !isNamed) return this.note(BusinessReason.TAG_MISSING, 'An instrument is required with 530=1', 55);
    if (type === 0x37 && isNamed) return this.note(BusinessReason.OTHER, 'No instrument may be named with 530=7', 55);
    return false;
  }

  private isUnfitExecution(message: MessageView): boolean {
    if (!EXECUTION_TYPES.includes(String.fromCharCode(message.char(150))))
      return this.note(BusinessReason.OTHER, 'ExecType(150) is not one an OMS reports here', 150);
    const isTrade = message.char(150) === 0x46 || message.char(150) === 0x47;
    if (isTrade && !(message.quantity(32) > 0)) return this.note(BusinessReason.OTHER, 'LastQty(32) must be a positive whole number', 32);
    if (isTrade && !(message.ticks(31) > 0))
      return this.note(BusinessReason.OTHER, 'LastPx(31) must be a positive price of at most four decimals', 31);
    return false;
  }

  private note(reason: number, text: string, tag: number): true {
    this.refusal.reason = reason;
    this.refusal.text = text;
    this.refusal.tag = tag;
    return true;
  }

  private refuse(reason: number, text: string, tag: number): Intake {
    this.note(reason, text, tag);
    return Intake.REFUSED;
  }
}

const lengthOf = (message: MessageView, field: number): number => (message.ends[field] ?? 0) - (message.starts[field] ?? 0);
