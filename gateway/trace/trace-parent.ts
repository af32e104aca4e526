// W3C Trace Context: the traceparent text, read strictly and written in version 00. A text that is not one starts a new trace; it is never repaired.
import { randomBytes } from 'node:crypto';

/** Where in a distributed trace something happened. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: of the caller when it came in, of our own span when it goes out. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);
const SAMPLED = 1;

/** Reads a traceparent; undefined when it is none. A later version may have more after the flags. */
export function parseTraceParent(text: string): TraceContext | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined) || traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The text of a context. */
export function formatTraceParent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** A span of our own within the caller's trace, or in a trace of its own without one. */
export function childOf(parent: TraceContext | undefined): TraceContext {
  const spanId = randomBytes(8).toString('hex');
  if (parent === undefined) return { traceId: randomBytes(16).toString('hex'), spanId, isSampled: false };
  return { traceId: parent.traceId, spanId, isSampled: parent.isSampled };
}
