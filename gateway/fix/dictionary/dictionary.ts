// What a FIX version says: tags and types, allowed values, layouts. Built once per version from its tables; read-only afterwards.
// Other versions are further tables handed to the same constructor; a version without tables is checked for form only.
import { AllowedValues } from './allowed-values.ts';
import { FIELD_TYPE_BY_NAME, FieldType } from './field-type.ts';
import { FIX44_FIELD_TYPES, FIX44_MESSAGE_TYPES, FIX44_VALUES } from './fix44-fields.ts';
import { FIX44_BODIES, FIX44_COMPONENTS, FIX44_HEADER, FIX44_TRAILER } from './fix44-messages.ts';
import { LAYOUT_TAGS, type Layout, readLayout } from './layout.ts';

/** Tables a dictionary is built from, in the notation of fix44-fields.ts and fix44-messages.ts. */
export interface DictionaryTables {
  readonly fieldTypes: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<number, string>>;
  readonly messageTypes: string;
  readonly header: string;
  readonly trailer: string;
  readonly components: Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, string>>;
}

/** MsgType(35) as the number MessageView.msgType gives for it. */
export function messageTypeCode(text: string): number {
  return text.length === 1 ? text.charCodeAt(0) : text.charCodeAt(0) + 256 * text.charCodeAt(1);
}

/** One FIX version; throws an Error at construction when its tables contradict themselves. */
export class Dictionary {
  readonly header: Layout;
  readonly trailer: Layout;
  private readonly types = new Uint8Array(LAYOUT_TAGS);
  private readonly values: (AllowedValues | undefined)[] = new Array(LAYOUT_TAGS);
  private readonly bodies = new Map<number, Layout>();
  private readonly messageTypes = new Set<number>();

  constructor(tables: DictionaryTables) {
    this.header = readLayout(tables.header, tables.components);
    this.trailer = readLayout(tables.trailer, tables.components);
    for (const [name, tags] of Object.entries(tables.fieldTypes)) this.addTypes(FIELD_TYPE_BY_NAME[name], tags);
    for (const [tag, values] of Object.entries(tables.values)) this.values[Number(tag)] = new AllowedValues(values);
    for (const type of tables.messageTypes.split(' ')) this.messageTypes.add(messageTypeCode(type));
    for (const [type, body] of Object.entries(tables.bodies)) this.bodies.set(messageTypeCode(type), readLayout(body, tables.components));
  }

  private addTypes(type: FieldType | undefined, tags: string): void {
    if (type === undefined) throw new Error(`unknown field type for tags ${tags}`);
    for (const part of tags.split(' ')) {
      const [first, last] = part.split('-').map(Number);
      for (let tag = first as number; tag <= (last ?? (first as number)); tag++) this.types[tag] = type;
    }
  }

  /** FieldType of a tag; 0 = not defined by this version. */
  typeOf(tag: number): number {
    return tag < LAYOUT_TAGS ? (this.types[tag] as number) : FieldType.undefined;
  }

  /** Allowed values of a tag, or undefined when any value of its type will do. */
  valuesOf(tag: number): AllowedValues | undefined {
    return this.values[tag];
  }

  hasMessageType(code: number): boolean {
    return this.messageTypes.has(code);
  }

  /** Layout of a body; undefined for message types whose fields are not checked. */
  bodyOf(code: number): Layout | undefined {
    return this.bodies.get(code);
  }
}

let fix44: Dictionary | undefined;

/** The FIX 4.4 dictionary, built at first use. */
export function fix44Dictionary(): Dictionary {
  fix44 ??= new Dictionary({
    fieldTypes: FIX44_FIELD_TYPES,
    values: FIX44_VALUES,
    messageTypes: FIX44_MESSAGE_TYPES,
    header: FIX44_HEADER,
    trailer: FIX44_TRAILER,
    components: FIX44_COMPONENTS,
    bodies: FIX44_BODIES,
  });
  return fix44;
}
