// What the crash test's OMS asks for: orders good and bad, cancels, replaces, fills and confirmed cancels, from a seed; and the ledger of what must
// have come back for each. ClOrdIDs never repeat, so every request must end with exactly one verdict.
import type { OrderTemplate } from '../../bench/load/order-stream.ts';
import type { SeededRandom } from '../../gateway/market-data/seeded-random.ts';
import { type Fields, type FixText, fixTime } from './fix-text.ts';
import type { OmsClient } from './oms-client.ts';

/** One request and every verdict that came for it. */
export interface Request {
  readonly type: 'D' | 'F' | 'G';
  readonly clOrdId: string;
  readonly verdicts: string[];
}

interface OpenOrder {
  readonly fields: ReadonlyMap<number, string>;
  readonly orderId: string;
  clOrdId: string;
  filled: number;
  busy: boolean;
}

export class CrashLoad {
  readonly requests: Map<string, Request> = new Map();
  /** Units filled by trades sent, by OrderID, and the last CumQty reported back. */
  readonly tradedUnits: Map<string, number> = new Map();
  readonly reportedUnits: Map<string, number> = new Map();
  /** Trades sent of orders with the house's funding (MTF). */
  fundedTrades = 0;
  private readonly random: SeededRandom;
  private readonly client: OmsClient;
  private readonly orders: readonly OrderTemplate[];
  private readonly open: OpenOrder[] = [];
  private readonly byId = new Map<string, OpenOrder | ReadonlyMap<number, string>>();
  private readonly execIds = new Set<string>();
  private serial = 0;

  constructor(random: SeededRandom, client: OmsClient, orders: readonly OrderTemplate[]) {
    this.random = random;
    this.client = client;
    this.orders = orders;
    client.onReport = (report) => this.take(report);
  }

  /** Requests without a verdict. */
  get unanswered(): Request[] {
    return [...this.requests.values()].filter((request) => request.verdicts.length === 0);
  }

  /** Requests with more than one. */
  get answeredTwice(): Request[] {
    return [...this.requests.values()].filter((request) => request.verdicts.length > 1);
  }

  /** Sends one thing. */
  act(): void {
    const order = this.random.pick(this.open);
    const draw = this.random.next();
    if (order === undefined || order.busy || draw < 0.6) this.place();
    else if (draw < 0.85) this.trade(order);
    else this.change(order, draw < 0.93 ? 'F' : 'G');
  }

  private place(): void {
    const template = this.random.pick(this.orders);
    if (template === undefined) return;
    const clOrdId = this.nextId();
    const fields = new Map(template.body.map(([tag, value]) => [tag, value] as const));
    // One in ten is off the tick: refused, and refused once.
    if (this.random.chance(0.1)) fields.set(44, `${fields.get(44)}1`);
    this.requests.set(clOrdId, { type: 'D', clOrdId, verdicts: [] });
    this.byId.set(clOrdId, fields);
    this.client.send('D', clOrdId, [[11, clOrdId], ...fields, [60, fixTime()]]);
  }

  private trade(order: OpenOrder): void {
    const quantity = Number(order.fields.get(38));
    if (order.filled >= quantity) return;
    order.filled = quantity;
    this.tradedUnits.set(order.orderId, quantity);
    if (order.fields.get(10001) === 'MTF') this.fundedTrades += 1;
    const price = order.fields.get(44) ?? '1';
    this.serial += 1;
    const more: Fields = [
      [17, `T${this.serial}`],
      [880, `T${this.serial}`],
      [150, 'F'],
      [39, '2'],
      [32, quantity],
      [31, price],
      [75, '20261120'],
    ];
    this.client.send('8', order.clOrdId, [...this.naming(order, order.clOrdId), ...more, [14, quantity], [151, 0], [6, 0], [60, fixTime()]]);
    this.drop(order);
  }

  private change(order: OpenOrder, type: 'F' | 'G'): void {
    const clOrdId = this.nextId();
    this.requests.set(clOrdId, { type, clOrdId, verdicts: [] });
    this.byId.set(clOrdId, order);
    order.busy = true;
    const asked: Fields =
      type === 'F'
        ? []
        : [
            [38, Number(order.fields.get(38)) * 2],
            [40, '2'],
            [44, order.fields.get(44) ?? ''],
          ];
    const { fields } = order;
    const instrument: Fields = [
      [1, fields.get(1) ?? ''],
      [55, fields.get(55) ?? ''],
      [207, fields.get(207) ?? ''],
      [54, fields.get(54) ?? ''],
    ];
    this.client.send(type, clOrdId, [[11, clOrdId], [41, order.clOrdId], ...instrument, ...asked, [60, fixTime()]]);
  }

  private take(report: FixText): void {
    const clOrdId = report.get(11) || report.get(379);
    const execId = report.get(17);
    if (execId !== '') {
      if (this.execIds.has(execId)) this.client.problems.push(`ExecID ${execId} came twice`);
      this.execIds.add(execId);
    }
    if (report.get(150) === 'F') this.reportedUnits.set(report.get(37), Number(report.get(14)));
    const request = this.requests.get(clOrdId);
    const verdict = verdictOf(report);
    if (request === undefined || verdict === '') return;
    request.verdicts.push(verdict);
    const subject = this.byId.get(clOrdId);
    this.byId.delete(clOrdId);
    if (subject instanceof Map && verdict === 'accepted') {
      this.open.push({ fields: subject, orderId: report.get(37), clOrdId, filled: 0, busy: false });
    } else if (subject !== undefined && !(subject instanceof Map)) this.changed(subject as OpenOrder, request, verdict);
  }

  /** Confirms what was accepted, as the exchange would. */
  private changed(order: OpenOrder, request: Request, verdict: string): void {
    order.busy = false;
    if (verdict !== 'accepted') return;
    this.serial += 1;
    const quantity = Number(order.fields.get(38));
    const done = request.type === 'F';
    const kind: Fields = done
      ? [
          [150, '4'],
          [39, '4'],
          [151, 0],
        ]
      : [
          [150, '8'],
          [39, '0'],
          [151, quantity],
        ];
    const orig: Fields = [[41, order.clOrdId]];
    this.client.send('8', request.clOrdId, [
      ...this.naming(order, request.clOrdId),
      [17, `X${this.serial}`],
      ...orig,
      ...kind,
      [14, order.filled],
      [6, 0],
      [60, fixTime()],
    ]);
    if (done) this.drop(order);
  }

  private naming(order: OpenOrder, clOrdId: string): Fields {
    const { fields } = order;
    return [
      [37, order.orderId],
      [11, clOrdId],
      [1, fields.get(1) ?? ''],
      [55, fields.get(55) ?? ''],
      [207, fields.get(207) ?? ''],
      [54, fields.get(54) ?? ''],
      [38, fields.get(38) ?? ''],
    ];
  }

  private drop(order: OpenOrder): void {
    const at = this.open.indexOf(order);
    if (at >= 0) this.open.splice(at, 1);
  }

  private nextId(): string {
    this.serial += 1;
    return `K${`${this.serial}`.padStart(8, '0')}`;
  }
}

/** 'accepted', 'rejected CODE' or 'refused'; '' when the report is no verdict but the echo of a fact. */
function verdictOf(report: FixText): string {
  const execType = report.get(150);
  if (report.type === 'j') return `refused ${report.get(380)} ${report.get(58)}`;
  if (report.type === '9') return `rejected ${report.get(10100)}`;
  if (report.type !== '8') return '';
  // A facts' echo of Rejected (150=8 to a replace we reverted) carries the ExecType we reported and no reject code.
  if (execType === '8') return report.get(10100) === '' ? '' : `rejected ${report.get(10100)}`;
  return execType === '0' || execType === 'E' || execType === '6' ? 'accepted' : '';
}
