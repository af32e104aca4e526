// Clients as the API asks for them: the desk's list in pages, and everything about one account. Asks the owners of slots; keeps nothing.
import type {
  ClientSummary,
  ClientView,
  FundingView,
  HoldingView,
  LimitsView,
  OrderView,
  PeakView,
  PositionView,
  UnderlyingScenarios,
} from '../../engine/index.ts';
import {
  type FundsAnswer,
  fundsAnswer,
  type HoldingAnswer,
  holdingAnswer,
  type MarginAnswer,
  marginAnswer,
  type PositionAnswer,
  positionAnswer,
  type ScenariosAnswer,
  type StandingAnswer,
  scenariosAnswer,
  standingAnswer,
} from './client-answer.ts';
import { type FundingAnswer, fundingAnswer } from './funding-answer.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { type OrderAnswer, orderAnswer, tokenOf } from './order-answer.ts';
import { type PeakAnswer, peakAnswer } from './peak-answer.ts';
import type { PeakWatch } from './peak-watch.ts';
import type { SlotQuestions } from './slot-questions.ts';

/** An order as if it were filled: exchange segment, trading symbol, signed units. */
export interface AsIfOrdered {
  readonly segment: number;
  readonly symbol: string;
  readonly units: number;
}

/** What the list may be ordered by. */
export type ClientSort = 'shortfall' | 'mtm' | 'requirement' | 'account';

/** What the list shows. */
export interface ClientFilter {
  readonly sort: ClientSort;
  readonly limit: number;
  readonly status: string | undefined;
  readonly killed: boolean | undefined;
  /** Part of the account's name, upper case; '' = any. */
  readonly search: string;
  /** Where the page begins: after this sort value and account. */
  readonly after: readonly [number, string] | undefined;
  sees(account: string): boolean;
}

/** One page of the list; `next` says where the next begins. */
export interface ClientPage {
  readonly clients: readonly StandingAnswer[];
  readonly next: readonly [number, string] | undefined;
}

/** Smallest value first: what is worst for the house leads each list. */
const SORT_VALUE: Readonly<Record<ClientSort, (client: ClientSummary) => number>> = {
  shortfall: ({ requirement, available }) => available - requirement,
  mtm: ({ realised, unrealised }) => realised + unrealised,
  requirement: ({ requirement }) => -requirement,
  account: () => 0,
};

interface Portfolio {
  readonly sequence: number;
  readonly positions: readonly PositionView[];
  readonly holdings: readonly HoldingView[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class ClientDesk {
  private readonly questions: SlotQuestions;
  private readonly instruments: InstrumentResolver;
  private readonly peaks: PeakWatch;

  constructor(questions: SlotQuestions, instruments: InstrumentResolver, peaks: PeakWatch) {
    this.questions = questions;
    this.instruments = instruments;
    this.peaks = peaks;
  }

  /** One page of the list, and how many match in all. */
  async list(filter: ClientFilter): Promise<ClientPage & { readonly total: number }> {
    const { after, limit } = filter;
    const value = SORT_VALUE[filter.sort];
    const matching = (await this.every())
      .filter(
        (client) =>
          filter.sees(client.account) &&
          client.account.toUpperCase().includes(filter.search) &&
          (filter.status === undefined || client.status === filter.status) &&
          (filter.killed === undefined || client.killed === filter.killed),
      )
      .map((client) => ({ client, value: value(client) }))
      .sort((a, b) => a.value - b.value || byText(a.client.account, b.client.account));
    const isLater = (each: { client: ClientSummary; value: number }): boolean =>
      after === undefined || each.value > after[0] || (each.value === after[0] && each.client.account > after[1]);
    const rest = after === undefined ? matching : matching.filter(isLater);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return {
      clients: page.map(({ client }) => standingAnswer(client)),
      next: last === undefined || rest.length <= limit ? undefined : [last.value, last.client.account],
      total: matching.length,
    };
  }

  /** Every client's summary, up to half a second old. */
  async every(): Promise<readonly ClientSummary[]> {
    return (await this.questions.askAll<readonly ClientSummary[]>({ type: 'clients' })).flat();
  }

  async standing(account: string): Promise<StandingAnswer | undefined> {
    const summary = await this.questions.askAbout<ClientSummary>(account, { type: 'summary', account });
    return summary === undefined ? undefined : standingAnswer(summary);
  }

  async margin(account: string): Promise<MarginAnswer | undefined> {
    const client = await this.view(account);
    return client === undefined ? undefined : marginAnswer(client, this.peaks.of(account).paise);
  }

  async funds(account: string): Promise<FundsAnswer | undefined> {
    const client = await this.view(account);
    return client === undefined ? undefined : fundsAnswer(client);
  }

  async positions(account: string): Promise<{ account: string; as_of: number; positions: PositionAnswer[] } | undefined> {
    const portfolio = await this.portfolio(account);
    const { symbols } = this.instruments;
    if (portfolio === undefined) return undefined;
    return { account, as_of: portfolio.sequence, positions: portfolio.positions.map((each) => positionAnswer(each, symbols)) };
  }

  async holdings(account: string): Promise<{ account: string; as_of: number; holdings: HoldingAnswer[] } | undefined> {
    const portfolio = await this.portfolio(account);
    const { symbols } = this.instruments;
    if (portfolio === undefined) return undefined;
    return { account, as_of: portfolio.sequence, holdings: portfolio.holdings.map((each) => holdingAnswer(each, symbols)) };
  }

  /** What one underlying's position, the order filled, would lose in each scenario; undefined when there is no such account or underlying. */
  async scenarios(account: string, symbol: string, order?: AsIfOrdered): Promise<ScenariosAnswer | undefined> {
    const token = order === undefined ? 0 : tokenOf(this.instruments.symbols, order.segment, order.symbol);
    const also = order === undefined ? {} : { also: { segment: order.segment, token, units: order.units } };
    const found = await this.questions.askAbout<UnderlyingScenarios>(account, { type: 'scenarios', account, symbol, ...also });
    return found === undefined ? undefined : { account, ...scenariosAnswer(found) };
  }

  limits(account: string): Promise<LimitsView | undefined> {
    return this.questions.askAbout<LimitsView>(account, { type: 'limits', account });
  }

  /** Orders of the day, newest first: open ones, or all; below sequence `before` (0 = from the newest). */
  async orders(account: string, isOpenOnly: boolean, before: number, limit: number): Promise<readonly OrderAnswer[] | undefined> {
    if (this.questions.slotOf(account) < 0) return undefined;
    const { symbols } = this.instruments;
    const show = (orders: readonly OrderView[] | undefined): OrderAnswer[] => (orders ?? []).map((each) => orderAnswer(each, symbols));
    if (!isOpenOnly) return show(await this.questions.askAbout<readonly OrderView[]>(account, { type: 'ordersOf', account, before, limit }));
    const open = (await this.questions.askAbout<readonly OrderView[]>(account, { type: 'openOrders', account })) ?? [];
    const below = open.filter(({ sequence }) => before === 0 || sequence < before).sort((a, b) => b.sequence - a.sequence);
    return show(below.slice(0, limit));
  }

  /** The day's margin snapshots, the largest requirement seen in between, and the one now. */
  async peak(account: string): Promise<PeakAnswer | undefined> {
    const client = await this.view(account);
    const peak = await this.questions.askAbout<PeakView>(account, { type: 'peak', account });
    return client === undefined || peak === undefined ? undefined : peakAnswer(client, peak, this.peaks.of(account));
  }

  /** Margin trading funding: sanction, what is drawn, lots. */
  async funding(account: string): Promise<FundingAnswer | undefined> {
    const view = await this.questions.askAbout<FundingView>(account, { type: 'funding', account });
    return view === undefined ? undefined : fundingAnswer(view, this.instruments.symbols);
  }

  private async view(account: string): Promise<ClientView | undefined> {
    const client = await this.questions.askAbout<ClientView>(account, { type: 'client', account });
    if (client !== undefined) this.peaks.note(account, client.requirement, (performance.timeOrigin + performance.now()) * 1_000);
    return client;
  }

  private portfolio(account: string): Promise<Portfolio | undefined> {
    return this.questions.askAbout<Portfolio>(account, { type: 'portfolio', account });
  }
}
