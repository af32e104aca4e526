// The market-data source a configuration names.
import { readFileSync } from 'node:fs';
import type { ParameterTable } from '../../engine/index.ts';
import type { FeedConfig } from './feed-config.ts';
import { FileSource } from './file-source.ts';
import { GeneratorSource } from './generator-source.ts';
import type { MarketDataPort } from './market-data-port.ts';
import { TickerSource } from './ticker/ticker-source.ts';

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** Opens the source; undefined for none. Throws when the ticker's credentials cannot be read. */
export function openSource(config: FeedConfig, tableInForce: () => ParameterTable | undefined): MarketDataPort | undefined {
  const { source, file, ticker, generator } = config;
  if (source === 'file' && file !== undefined) return new FileSource(file);
  if (source === 'generator') return new GeneratorSource(tableInForce, generator);
  if (source !== 'ticker' || ticker === undefined) return undefined;
  const { mode, silenceSeconds } = ticker;
  return new TickerSource({
    url: tickerUrl(ticker.url, ticker.credentialsFile),
    mode,
    silenceMs: silenceSeconds * 1_000,
    retryMs: RETRY_MS,
    retryMaxMs: RETRY_MAX_MS,
  });
}

function tickerUrl(address: string, credentialsFile: string | undefined): string {
  if (credentialsFile === undefined) return address;
  const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Record<string, unknown>;
  const url = new URL(address);
  for (const name of ['api_key', 'access_token']) {
    const value = credentials[name];
    if (typeof value !== 'string') throw new Error(`${credentialsFile}: ${name} is missing`);
    url.searchParams.set(name, value);
  }
  return url.href;
}
