// Settings of one session, under the names QuickFIX gave them where it has them, so that an OMS developer finds what they know. The defaults here
// are tarazu's: they differ from QuickFIX's only where said.
import type { ValidationSwitches } from '../dictionary/validator.ts';

/** Versions a session may speak; only FIX.4.4 has a dictionary yet. */
export const BEGIN_STRINGS = ['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4', 'FIXT.1.1'] as const;
/** One of BEGIN_STRINGS. */
type BeginString = (typeof BEGIN_STRINGS)[number];

/** All settings of one session, defaults filled in. */
export interface SessionSettings {
  readonly ConnectionType: 'acceptor' | 'initiator';
  readonly BeginString: BeginString;
  readonly SenderCompID: string;
  readonly TargetCompID: string;
  readonly SenderSubID: string;
  readonly TargetSubID: string;
  /** FIXT 1.1 only: sent and required as 1137. */
  readonly DefaultApplVerID: string;
  /** Seconds; an initiator proposes it, an acceptor takes the counterparty's. */
  readonly HeartBtInt: number;
  readonly ResetOnLogon: boolean;
  readonly ResetOnLogout: boolean;
  readonly ResetOnDisconnect: boolean;
  readonly CheckLatency: boolean;
  /** Seconds SendingTime(52) may differ from our clock. */
  readonly MaxLatency: number;
  readonly CheckCompID: boolean;
  readonly UseDataDictionary: boolean;
  readonly ValidateFieldsOutOfOrder: boolean;
  readonly ValidateFieldsHaveValues: boolean;
  readonly ValidateUserDefinedFields: boolean;
  /** User-defined tags of this session and their FIX types: "9001:STRING,9002:INT". */
  readonly UserDefinedFields: string;
  readonly EnableNextExpectedMsgSeqNum: boolean;
  /** Messages asked for at once when a gap is found; 0 = all. */
  readonly ResendRequestChunkSize: number;
  /** Seconds. */
  readonly LogonTimeout: number;
  readonly LogoutTimeout: number;
  /** "HH:MM:SS" in TimeZone; both empty = never closed. */
  readonly StartTime: string;
  readonly EndTime: string;
  /** IANA name. */
  readonly TimeZone: string;
  /** Weekly session: weekday names ("Monday"); empty = daily. */
  readonly StartDay: string;
  readonly EndDay: string;
  /** Days a daily session starts on, comma separated; empty = every day. */
  readonly Weekdays: string;
  readonly NonStopSession: boolean;
  /** Initiator: where to connect. */
  readonly SocketConnectHost: string;
  readonly SocketConnectPort: number;
  /** Seconds between attempts at first; doubled up to 16 times as long. */
  readonly ReconnectInterval: number;
  /** Addresses or CIDR blocks a counterparty may connect from, comma separated; empty = any. */
  readonly AllowedRemoteAddresses: string;
  /** Inbound messages a second; 0 = no limit. */
  readonly InboundThrottle: number;
  /** What happens above it: stop reading until the next second, or answer application messages with BusinessMessageReject. */
  readonly ThrottleAction: 'PAUSE' | 'REJECT';
  /** Largest message taken, bytes. */
  readonly MaxMessageSize: number;
  /** Outbound bytes above which the application is asked to stop, and above which the connection is dropped. */
  readonly OutboundHighWater: number;
  readonly OutboundBytesMax: number;
  /** Directory of the file store; empty = memory. */
  readonly FileStorePath: string;
  /** Derived from the Validate* settings. */
  readonly validation: ValidationSwitches;
}

/** "FIX.4.4:ISLD->TW44". */
export function sessionId(settings: Pick<SessionSettings, 'BeginString' | 'SenderCompID' | 'TargetCompID'>): string {
  return `${settings.BeginString}:${settings.SenderCompID}->${settings.TargetCompID}`;
}
