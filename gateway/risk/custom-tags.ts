// Tags of this house above 10,000, where FIX leaves room for agreements between two parties. Published in gateway/rules-of-engagement.md; a number is
// for ever. Amounts are rupees with two decimals.

/** On orders and replaces, from the OMS. */
export const OrderTag = {
  /** CNC, MIS, NRML, MTF, CO or BO. */
  product: 10001,
  /** Algo id the exchange gave, unsigned 32-bit; absent or 0 for a manual order. */
  algoId: 10002,
  /** Terminal (CTCL) id, kept in the OMS's copy only. */
  terminalId: 10003,
  /** Custodial participant (CP) code. */
  participantCode: 10004,
  /** Y when a dealer entered the order for the client. */
  dealer: 10005,
  /** OrderID of the entry that an exit leg belongs to; on orders of the house only. */
  entryOrderId: 10006,
  /** Price of a bracket order's target. */
  targetPx: 10007,
  /** W3C traceparent of whoever sent the order; on reports too, where a session asks for it. */
  traceParent: 10020,
} as const;

/** On reports, from tarazu. */
export const ReportTag = {
  /** RejectCode number. */
  rejectCode: 10100,
  /** Client's requirement before this command. */
  requirementBefore: 10101,
  /** Client's requirement after it, had it been accepted. */
  requirementAfter: 10102,
  /** Funds available to the client for margin. */
  available: 10103,
  /** Requirement after, less available, when positive. */
  shortfall: 10104,
  /** Who set the limit: 1 exchange, 2 firm, 3 client, 4 instrument. */
  limitLevel: 10105,
  /** The limit a check compared with, in the check's own unit. */
  limit: 10106,
  /** The value it found, same unit. */
  value: 10107,
  /** 1 where the order was margined by itself, netting with nothing (a pre-open session); absent otherwise. */
  marginBasis: 10108,
} as const;
