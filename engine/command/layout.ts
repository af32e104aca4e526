// Byte layout of commands: the bytes the gateway writes are the bytes on the ring, in the journal and, one day, in a
// replicated log. Little-endian, every record a multiple of 8 bytes, doubles on 8-byte offsets. Offsets are for ever within a
// version; a change takes a new VERSION and a reader for the old one.
//
//   0 length u32 | 4 kind u16 | 6 version u8 | 7 flags u8 | 8 slot u16 | 10 originKind u16 | 12 origin u32
//   16 incarnation u32 | 20 spare u32 | 24 originNumber f64 | 32 time f64 (EpochMicros) | 40 slotSequence f64
//
// (origin, incarnation, originNumber) is the exactly-once key: a FIX session, its incarnation and MsgSeqNum(34), or an inbox and
// its record number. originNumber 0 means "not deduplicated" (the process's own Tick and MarkPrices).
// slotSequence is 0 until the shard stamps it.

export const COMMAND_VERSION = 1;
export const COMMAND_HEADER_BYTES = 48;
/** Largest record a ring, the journal or the inbox takes. */
export const RECORD_BYTES_MAX = 65_536;
export const ACCOUNT_BYTES = 16;
export const CLORDID_BYTES = 40;
export const EXCHANGE_ID_BYTES = 24;

/** Where a command came from. */
export const OriginKind = { SYSTEM: 0, FIX: 1, HTTP: 2, INBOX: 3 } as const;
export type OriginKind = (typeof OriginKind)[keyof typeof OriginKind];

/** Kinds below 32 have a fixed layout; from 32 on a MessagePack map follows the header (bodies.ts). Numbers are for ever. */
export const CommandKind = {
  PlaceOrder: 1,
  ReplaceOrder: 2,
  CancelOrder: 3,
  MassCancel: 4,
  RecordExecution: 5,
  MarkPrices: 6,
  Tick: 7,
  OpenDay: 32,
  LoadParameters: 33,
  OpenAccount: 34,
  UpdateAccount: 35,
  SetLimit: 36,
  SetCollateral: 37,
  SetHoldings: 38,
  CreditFunds: 39,
  GrantAdhoc: 40,
  ImportPosition: 41,
  EngageKillSwitch: 42,
  ReleaseKillSwitch: 43,
  TakeMarginSnapshot: 44,
  CloseDay: 45,
  SetSegmentState: 46,
  ConvertPosition: 47,
  CloseSegment: 48,
  SettlePrices: 49,
  CreditDelivery: 50,
  ChangePledge: 51,
  AllocateCollateral: 52,
  SetHaircuts: 53,
  SetMemberMode: 54,
  GrantSlice: 55,
  RecallSlice: 56,
  ExerciseAssign: 57,
  ApplyCorporateAction: 58,
  TransferTrade: 59,
  SettleShortage: 60,
  BookEarlyPayIn: 61,
  PledgeFunded: 62,
  ImportFundedLot: 63,
} as const;
export type CommandKind = (typeof CommandKind)[keyof typeof CommandKind];
export type CommandName = keyof typeof CommandKind;

const KIND_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(CommandKind).map(([name, kind]) => [kind, name]));

/** Name of a command's kind, for people; a number no release gave out is said as one. */
export const commandName = (kind: number): string => KIND_NAMES.get(kind) ?? `kind ${kind}`;

/** Is the kind one whose body is a MessagePack map? */
export const isRareKind = (kind: number): boolean => kind >= 32;

export const Header = {
  length: 0,
  kind: 4,
  version: 6,
  flags: 7,
  slot: 8,
  originKind: 10,
  origin: 12,
  incarnation: 16,
  originNumber: 24,
  time: 32,
  slotSequence: 40,
} as const;

export const PlaceOrder = {
  account: 48,
  clOrdId: 64,
  token: 104,
  segment: 108,
  side: 109,
  ordType: 110,
  timeInForce: 111,
  product: 112,
  flags: 113,
  algoId: 116,
  quantity: 120,
  price: 128,
  stopPx: 136,
  displayQuantity: 144,
  expireDate: 152,
  /** Of a bracket order's entry: ticks from its price to its target, on the gaining side. 32 bits; 0 = none. */
  targetWay: 156,
  BYTES: 160,
  /** Further on only where the record is LINKED_BYTES long: an exit leg names the entry, by the sequence it was accepted at. */
  entrySequence: 160,
  LINKED_BYTES: 168,
} as const;
/** PlaceOrder.flags bits. */
export const OrderFlag = { POSS_RESEND: 1, DEALER: 2 } as const;

export const ReplaceOrder = {
  account: 48,
  clOrdId: 64,
  origClOrdId: 104,
  orderSequence: 144,
  quantity: 152,
  price: 160,
  stopPx: 168,
  displayQuantity: 176,
  token: 184,
  segment: 188,
  side: 189,
  ordType: 190,
  timeInForce: 191,
  BYTES: 192,
} as const;

export const CancelOrder = {
  account: 48,
  clOrdId: 64,
  origClOrdId: 104,
  orderSequence: 144,
  token: 152,
  segment: 156,
  side: 157,
  /** CancelFlag bits. */
  flags: 158,
  quantity: 160,
  BYTES: 168,
} as const;
/** CancelOrder.flags bits. HOUSE: the house itself takes the order away; the one way to cancel an exit leg that is needed. */
export const CancelFlag = { HOUSE: 1 } as const;

/** account all zero = every account of the slot (then slot is ALL_SLOTS); token 0 = every instrument; segment 0 = every segment. */
export const MassCancel = { account: 48, clOrdId: 64, token: 104, segment: 108, side: 109, requestType: 110, BYTES: 112 } as const;

/** What the exchange did, as the OMS reports it: ExecutionReport(8) in. execType and ordStatus are FIX character codes. */
export const RecordExecution = {
  account: 48,
  clOrdId: 64,
  origClOrdId: 104,
  orderSequence: 144,
  token: 152,
  segment: 156,
  side: 157,
  execType: 158,
  ordStatus: 159,
  exchangeOrderId: 160,
  tradeId: 184,
  execRefId: 208,
  lastQuantity: 232,
  lastPx: 240,
  cumQuantity: 248,
  leavesQuantity: 256,
  orderQuantity: 264,
  price: 272,
  tradeDate: 280,
  product: 284,
  source: 285,
  BYTES: 288,
} as const;
/** RecordExecution.source. */
export const ExecutionSource = { OMS: 0, DROP_COPY: 1, TRADE_FILE: 2 } as const;

/** count entries of {token u32, segment u32, price f64 ticks} from `entries` on. */
export const MarkPrices = { count: 48, entries: 56, ENTRY_BYTES: 16 } as const;
export const MARKS_PER_RECORD_MAX: number = Math.floor((RECORD_BYTES_MAX - MarkPrices.entries) / MarkPrices.ENTRY_BYTES);

/** A Tick may be its header alone. Longer, it says how many orders of a slot it flags as stuck at most, those waiting longest; 0 = all that are due. */
export const Tick = { stuckMost: 48, BYTES: 56 } as const;

/** Rare commands: byte count of the MessagePack map, then the map. */
export const RareBody = { bodyBytes: 48, body: 56 } as const;
