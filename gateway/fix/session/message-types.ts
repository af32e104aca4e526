// MsgType(35) codes the session layer itself handles, as MessageView.msgType gives them.

/** Codes of the session-level messages. */
export const MsgType = {
  heartbeat: 0x30,
  testRequest: 0x31,
  resendRequest: 0x32,
  reject: 0x33,
  sequenceReset: 0x34,
  logout: 0x35,
  logon: 0x41,
} as const;
