// What a client would have to have if the next SPAN file were published now: its underlyings' prices from the market data, the arithmetic in the night pool.
import { type ClientView, InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import type { LiveAnswer, LiveClient, LiveMargin, NightPool } from '../../workers/index.ts';
import { refusal } from '../http/http-error.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import type { SlotQuestions } from './slot-questions.ts';

/** Last believed price of an instrument in ticks; undefined where there is none. */
export type LastPrice = (segment: number, token: number) => number | undefined;

/** A client's margin by the file and by the prices of now. Amounts in paise, prices in rupees. */
export interface PreviewAnswer {
  readonly account: string;
  readonly file: string;
  readonly as_of_file_paise: number;
  readonly live_paise: number;
  readonly change_paise: number;
  readonly available_paise: number;
  readonly needs_paise: number;
  readonly prices: readonly {
    readonly symbol: string;
    readonly file_price: number;
    readonly live_price: number;
    readonly source: 'future' | 'share' | 'file' | 'asked';
    readonly model_residual: number | null;
    readonly model: LiveAnswer['prices'][number]['model'];
  }[];
  readonly underlyings: readonly { readonly symbol: string; readonly requirement_paise: number }[];
}

/** A client's requirement by the file and by the prices of now, paise. */
export interface LiveFigures {
  readonly file: string;
  readonly as_of_file_paise: number;
  readonly live_paise: number;
  readonly live_needs_paise: number;
}

type Source = PreviewAnswer['prices'][number]['source'];
const TICKS_PER_RUPEE = 10_000;
const TICKS_PER_PAISA = 100;

export class PreviewDesk {
  private readonly questions: SlotQuestions;
  private readonly parameters: ParameterDesk;
  private readonly pool: NightPool;
  private readonly dataDirectory: string;

  constructor(questions: SlotQuestions, parameters: ParameterDesk, journal: { readonly pool: NightPool; readonly dataDirectory: string }) {
    this.questions = questions;
    this.parameters = parameters;
    this.pool = journal.pool;
    this.dataDirectory = journal.dataDirectory;
  }

  /** The preview; undefined when the account is not known. `move` (0.02 = 2 % up) asks about a price of its own instead of the market's. */
  async preview(account: string, lastPrice: LastPrice, move: number | undefined): Promise<PreviewAnswer | undefined> {
    const { table, hash: parametersHash, label } = this.parameters;
    const client = await this.holding(account);
    if (client === undefined || table === undefined) return undefined;
    const found = client.underlyings.map((row) =>
      move === undefined ? factorOf(table, row, lastPrice) : { factor: 1 + move, source: 'asked' as const },
    );
    const factors = client.underlyings.map((row, index) => [row, found[index]?.factor ?? 1] as const);
    const answer = await this.pool.liveMargin({ dataDir: this.dataDirectory, parametersHash, clients: [client], factors });
    const [margin] = answer?.clients ?? [];
    if (answer === undefined || margin === undefined)
      throw refusal('TZ-BUSY', 'the parameters in force are not stored yet', { headers: { 'retry-after': '1' } });
    return previewAnswer(account, label, { ...margin, prices: answer.prices }, (index) => found[index]?.source ?? 'file');
  }

  /**
   * Both figures of several clients at the market's prices, in one go; those that are not known are left out. Null for one whose underlyings have no fresh
   * price. Empty when the table is not stored.
   */
  async previewAll(accounts: readonly string[], lastPrice: LastPrice): Promise<ReadonlyMap<string, LiveFigures | null>> {
    const { table, hash: parametersHash, label } = this.parameters;
    const figures = new Map<string, LiveFigures | null>();
    if (table === undefined) return figures;
    const clients: HeldClient[] = [];
    const factors = new Map<number, number>();
    for (const account of accounts) {
      const client = await this.holding(account);
      if (client === undefined) continue;
      const priced = client.underlyings.map((row) => ({ row, ...factorOf(table, row, lastPrice) })).filter(({ source }) => source !== 'file');
      for (const { row, factor } of priced) factors.set(row, factor);
      if (priced.length > 0) clients.push(client);
      else figures.set(account, null);
    }
    if (clients.length === 0) return figures;
    const answer = await this.pool.liveMargin({ dataDir: this.dataDirectory, parametersHash, clients, factors: [...factors] });
    for (const [at, { asOfFile, live, available }] of (answer?.clients ?? []).entries()) {
      const { account } = clients[at] as HeldClient;
      figures.set(account, { file: label, as_of_file_paise: asOfFile, live_paise: live, live_needs_paise: Math.max(0, live - available) });
    }
    return figures;
  }

  /** A copy of the client, and the underlyings of the table it holds; undefined when the account is not known. */
  private async holding(account: string): Promise<HeldClient | undefined> {
    const slot = this.questions.slotOf(account);
    const { table } = this.parameters;
    if (slot < 0 || table === undefined) return undefined;
    const client = await this.questions.ask<ClientView | undefined>(slot, { type: 'client', account });
    const copy = await this.questions.ask<Uint8Array | undefined>(slot, { type: 'copy', account });
    if (client === undefined || copy === undefined) return undefined;
    const underlyings = client.underlyings.map(({ underlying }) => underlying).filter((row) => row >= 0 && row < table.underlyings);
    return { slot, account, copy, underlyings };
  }
}

interface HeldClient extends LiveClient {
  readonly underlyings: readonly number[];
}

function previewAnswer(
  account: string,
  file: string,
  found: LiveMargin & Pick<LiveAnswer, 'prices'>,
  sourceOf: (index: number) => Source,
): PreviewAnswer {
  return {
    account,
    file,
    as_of_file_paise: found.asOfFile,
    live_paise: found.live,
    change_paise: found.live - found.asOfFile,
    available_paise: found.available,
    needs_paise: Math.max(0, found.live - found.available),
    prices: found.prices.map(({ symbol, file: filed, live, residual, model }, index) => ({
      symbol,
      file_price: filed / TICKS_PER_RUPEE,
      live_price: live / TICKS_PER_RUPEE,
      source: sourceOf(index),
      model_residual: residual,
      model,
    })),
    underlyings: found.underlyings.map(({ symbol, requirement }) => ({ symbol, requirement_paise: requirement })),
  };
}

/** How far an underlying has moved since the file: by its nearest future that has a price, else by its share. */
function factorOf(table: ParameterTable, underlying: number, lastPrice: LastPrice): { readonly factor: number; readonly source: Source } {
  const first = table.firstInstrument[underlying] ?? 0;
  for (let row = first; row < first + (table.instrumentCount[underlying] ?? 0); row++) {
    if (table.kind[row] !== InstrumentKind.FUT) continue;
    const filed = (table.price[row] ?? 0) * TICKS_PER_PAISA;
    const now = lastPrice(table.segment[row] ?? 0, table.token[row] ?? 0);
    if (now !== undefined && now > 0 && filed > 0) return { factor: now / filed, source: 'future' };
  }
  const name = table.underlyingName(underlying);
  for (let row = table.instruments - 1; row >= 0 && table.kind[row] === InstrumentKind.EQ; row--) {
    if (table.instrumentName(row) !== name) continue;
    const now = lastPrice(table.segment[row] ?? 0, table.token[row] ?? 0);
    const spot = table.spot[underlying] ?? 0;
    if (now !== undefined && now > 0 && spot > 0) return { factor: now / spot, source: 'share' };
  }
  return { factor: 1, source: 'file' };
}
