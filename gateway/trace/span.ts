// One finished piece of work within a trace.
import type { TraceContext } from './trace-parent.ts';

/** What a span says. Times are microseconds since 1970; attributes hold no account and no amount. */
export interface Span {
  readonly trace: TraceContext;
  /** Span id of the caller; '' at the root. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: 'server' | 'internal';
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly isError: boolean;
}

const OTLP_KIND = { internal: 1, server: 2 } as const;

/** The spans as an OTLP/HTTP JSON body. */
export function otlpBody(spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'tarazu' } }] },
        scopeSpans: [{ scope: { name: 'tarazu' }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

function otlpSpan(span: Span): object {
  return {
    traceId: span.trace.traceId,
    spanId: span.trace.spanId,
    ...(span.parentId === '' ? {} : { parentSpanId: span.parentId }),
    name: span.name,
    kind: OTLP_KIND[span.kind],
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.end),
    attributes: Object.entries(span.attributes).map(([key, value]) => ({ key, value: otlpValue(value) })),
    status: span.isError ? { code: 2 } : {},
  };
}

/** Nanoseconds do not fit a double: the text is made of microseconds. */
const nanos = (micros: number): string => `${Math.round(micros)}000`;

function otlpValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
