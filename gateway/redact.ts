// Takes PAN, Aadhaar, account numbers and tokens out of anything that is to be logged: by field name, and by pattern in any text, however deep. A log
// line is evidence that many people read. Numbers of JSON pass (times, sequences, amounts): identities are texts.
const DEPTH_MAX = 8;
const ENTRIES_MAX = 200;

/** Field names whose values never appear, whatever they are; compared without case, dashes and underscores. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(
  [
    ...[
      'pan',
      'panNumber',
      'aadhaar',
      'aadhar',
      'uid',
      'account',
      'accountNumber',
      'bankAccount',
      'bankAccountNumber',
      'boId',
      'dematAccount',
      'dpId',
    ],
    ...['token', 'accessToken', 'refreshToken', 'idToken', 'jwt', 'password', 'authorization', 'cookie', 'setCookie', 'secret', 'apiKey', 'otp'],
  ].map(plain),
);

const PATTERNS: readonly [RegExp, string][] = [
  [/eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)*/g, '[token]'],
  [/\b(Bearer|Basic)\s+[^\s",;]+/gi, '$1 [token]'],
  [/whsec_[\w+/=-]+/g, '[secret]'],
  [/\b(access_token|refresh_token|api_key|token|secret|password)=[^&\s"]+/gi, '$1=[token]'],
  // PAN: five letters, four digits, a letter; the fourth letter is the holder's type.
  [/[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]/gi, '[pan]'],
  // Aadhaar: twelve digits, the first 2..9, often in groups of four.
  [/[2-9]\d{3}[ -]\d{4}[ -]\d{4}/g, '[aadhaar]'],
  [/(?<!\d)[2-9]\d{11}(?!\d)/g, '[aadhaar]'],
  // Bank and demat account numbers: nine digits and more on their own.
  [/\d{9,}/g, '[number]'],
];
/** Names this program makes itself, in which nine digits may well stand in a row: trace ids and content hashes. */
const OWN_IDS = /^(?:[0-9a-f]{32}|[0-9a-f]{64}|tz_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Takes identifying numbers and tokens out of a text. */
export function redactText(text: string): string {
  if (OWN_IDS.test(text)) return text;
  return PATTERNS.reduce((result, [pattern, mark]) => result.replace(pattern, mark), text);
}

/** A copy of a value without them, fit to be written as JSON: cycles cut, bytes named by their length, errors with their causes. */
export function redact(value: unknown): unknown {
  return redactAt(value, 0, new Set());
}

/** A copy of a record, for a logger's formatters. */
export function redactRecord(record: object): Record<string, unknown> {
  return redact(record) as Record<string, unknown>;
}

function redactAt(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return redactText(String(value));
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= DEPTH_MAX) return '[deep]';
  above.add(value);
  try {
    return redactObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

function redactObject(value: object, depth: number, above: Set<object>): unknown {
  const inner = (entry: unknown): unknown => redactAt(entry, depth + 1, above);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) {
    const { name, message, stack, cause, ...more } = value;
    return {
      type: name,
      message: redactText(message),
      stack: redactText(stack ?? ''),
      ...(cause === undefined ? {} : { cause: inner(cause) }),
      ...fields(more, inner),
    };
  }
  if (value instanceof Map) return fields(Object.fromEntries([...value].map(([key, entry]) => [String(key), entry])), inner);
  if (value instanceof Set) return [...value].slice(0, ENTRIES_MAX).map(inner);
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map(inner);
  if ('toJSON' in value && typeof value.toJSON === 'function') return inner((value.toJSON as () => unknown)());
  return fields(value, inner);
}

function fields(value: object, inner: (entry: unknown) => unknown): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value).slice(0, ENTRIES_MAX)) {
    if (SECRET_FIELDS.has(plain(key))) safe[key] = '[redacted]';
    else if (key === 'spanId' && typeof entry === 'string' && SPAN_ID.test(entry)) safe[key] = entry;
    else safe[redactText(key)] = inner(entry);
  }
  return safe;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
