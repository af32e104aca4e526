// tarazu.json: parsed and checked once, frozen, typed. Every error names the key's path. What may change while running (limits, parameters,
// kill switches) is not here: it arrives as commands and is journalled.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type DayPolicy, dayPolicy } from '../workers/reference/index.ts';
import { type AlertConfig, alertConfig, withAlertPaths } from './alerts/alert-config.ts';
import { parseFixSettings, type SessionSettings, SettingsError } from './fix/index.ts';
import type { ServerChoice } from './http/adapter/open-adapter.ts';
import { type ChargesConfig, chargesConfig } from './kite/charges-config.ts';
import { type FeedConfig, feedConfig, withFeedPaths } from './market-data/feed-config.ts';
import { type RehearsalConfig, rehearsalConfig } from './rehearsal-clock.ts';
import { OrderTag } from './risk/custom-tags.ts';
import type { SquareOffPolicy } from './risk/square-off-plan.ts';
import { type TraceConfig, traceConfig, withTracePaths } from './trace/trace-config.ts';

const port = z.int().min(0).max(65_535);
/** Tags an OMS may send beyond FIX 4.4, for the session layer's dictionary. */
const UserDefinedFields = Object.values(OrderTag)
  .map((tag) => `${tag}:STRING`)
  .join(',');

/** How the house squares off: protection in 1/10,000 of the mark, value above which a second person is asked, in rupees. */
const squareOff = z.strictObject({
  protection: z
    .strictObject({
      cash: z.int().min(1).max(5_000).default(100),
      futures: z.int().min(1).max(5_000).default(100),
      options: z.int().min(1).max(5_000).default(1_000),
    })
    .prefault({}),
  approvalAbove: z.int().min(0).max(1e11).default(10_000_000),
  attempts: z.int().min(1).max(10).default(4),
  answerSeconds: z.int().min(1).max(600).default(10),
});

const rate = (perSecond: number, burst: number): z.ZodPrefault<z.ZodType<RateLimit>> =>
  z.strictObject({ perSecond: z.int().min(0).max(1_000_000).default(perSecond), burst: z.int().min(1).max(1_000_000).default(burst) }).prefault({});
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
const http = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: port.default(8080),
  server: z.enum(['auto', 'uws', 'node']).default('auto'),
  tokenFile: z.string().optional(),
  auth: z
    .strictObject({
      issuer: z.string().min(1).max(200).default('tarazu'),
      audience: z.string().min(1).max(200).default('tarazu-api'),
      jwksFile: z.string().optional(),
      jwksUrl: z
        .url({ protocol: /^https?$/ })
        .refine((text) => LOOPBACK.test(new URL(text).hostname), 'must be on this machine (127.0.0.1, ::1 or localhost)')
        .optional(),
    })
    .prefault({}),
  rates: z.strictObject({ address: rate(50, 200), principal: rate(200, 400), orders: rate(40, 80) }).prefault({}),
});

/** Requests a second, and how many may come at once; perSecond 0 = no limit. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** tarazu.json as it stands, defaults filled in. */
interface Parsed {
  readonly dataDirectory: string;
  /** process: a verdict survives kill -9. power: it survives the loss of power, at about 0.3 ms. */
  readonly durability: 'process' | 'power';
  /** Shard threads; 0 runs the one shard in the gateway's own thread. */
  readonly shards: number;
  /** Directory of a market day to load at start, unless it was loaded before. */
  readonly day?: string | undefined;
  readonly policy: DayPolicy;
  readonly fix: {
    readonly SocketAcceptAddress: string;
    readonly SocketAcceptPort: number;
    /** Keys every session shares, and the sessions: named as QuickFIX names them, checked by the FIX layer. */
    readonly default: Record<string, unknown>;
    readonly sessions: Record<string, unknown>[];
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** uws: uWebSockets.js. node: node:http and ws. auto: uws where it loads. */
    readonly server: ServerChoice;
    /** File of the machine's admin token; `token` in the data directory when undefined. */
    readonly tokenFile?: string | undefined;
    /** What bearer tokens must say, and keys beside the gateway's own: a JWKS file, or a JWKS URL on the same machine. */
    readonly auth: {
      readonly issuer: string;
      readonly audience: string;
      readonly jwksFile?: string | undefined;
      readonly jwksUrl?: string | undefined;
    };
    /** Token buckets: of an address without a token, of a principal, and of a principal's orders. */
    readonly rates: { readonly address: RateLimit; readonly principal: RateLimit; readonly orders: RateLimit };
  };
  /** FIX session that is told of orders and cancels which did not come over FIX, so that they reach the exchange; absent: none is. */
  readonly actionSession?: string | undefined;
  readonly squareOff: SquareOffPolicy;
  /** Where prices come from. */
  readonly marketData: FeedConfig;
  readonly alerts: AlertConfig;
  /** What the house charges for executing. */
  readonly charges: ChargesConfig;
  readonly tracing: TraceConfig;
  /** The engine's day runs by another clock than the wall's. */
  readonly rehearsal?: RehearsalConfig | undefined;
  readonly log: { readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'; readonly file?: string | undefined };
}

const schema: z.ZodType<Parsed> = z.strictObject({
  dataDirectory: z.string().min(1).default('.tarazu'),
  durability: z.enum(['process', 'power']).default('process'),
  shards: z.int().min(0).max(64).default(0),
  day: z.string().optional(),
  policy: dayPolicy.prefault({}),
  fix: z.strictObject({
    SocketAcceptAddress: z.string().default('127.0.0.1'),
    SocketAcceptPort: port.default(9878),
    default: z.record(z.string(), z.unknown()).default({}),
    sessions: z.array(z.record(z.string(), z.unknown())),
  }),
  http: http.prefault({}),
  actionSession: z.string().min(1).optional(),
  squareOff: squareOff.prefault({}),
  marketData: feedConfig.prefault({}),
  alerts: alertConfig.prefault({}),
  charges: chargesConfig.prefault({}),
  tracing: traceConfig.prefault({}),
  rehearsal: rehearsalConfig.optional(),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'), file: z.string().optional() })
    .prefault({}),
});

/** The checked configuration. Paths are absolute. */
export interface Config extends Omit<Parsed, 'fix'> {
  readonly fix: { readonly SocketAcceptAddress: string; readonly SocketAcceptPort: number; readonly sessions: readonly SessionSettings[] };
}

/** tarazu.json is not usable; the message lists each fault with its path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks a parsed configuration; `origin` is what errors call it, `folder` what relative paths are relative to. */
export function parseConfig(value: unknown, origin = 'configuration', folder: string = process.cwd()): Config {
  const result = schema.safeParse(value);
  if (!result.success) throw new ConfigError(result.error.issues.map((issue) => `${origin}: ${describe(issue)}`).join('\n'));
  const config = result.data;
  if (config.policy.coverRange !== undefined && config.actionSession === undefined)
    throw new ConfigError(`${origin}: policy.coverRange takes cover orders, whose exits go out over an actionSession: name one`);
  const { SocketAcceptAddress, SocketAcceptPort, sessions, default: shared } = config.fix;
  const absolute = (path: string): string => resolve(folder, path);
  return Object.freeze({
    ...config,
    fix: { SocketAcceptAddress, SocketAcceptPort, sessions: parseSessions({ default: { UserDefinedFields, ...shared }, sessions }, origin) },
    dataDirectory: absolute(config.dataDirectory),
    ...(config.day === undefined ? {} : { day: absolute(config.day) }),
    http: {
      ...config.http,
      ...(config.http.tokenFile === undefined ? {} : { tokenFile: absolute(config.http.tokenFile) }),
      auth: { ...config.http.auth, ...(config.http.auth.jwksFile === undefined ? {} : { jwksFile: absolute(config.http.auth.jwksFile) }) },
    },
    marketData: withFeedPaths(config.marketData, absolute),
    alerts: withAlertPaths(config.alerts, absolute),
    tracing: withTracePaths(config.tracing, absolute),
    log: { ...config.log, ...(config.log.file === undefined ? {} : { file: absolute(config.log.file) }) },
  });
}

/** Reads a configuration file. Throws ConfigError naming the file, the place and what is wrong there. */
export function readConfig(file: string): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseConfig(value, file, dirname(resolve(file)));
}

function parseSessions(fix: object, origin: string): SessionSettings[] {
  try {
    return parseFixSettings(fix, `${origin}: fix`);
  } catch (error) {
    throw error instanceof SettingsError ? new ConfigError(error.message) : error;
  }
}

/** Short hash of what decides behaviour and speed, for benchmark reports: equal hash, comparable runs. Paths and ports are left out. */
export function configHash(config: Config): string {
  const { durability, shards, policy: rules, fix } = config;
  const what = { durability, shards, policy: rules, sessions: fix.sessions };
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12);
}

function describe(issue: z.core.$ZodIssue): string {
  const at = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${pathText([...issue.path, key])} is not a setting`).join('; ');
  return `${at === '' ? 'the file' : at}: ${issue.message}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
}
