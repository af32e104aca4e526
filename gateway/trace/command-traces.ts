// Ties commands to traces. A command has no room for sixteen bytes of trace id, and a journal must not depend on who watched; so what came with a
// TraceParent is remembered here by its exactly-once key, and by order once it has one, until newer ones take its place. A restart forgets: the log lines
// and spans written by then do not.
import { EventField, type EventView, OriginKind } from '../../engine/index.ts';
import type { MessageView } from '../fix/codec/message-view.ts';
import type { MessageWriter } from '../fix/codec/message-writer.ts';
import type { Logger } from '../log.ts';
import { rejectName } from '../reject-text.ts';
import { OrderTag } from '../risk/custom-tags.ts';
import { currentTrace } from './current-trace.ts';
import type { SpanExporter } from './span-exporter.ts';
import { childOf, formatTraceParent, parseTraceParent, type TraceContext } from './trace-parent.ts';

const LINKS_MAX = 65_536;

/** A trace a command belongs to: our own span in it, and the caller's. */
interface Link {
  readonly trace: TraceContext;
  readonly parentId: string;
}

export class CommandTraces {
  private readonly exporter: SpanExporter;
  private readonly log: Logger;
  /** Microseconds since 1970. */
  private readonly now: () => number;
  private readonly limit: number;
  private readonly byCommand = new Map<string, Link>();
  private readonly byOrder = new Map<string, Link>();

  constructor(exporter: SpanExporter, log: Logger, now: () => number, limit: number = LINKS_MAX) {
    this.exporter = exporter;
    this.log = log;
    this.now = now;
    this.limit = limit;
  }

  /** Commands and orders remembered. */
  get size(): number {
    return this.byCommand.size + this.byOrder.size;
  }

  /** A FIX message became command `msgSeqNum` of session `origin`. Costs one look into the message when it has no TraceParent. */
  takeFix(origin: number, msgSeqNum: number, message: MessageView): void {
    if (message.index(OrderTag.traceParent) < 0) return;
    const parent = parseTraceParent(message.text(OrderTag.traceParent) ?? '');
    if (parent !== undefined) this.link(OriginKind.FIX, origin, msgSeqNum, parent);
  }

  /** The request being served became command `number` of `origin`. */
  takeHttp(origin: number, number: number): void {
    const parent = currentTrace();
    if (parent !== undefined) this.link(OriginKind.HTTP, origin, number, parent);
  }

  /** Sees every event: an answer to a traced command ends its span, an order it made keeps its trace. */
  learn(event: EventView): void {
    if (this.byCommand.size === 0) return;
    const key = commandKey(event.u16(EventField.originKind), event.u32(EventField.origin), event.f64(EventField.originNumber));
    const link = this.byCommand.get(key);
    if (link === undefined || event.index !== 0) return;
    const order = event.f64(EventField.orderSequence);
    const orderId = order === 0 ? '' : `${event.slot}-${order}`;
    if (orderId !== '' && !this.byOrder.has(orderId)) remember(this.byOrder, orderId, link, this.limit);
    const { rejectCode, slot, slotSequence, kind } = event;
    const { traceId, spanId } = link.trace;
    this.log.info({ traceId, spanId, slot, sequence: slotSequence, order: orderId, event: kind, rejectCode }, 'a traced command was decided');
    this.exporter.add({
      ...link,
      name: 'decide',
      kind: 'internal',
      start: event.f64(EventField.time),
      end: this.now(),
      attributes: {
        'tarazu.slot': slot,
        'tarazu.sequence': slotSequence,
        'tarazu.order': orderId,
        'tarazu.reject': rejectCode === 0 ? '' : rejectName(rejectCode),
      },
      isError: false,
    });
  }

  /** Appends TraceParent to the report of an event whose command or order is traced. */
  echo(writer: MessageWriter, event: EventView): void {
    if (this.byCommand.size === 0) return;
    const link =
      this.byCommand.get(commandKey(event.u16(EventField.originKind), event.u32(EventField.origin), event.f64(EventField.originNumber))) ??
      this.byOrder.get(`${event.slot}-${event.f64(EventField.orderSequence)}`);
    if (link !== undefined) writer.text(OrderTag.traceParent, formatTraceParent(link.trace));
  }

  private link(originKind: number, origin: number, number: number, parent: TraceContext): void {
    remember(this.byCommand, commandKey(originKind, origin, number), { trace: childOf(parent), parentId: parent.spanId }, this.limit);
  }
}

const commandKey = (originKind: number, origin: number, number: number): string => `${originKind}/${origin}/${number}`;

/** Keeps the newest `limit`. */
function remember(map: Map<string, Link>, key: string, link: Link, limit: number): void {
  map.delete(key);
  map.set(key, link);
  if (map.size <= limit) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
