// The section `marketData` of tarazu.json.
import { z } from 'zod';
import type { ExchangeSegment } from '../../engine/index.ts';

type SegmentName = keyof typeof ExchangeSegment;

/** Where prices come from, and how far they are believed. */
export interface FeedConfig {
  /** none: nobody delivers prices, and nothing is called stale. */
  readonly source: 'none' | 'file' | 'generator' | 'ticker';
  /** Seconds after which a price is stale, by segment. */
  readonly staleAfterSeconds: Readonly<Record<SegmentName, number>>;
  /** Per cent a price may move without being confirmed by a second one. */
  readonly jumpPercent: number;
  /** Rupees; the per cent of a price below this are taken of this. */
  readonly jumpFloorRupees: number;
  readonly file?: { readonly path: string; readonly speed: number } | undefined;
  readonly generator: { readonly seed: number; readonly intervalMs: number };
  readonly ticker?:
    | {
        readonly url: string;
        /** JSON file with api_key and access_token; they are secrets, so they do not stand in tarazu.json. */
        readonly credentialsFile?: string | undefined;
        readonly mode: 'ltp' | 'quote' | 'full';
        readonly silenceSeconds: number;
      }
    | undefined;
}

const STALE_DEFAULTS: Readonly<Record<SegmentName, number>> = { NSE: 30, NFO: 120, CDS: 120, BSE: 30, BFO: 120, BCD: 120, MCX: 120 };
const seconds = z.number().min(1).max(86_400);
const staleAfter = Object.fromEntries(Object.entries(STALE_DEFAULTS).map(([name, fallback]) => [name, seconds.default(fallback)])) as Record<
  SegmentName,
  z.ZodDefault<typeof seconds>
>;

/** Checks the section and fills its defaults. */
export const feedConfig: z.ZodType<FeedConfig> = z
  .strictObject({
    source: z.enum(['none', 'file', 'generator', 'ticker']).default('none'),
    staleAfterSeconds: z.strictObject(staleAfter).prefault({}),
    jumpPercent: z.number().min(0.1).max(1_000).default(20),
    jumpFloorRupees: z.number().min(0).max(10_000).default(20),
    file: z.strictObject({ path: z.string().min(1), speed: z.number().min(0).max(10_000).default(1) }).optional(),
    generator: z.strictObject({ seed: z.int().min(0).max(0xffffffff).default(7), intervalMs: z.int().min(50).max(60_000).default(500) }).prefault({}),
    ticker: z
      .strictObject({
        url: z.url({ protocol: /^wss?$/ }),
        credentialsFile: z.string().min(1).optional(),
        mode: z.enum(['ltp', 'quote', 'full']).default('full'),
        silenceSeconds: z.number().min(0.2).max(600).default(10),
      })
      .optional(),
  })
  .superRefine((config, context) => {
    for (const name of ['file', 'ticker'] as const)
      if (config.source === name && config[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: `is required with source "${name}"` });
  });

/** The section with its paths made absolute. */
export function withFeedPaths(config: FeedConfig, absolute: (path: string) => string): FeedConfig {
  const { file, ticker } = config;
  return {
    ...config,
    ...(file === undefined ? {} : { file: { ...file, path: absolute(file.path) } }),
    ...(ticker?.credentialsFile === undefined ? {} : { ticker: { ...ticker, credentialsFile: absolute(ticker.credentialsFile) } }),
  };
}
