// The section `tracing` of tarazu.json. Off by default: contexts are continued, spans go nowhere.
import { z } from 'zod';
import { isLoopback } from '../loopback.ts';

/** Where spans go, and who hears of traces over FIX. */
export interface TraceConfig {
  /** JSON lines, one span each. */
  readonly file?: string | undefined;
  /** Address of an OTLP/HTTP collector's traces, such as http://127.0.0.1:4318/v1/traces. */
  readonly otlpUrl?: string | undefined;
  /** Spans name orders and routes: another machine gets them only when this says so. */
  readonly allowRemote: boolean;
  /** TargetCompIDs of sessions whose reports carry TraceParent(10020). */
  readonly echoSessions: readonly string[];
}

/** Checks the section and fills its defaults. */
export const traceConfig: z.ZodType<TraceConfig> = z
  .strictObject({
    file: z.string().min(1).optional(),
    otlpUrl: z.url({ protocol: /^https?$/ }).optional(),
    allowRemote: z.boolean().default(false),
    echoSessions: z.array(z.string().min(1)).default([]),
  })
  .refine(({ otlpUrl, allowRemote }) => otlpUrl === undefined || allowRemote || isLoopback(new URL(otlpUrl).hostname), {
    message: 'is not on this machine: set allowRemote to send spans away',
    path: ['otlpUrl'],
  });

/** The section with its paths made absolute. */
export function withTracePaths(config: TraceConfig, absolute: (path: string) => string): TraceConfig {
  return config.file === undefined ? config : { ...config, file: absolute(config.file) };
}
