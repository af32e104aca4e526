// SessionRejectReason(373) with the exact Text(58) counterparties certify against.

/** Numbers are FIX's. */
export const RejectReason = {
  none: -1,
  invalidTag: 0,
  requiredTagMissing: 1,
  tagNotForMessage: 2,
  undefinedTag: 3,
  tagWithoutValue: 4,
  valueIncorrect: 5,
  dataFormat: 6,
  compIdProblem: 9,
  sendingTimeAccuracy: 10,
  invalidMsgType: 11,
  repeatedTag: 13,
  tagOutOfOrder: 14,
  groupOutOfOrder: 15,
  groupCount: 16,
} as const;
/** One of RejectReason. */
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

/** Text(58) by reason. */
export const REJECT_TEXT: Readonly<Record<number, string>> = {
  0: 'Invalid tag number',
  1: 'Required tag missing',
  2: 'Tag not defined for this message type',
  3: 'Undefined Tag',
  4: 'Tag specified without a value',
  5: 'Value is incorrect (out of range) for this tag',
  6: 'Incorrect data format for value',
  9: 'CompID problem',
  10: 'SendingTime accuracy problem',
  11: 'Invalid MsgType',
  13: 'Tag appears more than once',
  14: 'Tag specified out of required order',
  15: 'Repeating group fields out of order',
  16: 'Incorrect NumInGroup count for repeating group',
};
