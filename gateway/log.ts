// JSON logs (pino) from which PAN, Aadhaar, account numbers and tokens are taken out: by field name, and by pattern in any text that slipped
// through. A log line is evidence that many people read.
import { type DestinationStream, type Logger, pino } from 'pino';

/** Field names whose values never appear, at the top level and one level down. */
const SECRET_FIELDS = ['pan', 'aadhaar', 'account', 'accountNumber', 'bankAccount', 'token', 'password', 'authorization', 'secret'];

const PATTERNS: readonly [RegExp, string][] = [
  // PAN: five letters, four digits, a letter; the fourth letter is the holder's type.
  [/\b[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]\b/gi, '[pan]'],
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [token]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]'],
  // Aadhaar: twelve digits, the first 2..9, often in groups of four.
  [/\b[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}\b/g, '[aadhaar]'],
  // Bank and demat account numbers: nine to eighteen digits on their own. Times and sequence numbers in JSON fields are numbers, not text.
  [/\b\d{9,18}\b/g, '[number]'],
];

/** Takes identifying numbers and tokens out of a text. */
export function redactText(text: string): string {
  return PATTERNS.reduce((result, [pattern, mark]) => result.replace(pattern, mark), text);
}

function redactDeep(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return { type: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  if (typeof value !== 'object' || value === null || depth > 4) return value;
  if (Array.isArray(value)) return value.map((entry) => redactDeep(entry, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redactDeep(entry, depth + 1)]));
}

export type { Logger } from 'pino';

/** A logger at `level`, to `destination` (standard error by default, so that standard output stays a command's own). */
export function newLogger(level: string, destination: DestinationStream = pino.destination({ fd: 2, sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)], censor: '[redacted]' },
      formatters: { log: (record) => redactDeep(record, 0) as Record<string, unknown> },
      hooks: {
        logMethod(args, method) {
          const safe = args.map((argument) => (typeof argument === 'string' ? redactText(argument) : argument)) as Parameters<typeof method>;
          method.apply(this, safe);
        },
      },
    },
    destination,
  );
}
