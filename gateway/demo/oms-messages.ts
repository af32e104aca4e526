// Bodies of the messages the simulated OMS sends, as the rules of engagement want them. Fields only; header, sequence and framing are the session's.

import { OrderTag } from '../risk/custom-tags.ts';
import type { Intent } from './behaviour.ts';
import type { OmsOrder } from './oms-order.ts';
import { priceText } from './rupees.ts';
import type { ExchangeReport, ReportKind } from './simulated-exchange.ts';

/** Tag and value, in the order they go out. */
export type Fields = readonly (readonly [tag: number, value: string])[];

const EXEC_TYPE: Readonly<Record<ReportKind, string>> = { New: '0', Trade: 'F', Canceled: '4', Replaced: '5', Rejected: '8', Expired: 'C' };
const ORD_STATUS: Readonly<Record<ReportKind, string>> = { New: '0', Trade: '1', Canceled: '4', Replaced: '5', Rejected: '8', Expired: 'C' };

/** NewOrderSingle(D). `time` is a UTC timestamp. */
export function newOrder(intent: Intent, clOrdId: string, time: string): Fields {
  return [
    [11, clOrdId],
    [1, intent.account],
    [55, intent.symbol],
    [207, intent.segment],
    [54, `${intent.side}`],
    [38, `${intent.quantity}`],
    [40, intent.market ? '1' : '2'],
    ...(intent.market ? [] : [[44, priceText(intent.price)] as const]),
    ...(intent.immediate ? [[59, '3'] as const] : []),
    [60, time],
    [OrderTag.product, intent.product],
    ...(intent.isDealer === true ? [[OrderTag.dealer, 'Y'] as const] : []),
  ];
}

/** OrderCancelReplaceRequest(G). */
export function replaceRequest(order: OmsOrder, clOrdId: string, terms: { quantity: number; price: number }, time: string): Fields {
  return [
    [41, order.clOrdId],
    [11, clOrdId],
    [1, order.account],
    [55, order.symbol],
    [207, order.segment],
    [54, `${order.side}`],
    [38, `${terms.quantity}`],
    [40, '2'],
    [44, priceText(terms.price)],
    [60, time],
  ];
}

/** OrderCancelRequest(F). */
export function cancelRequest(order: OmsOrder, clOrdId: string, time: string): Fields {
  return [
    [41, order.clOrdId],
    [11, clOrdId],
    [1, order.account],
    [55, order.symbol],
    [207, order.segment],
    [54, `${order.side}`],
    [60, time],
  ];
}

/** OrderStatusRequest(H). */
export function statusRequest(clOrdId: string, account: string): Fields {
  return [
    [11, clOrdId],
    [1, account],
    [54, '1'],
  ];
}

/** ExecutionReport(8): what the exchange did. */
export function executionReport(report: ExchangeReport, time: string, tradeDate: string): Fields {
  const { order, kind } = report;
  const closed = kind === 'Canceled' || kind === 'Expired' || (kind === 'Rejected' && report.origClOrdId === '');
  const leaves = closed ? 0 : order.quantity - order.filled;
  const status = kind === 'Trade' && leaves === 0 ? '2' : ORD_STATUS[kind];
  const fields: [number, string][] = [
    [37, order.orderId],
    [198, `E${order.orderId}`],
    [17, report.execId],
    [150, EXEC_TYPE[kind]],
    [39, status],
    [11, report.clOrdId],
    [1, order.account],
    [55, order.symbol],
    [207, order.segment],
    [54, `${order.side}`],
    [38, `${order.quantity}`],
    [14, `${order.filled}`],
    [151, `${leaves}`],
    [6, '0'],
    [60, time],
    [10001, order.product],
  ];
  if (report.origClOrdId !== '') fields.push([41, report.origClOrdId]);
  if (order.price > 0) fields.push([44, priceText(order.price)]);
  if (kind === 'Trade') fields.push([32, `${report.lastQuantity}`], [31, priceText(report.lastPrice)], [880, report.tradeId], [75, tradeDate]);
  if (report.text !== '') fields.push([58, report.text]);
  return fields;
}
