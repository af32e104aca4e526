// Topics client:ACCOUNT: margin, positions and orders of one account, as of one moment, in the words of the API. One question to the owner of the slot.
import type { ClientView, OrderView, PositionView } from '../../engine/index.ts';
import { type Principal, requireAccount, requireScope } from '../http/auth/principal.ts';
import { marginAnswer, positionAnswer } from '../risk/client-answer.ts';
import type { InstrumentResolver } from '../risk/instrument-resolver.ts';
import { type OrderAnswer, orderAnswer } from '../risk/order-answer.ts';
import type { PeakWatch } from '../risk/peak-watch.ts';
import type { LiveFigures } from '../risk/preview-desk.ts';
import type { RejectAnswer } from '../risk/reject-watch.ts';
import type { SlotQuestions } from '../risk/slot-questions.ts';
import type { TopicData } from './difference.ts';
import type { TopicSource } from './topic-source.ts';

const PREFIX = 'client:';
const ORDERS_SHOWN = 50;

/** What the source is made of. */
export interface ClientSourceParts {
  readonly questions: SlotQuestions;
  readonly instruments: InstrumentResolver;
  readonly peaks: PeakWatch;
  /** The account's last rejections that this gateway has seen, newest first. */
  readonly rejectsOf: (account: string, limit: number) => readonly RejectAnswer[];
  /** The account's requirement by the file and by the prices of now; null where there are no such prices, or not yet. */
  readonly liveOf: (account: string) => LiveFigures | null;
}

interface Live {
  readonly client: ClientView;
  readonly portfolio: { readonly positions: readonly PositionView[] };
  readonly orders: readonly OrderView[];
}

/** An order of the stream: the API's, and why not when it was rejected. */
type StreamOrder = OrderAnswer & { readonly reject: Pick<RejectAnswer, 'code' | 'name' | 'message' | 'needs_paise'> | null };

export class ClientSource implements TopicSource {
  /** The slot's sequence goes on with other clients' commands. */
  readonly silent: readonly string[] = ['as_of'];
  readonly restMs = 50;
  /** Option prices move without an event. */
  readonly recheckMs = 1_000;
  private readonly parts: ClientSourceParts;

  constructor(parts: ClientSourceParts) {
    this.parts = parts;
  }

  /** Topic of an account. */
  static topicOf(account: string): string {
    return PREFIX + account;
  }

  /** Account of a topic. */
  static accountOf(name: string): string {
    return name.slice(PREFIX.length);
  }

  owns(name: string): boolean {
    return name.startsWith(PREFIX);
  }

  authorize(name: string, principal: Principal): void {
    requireScope(principal, 'margin:read');
    requireAccount(principal, ClientSource.accountOf(name));
  }

  async read(name: string): Promise<TopicData | undefined> {
    const { questions, instruments, peaks, rejectsOf, liveOf } = this.parts;
    const account = ClientSource.accountOf(name);
    const live = await questions.askAbout<Live>(account, { type: 'live', account, orders: ORDERS_SHOWN });
    if (live === undefined) return undefined;
    const { symbols } = instruments;
    const now = (performance.timeOrigin + performance.now()) * 1_000;
    peaks.note(account, live.client.requirement, now);
    const accepted = live.orders.map((order): StreamOrder => ({ ...orderAnswer(order, symbols), reject: null }));
    const rejected = rejectsOf(account, ORDERS_SHOWN)
      .filter(({ request }) => request === 'PLACE')
      .map(rejectedOrder);
    const figures = liveOf(account);
    return {
      ...marginAnswer(live.client, peaks.of(account).paise),
      live_file: figures?.file ?? null,
      as_of_file_paise: figures?.as_of_file_paise ?? null,
      live_paise: figures?.live_paise ?? null,
      live_needs_paise: figures?.live_needs_paise ?? null,
      positions: live.portfolio.positions.map((position) => named(positionAnswer(position, symbols))),
      orders: [...accepted, ...rejected].sort((a, b) => sequenceOf(b) - sequenceOf(a)).slice(0, ORDERS_SHOWN),
    };
  }
}

const sequenceOf = ({ id }: StreamOrder): number => Number(id.slice(id.indexOf('-') + 1));

/** Positions are told apart by symbol: one that the day's file does not name is called by its token. */
function named<Position extends { readonly symbol: string; readonly token: number }>(position: Position): Position {
  return position.symbol === '' ? { ...position, symbol: `#${position.token}` } : position;
}

/** A rejected order never became one: what is known of it is what was asked. */
function rejectedOrder(rejected: RejectAnswer): StreamOrder {
  const { id, account, cl_ord_id, exchange, token, symbol, side, quantity, price, code, name, message, needs_paise, time_micros } = rejected;
  return {
    id,
    account,
    cl_ord_id,
    exchange_order_id: '',
    exchange,
    token,
    symbol,
    side,
    order_type: '',
    validity: '',
    product: '',
    state: 'REJECTED',
    quantity,
    price,
    trigger_price: 0,
    target_price: 0,
    filled: 0,
    leaves: 0,
    average_price: 0,
    confirmed: false,
    stuck: false,
    time_micros,
    reject: { code, name, message, needs_paise },
  };
}
