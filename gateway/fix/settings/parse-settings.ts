// Reads session settings from configuration: {"default": {…}, "sessions": [{…}, …]}, QuickFIX's key names, values as JSON or as QuickFIX's text ("Y", "30").
// Every fault is one line that says where, which key, what was found and what is allowed; an unknown key is refused, not ignored.
import { isIP } from 'node:net';
import { FIELD_TYPE_BY_NAME } from '../dictionary/field-type.ts';
import { BEGIN_STRINGS, type SessionSettings, sessionId } from './settings.ts';

/** A configuration fault, located. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Kind = 'text' | 'flag' | 'count' | 'time' | 'zone' | 'day' | 'days' | 'fields' | 'addresses' | 'port' | readonly string[];

/** Key, kind, default (undefined = required). */
const KEYS: readonly (readonly [key: keyof SessionSettings, kind: Kind, fallback: string | number | boolean | undefined])[] = [
  ['ConnectionType', ['acceptor', 'initiator'], 'acceptor'],
  ['BeginString', BEGIN_STRINGS, 'FIX.4.4'],
  ['SenderCompID', 'text', undefined],
  ['TargetCompID', 'text', undefined],
  ['SenderSubID', 'text', ''],
  ['TargetSubID', 'text', ''],
  ['DefaultApplVerID', 'text', ''],
  ['HeartBtInt', 'count', 30],
  ['ResetOnLogon', 'flag', false],
  ['ResetOnLogout', 'flag', false],
  ['ResetOnDisconnect', 'flag', false],
  ['CheckLatency', 'flag', true],
  ['MaxLatency', 'count', 120],
  ['CheckCompID', 'flag', true],
  ['UseDataDictionary', 'flag', true],
  ['ValidateFieldsOutOfOrder', 'flag', true],
  ['ValidateFieldsHaveValues', 'flag', true],
  ['ValidateUserDefinedFields', 'flag', true],
  ['UserDefinedFields', 'fields', ''],
  ['EnableNextExpectedMsgSeqNum', 'flag', false],
  ['ResendRequestChunkSize', 'count', 0],
  ['LogonTimeout', 'count', 10],
  ['LogoutTimeout', 'count', 2],
  ['StartTime', 'time', ''],
  ['EndTime', 'time', ''],
  ['TimeZone', 'zone', 'UTC'],
  ['StartDay', 'day', ''],
  ['EndDay', 'day', ''],
  ['Weekdays', 'days', ''],
  ['NonStopSession', 'flag', false],
  ['SocketConnectHost', 'text', '127.0.0.1'],
  ['SocketConnectPort', 'port', 0],
  ['ReconnectInterval', 'count', 1],
  ['AllowedRemoteAddresses', 'addresses', ''],
  ['InboundThrottle', 'count', 0],
  ['ThrottleAction', ['PAUSE', 'REJECT'], 'PAUSE'],
  ['MaxMessageSize', 'count', 65_536],
  ['OutboundHighWater', 'count', 1_048_576],
  ['OutboundBytesMax', 'count', 16_777_216],
  ['FileStorePath', 'text', ''],
];

/** Weekday names in the order of Date's day numbers. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Settings of every session, or a SettingsError naming the place; `where` is the configuration's name in messages. */
export function parseFixSettings(input: unknown, where = 'fix'): SessionSettings[] {
  const root = asRecord(input, where);
  for (const key of Object.keys(root)) if (key !== 'default' && key !== 'sessions') fail(where, key, 'unknown key; allowed are default and sessions');
  const shared = root['default'] === undefined ? {} : asRecord(root['default'], `${where}.default`);
  refuseUnknownKeys(shared, `${where}.default`);
  const sessions = root['sessions'];
  if (!Array.isArray(sessions) || sessions.length === 0) fail(where, 'sessions', 'must be a list with at least one session');
  const parsed = (sessions as unknown[]).map((each, i) =>
    parseSessionSettings({ ...shared, ...asRecord(each, `${where}.sessions[${i}]`) }, `${where}.sessions[${i}]`),
  );
  const ids = new Set<string>();
  for (const [i, each] of parsed.entries()) {
    if (ids.has(sessionId(each))) fail(`${where}.sessions[${i}]`, 'TargetCompID', `session ${sessionId(each)} appears twice`);
    ids.add(sessionId(each));
  }
  return parsed;
}

/** Settings of one session from a flat record. */
export function parseSessionSettings(input: Readonly<Record<string, unknown>>, where = 'session'): SessionSettings {
  refuseUnknownKeys(input, where);
  const settings: Record<string, unknown> = {};
  for (const [key, kind, fallback] of KEYS) {
    const value = input[key] ?? fallback;
    if (value === undefined) fail(where, key, 'is required');
    settings[key] = readValue(kind, value, where, key);
  }
  checkTogether(settings, where);
  settings['validation'] = {
    fieldsOutOfOrder: settings['ValidateFieldsOutOfOrder'],
    fieldsHaveValues: settings['ValidateFieldsHaveValues'],
    userDefinedFields: settings['ValidateUserDefinedFields'],
    customFields: readCustomFields(String(settings['UserDefinedFields']), where),
  };
  return settings as unknown as SessionSettings;
}

function checkTogether(settings: Readonly<Record<string, unknown>>, where: string): void {
  if ((settings['StartTime'] === '') !== (settings['EndTime'] === '')) fail(where, 'EndTime', 'StartTime and EndTime are set together or not at all');
  if ((settings['StartDay'] === '') !== (settings['EndDay'] === '')) fail(where, 'EndDay', 'StartDay and EndDay are set together or not at all');
  if (settings['StartDay'] !== '' && settings['StartTime'] === '') fail(where, 'StartTime', 'is required with StartDay');
  if (settings['ConnectionType'] === 'initiator' && settings['SocketConnectPort'] === 0)
    fail(where, 'SocketConnectPort', 'is required for an initiator');
  if (settings['BeginString'] === 'FIXT.1.1' && settings['DefaultApplVerID'] === '') fail(where, 'DefaultApplVerID', 'is required with FIXT.1.1');
}

function refuseUnknownKeys(input: Readonly<Record<string, unknown>>, where: string): void {
  for (const key of Object.keys(input)) {
    if (KEYS.some(([known]) => known === key)) continue;
    const near = KEYS.find(([known]) => known.toLowerCase() === key.toLowerCase());
    fail(where, key, near === undefined ? 'unknown key' : `unknown key; did you mean ${near[0]}?`);
  }
}

function readValue(kind: Kind, value: unknown, where: string, key: string): unknown {
  if (kind === 'flag') return readFlag(value, where, key);
  if (kind === 'count' || kind === 'port') return readCount(value, kind === 'port' ? 65_535 : Number.MAX_SAFE_INTEGER, where, key);
  if (typeof value !== 'string') fail(where, key, `must be text, found ${JSON.stringify(value)}`);
  const text = value as string;
  if (typeof kind !== 'string') {
    if (!kind.includes(text)) fail(where, key, `must be one of ${kind.join(', ')}, found "${text}"`);
    return text;
  }
  const fault = text === '' ? (kind === 'text' && key.endsWith('CompID') ? 'must not be empty' : '') : textFault(kind, text);
  if (fault !== '') fail(where, key, `${fault}, found "${text}"`);
  return text;
}

function textFault(kind: string, text: string): string {
  switch (kind) {
    case 'time':
      return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text) ? '' : 'must be HH:MM:SS';
    case 'zone':
      return isTimeZone(text) ? '' : 'must be an IANA time zone such as Asia/Kolkata';
    case 'day':
      return isWeekday(text) ? '' : 'must be a weekday name such as Monday';
    case 'days':
      return text.split(',').every(isWeekday) ? '' : 'must be weekday names separated by commas';
    case 'addresses':
      return text.split(',').every(isAddress) ? '' : 'must be IP addresses or CIDR blocks separated by commas';
    default:
      return /^[\x20-\x7e]*$/.test(text) ? '' : 'must be printable ASCII';
  }
}

const isWeekday = (name: string): boolean => (WEEKDAYS as readonly string[]).includes(name.trim());

function isAddress(text: string): boolean {
  const [address, bits, more] = text.trim().split('/');
  return more === undefined && isIP(address ?? '') !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= 128));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function readFlag(value: unknown, where: string, key: string): boolean {
  if (value === true || value === 'Y') return true;
  if (value === false || value === 'N') return false;
  return fail(where, key, `must be true, false, "Y" or "N", found ${JSON.stringify(value)}`);
}

function readCount(value: unknown, max: number, where: string, key: string): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= max) return number;
  return fail(where, key, `must be a whole number from 0 to ${max}, found ${JSON.stringify(value)}`);
}

function readCustomFields(text: string, where: string): ReadonlyMap<number, number> {
  const fields = new Map<number, number>();
  if (text === '') return fields;
  for (const part of text.split(',')) {
    const [tag, type] = part.trim().split(':');
    const known = FIELD_TYPE_BY_NAME[type ?? 'STRING'];
    if (!/^\d{3,9}$/.test(tag ?? '') || known === undefined) fail(where, 'UserDefinedFields', `must be tag:TYPE pairs, found "${part}"`);
    else fields.set(Number(tag), known);
  }
  return fields;
}

function asRecord(input: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Readonly<Record<string, unknown>>;
  throw new SettingsError(`${where}: must be an object`);
}

function fail(where: string, key: string, fault: string): never {
  throw new SettingsError(`${where}.${key}: ${fault}`);
}
