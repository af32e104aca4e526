// JSON logs (pino), every line of them redacted: fields, messages, what a child logger binds, errors. Within a traced request each line carries the
// trace's id.
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact, redactRecord, redactText } from './redact.ts';
import { currentTrace } from './trace/current-trace.ts';

export type { Logger } from 'pino';

/** A logger at `level`, to `destination` (standard error by default, so that standard output stays a command's own). */
export function newLogger(level: string, destination: DestinationStream = pino.destination({ fd: 2, sync: true })): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are made plain by redact(); pino's own way would put them back whole.
      serializers: { err: (error: unknown) => error, error: (error: unknown) => error },
      mixin: traceFields,
      formatters: { log: redactRecord },
      hooks: {
        logMethod(args, method) {
          method.apply(this, safeArguments(args) as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
  // pino formats what a logger binds, but not what its children bind; children inherit this.
  const { child } = log;
  log.child = function (this: Logger, bindings: object, options?: object) {
    return child.call(this, redactRecord(bindings), options);
  } as typeof child;
  return log;
}

/** Texts and values to be put into a text are made safe here; the record itself by the formatter. */
function safeArguments(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (first instanceof Error) return [{ error: first }, ...(rest.length === 0 ? [redactText(first.message)] : rest.map(safeText))];
  return [typeof first === 'string' ? redactText(first) : first, ...rest.map(safeText)];
}

const safeText = (value: unknown): unknown => (typeof value === 'string' ? redactText(value) : redact(value));

function traceFields(): object {
  const trace = currentTrace();
  return trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId };
}
