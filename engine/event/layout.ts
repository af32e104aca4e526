// Byte layout of events: what a shard says happened. One fixed record for all kinds (unused fields are zero): it is journalled beside
// its command, so a resend re-encodes it from there, and recovery re-emits it.
//
//   0 length u32 | 4 kind u16 | 6 version u8 | 7 flags u8 | 8 slot u16 | 10 index u16 (nth event of its command)
//   12 destination u32 (session; 0 = nobody outside) | 16 incarnation u32 | 20 rejectCode u16 | 22 breakKind u16
//   24 originNumber f64 | 32 time f64 | 40 slotSequence f64 | 48 journalPosition f64 | 56 journalFile u32 | 60 shard u16 | 62 spare u16
//
// slotSequence, journalPosition, journalFile and shard are stamped by the shard agent.

export const EVENT_VERSION = 1;

/** Past tense. Numbers are for ever. */
export const EventKind = {
  OrderAccepted: 1,
  OrderRejected: 2,
  ReplaceAccepted: 3,
  ReplaceRejected: 4,
  CancelAccepted: 5,
  CancelRejected: 6,
  MassCancelAccepted: 7,
  ExecutionRecorded: 8,
  OrderReplaced: 9,
  OrderCanceled: 10,
  OrderExpired: 11,
  BreakOpened: 12,
  MarginChanged: 13,
  AccountOpened: 14,
  AccountUpdated: 15,
  ParametersLoaded: 16,
  MarginSnapshotTaken: 17,
  DayOpened: 18,
  DayClosed: 19,
  KillSwitchEngaged: 20,
  KillSwitchReleased: 21,
  CommandRefused: 22,
  MassCancelRejected: 23,
  OrderStatusReported: 24,
  SegmentStateSet: 25,
  UtilisationChanged: 26,
  PositionConverted: 27,
  SegmentClosed: 28,
  PricesSettled: 29,
  DayCarried: 30,
  DeliveryCredited: 31,
  PledgeChanged: 32,
  CollateralAllocated: 33,
  HaircutsSet: 34,
  MemberModeSet: 35,
  SliceGranted: 36,
  SliceRecalled: 37,
  ContractSettled: 38,
  CorporateActionApplied: 39,
  TradeTransferred: 40,
  EarlyPayInBooked: 41,
  FundedPledged: 42,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

export const EventField = {
  length: 0,
  kind: 4,
  version: 6,
  flags: 7,
  slot: 8,
  index: 10,
  destination: 12,
  incarnation: 16,
  rejectCode: 20,
  breakKind: 22,
  originNumber: 24,
  time: 32,
  slotSequence: 40,
  journalPosition: 48,
  journalFile: 56,
  shard: 60,
  account: 64,
  clOrdId: 80,
  origClOrdId: 120,
  /** In its place, where hasHedge is 1 (an OrderRejected for margin names no other request): an option of the order's segment, units and ticks to buy first. */
  hedgeToken: 120,
  hedgeQuantity: 128,
  hedgePrice: 136,
  token: 160,
  segment: 164,
  side: 165,
  ordType: 166,
  timeInForce: 167,
  product: 168,
  ordStatus: 169,
  execType: 170,
  level: 171,
  algoId: 172,
  orderSequence: 176,
  orderQuantity: 184,
  price: 192,
  stopPx: 200,
  leavesQuantity: 208,
  cumQuantity: 216,
  avgPx: 224,
  lastQuantity: 232,
  lastPx: 240,
  value: 248,
  limit: 256,
  requirementBefore: 264,
  requirementAfter: 272,
  available: 280,
  /** Of an accepted exit leg: the sequence of its entry. */
  count: 288,
  /** Origin of the command, whatever its kind (destination is FIX sessions only). */
  origin: 296,
  originKind: 300,
  /** MarginBasis of a verdict on an order. */
  marginBasis: 302,
  hasHedge: 303,
} as const;
/** Every event has this many bytes. */
export const EVENT_BYTES = 304;
