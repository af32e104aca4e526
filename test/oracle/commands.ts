// Commands as plain objects, and their bytes by the published layout, both ways: the engine is fed the bytes, the oracle what it reads
// back from them. Owns no meaning.
import {
  CancelOrder,
  CommandKind,
  type CommandView,
  MarkPrices,
  MassCancel,
  newCommandView,
  PlaceOrder,
  RareBody,
  RecordExecution,
  ReplaceOrder,
  Tick,
} from '../../engine/index.ts';

/** Where a command came from; number 0 = not deduplicated. */
export interface Origin {
  readonly originKind: number;
  readonly origin: number;
  readonly incarnation: number;
  readonly number: number;
}

/** A fixed-layout command: numbers and texts by the layout's field names. */
export type Fields = Record<string, number | string>;
export interface Mark {
  readonly token: number;
  readonly segment: number;
  readonly price: number;
}
/** One command of a day. */
export interface PlainCommand {
  readonly kind: keyof typeof CommandKind;
  readonly time: number;
  readonly origin: Origin;
  readonly fields?: Fields;
  readonly marks?: readonly Mark[];
  readonly body?: object;
}

const TEXT: Record<string, number> = { account: 16, clOrdId: 40, origClOrdId: 40, exchangeOrderId: 24, tradeId: 24, execRefId: 24 };
const U32 = new Set(['token', 'algoId', 'expireDate', 'targetWay', 'tradeDate', 'stuckMost']);
const F64 = new Set([
  'quantity',
  'price',
  'stopPx',
  'displayQuantity',
  'orderSequence',
  'lastQuantity',
  'lastPx',
  'cumQuantity',
  'leavesQuantity',
  'orderQuantity',
  'entrySequence',
]);
const LAYOUTS: Partial<Record<string, Record<string, number>>> = {
  PlaceOrder,
  ReplaceOrder,
  CancelOrder,
  MassCancel,
  RecordExecution,
  Tick,
};

/** Fields of a record so long: some are further on than others reach. */
function fieldsOf(kind: string, length: number): [string, number][] {
  return Object.entries(LAYOUTS[kind] ?? {}).filter(([name, at]) => !name.endsWith('BYTES') && at < length);
}

/** The bytes of a command for a slot, as a view over a fresh buffer. */
export function encode(command: PlainCommand, slot: number): CommandView {
  const length = lengthOf(command);
  const view = newCommandView(length).begin(CommandKind[command.kind], length, slot);
  const { originKind, origin, incarnation, number } = command.origin;
  view.setOrigin(originKind, origin, incarnation, number);
  view.time = command.time;
  for (const [name, offset] of fieldsOf(command.kind, length))
    writeField(view, name, offset, command.fields?.[name] ?? (TEXT[name] === undefined ? 0 : ''));
  command.marks?.forEach((mark, index) => {
    const at = MarkPrices.entries + index * MarkPrices.ENTRY_BYTES;
    view.setU32(at, mark.token);
    view.setU32(at + 4, mark.segment);
    view.setF64(at + 8, mark.price);
  });
  if (command.marks !== undefined) view.setU32(MarkPrices.count, command.marks.length);
  return view;
}

function lengthOf(command: PlainCommand): number {
  if (command.kind === 'MarkPrices') return MarkPrices.entries + (command.marks?.length ?? 0) * MarkPrices.ENTRY_BYTES;
  if (Number(command.fields?.['entrySequence'] ?? 0) !== 0) return PlaceOrder.LINKED_BYTES;
  const { BYTES } = LAYOUTS[command.kind] ?? {};
  return BYTES ?? RareBody.body;
}

function writeField(view: CommandView, name: string, offset: number, value: number | string): void {
  const width = TEXT[name];
  if (width !== undefined) view.setText(offset, width, String(value));
  else if (F64.has(name)) view.setF64(offset, Number(value));
  else if (U32.has(name)) view.setU32(offset, Number(value));
  else view.setU8(offset, Number(value));
}

/** What the bytes say; the body of a rare command travels beside them. */
export function decode(view: CommandView, body: object | undefined): PlainCommand {
  const kind = (Object.keys(CommandKind) as (keyof typeof CommandKind)[]).find((name) => CommandKind[name] === view.kind);
  if (kind === undefined) throw new RangeError(`no command kind ${view.kind}`);
  const fields: Fields = {};
  for (const [name, offset] of fieldsOf(kind, view.length)) fields[name] = readField(view, name, offset);
  const marks: Mark[] = [];
  const count = kind === 'MarkPrices' ? view.u32(MarkPrices.count) : 0;
  for (let i = 0; i < count; i++) {
    const at = MarkPrices.entries + i * MarkPrices.ENTRY_BYTES;
    marks.push({ token: view.u32(at), segment: view.u32(at + 4), price: view.f64(at + 8) });
  }
  const origin = { originKind: view.originKind, origin: view.origin, incarnation: view.incarnation, number: view.originNumber };
  return { kind, time: view.time, origin, fields, marks, ...(body === undefined ? {} : { body }) };
}

function readField(view: CommandView, name: string, offset: number): number | string {
  const width = TEXT[name];
  if (width !== undefined) return view.text(offset, width);
  if (F64.has(name)) return view.f64(offset);
  return U32.has(name) ? view.u32(offset) : view.u8(offset);
}

/** One line a person can read. */
export function describe(command: PlainCommand): string {
  const shown = Object.entries(command.fields ?? {}).filter(([, value]) => value !== 0 && value !== '');
  const marks = (command.marks ?? []).map((mark) => `${mark.segment}/${mark.token}@${mark.price}`);
  const parts = [...shown.map(([name, value]) => `${name}=${value}`), ...marks];
  if (command.body !== undefined) parts.push(JSON.stringify(command.body));
  const { originKind, origin, incarnation, number } = command.origin;
  return `${command.kind} t=${command.time} from=${originKind}:${origin}:${incarnation}:${number} ${parts.join(' ')}`;
}
