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

/** Part of a message a tag belongs to. */
export const Place = { nowhere: 0, header: 1, headerGroup: 2, body: 3, trailer: 4 } as const;

/** One FIX version; throws an Error at construction when its tables contradict themselves. */
export class Dictionary {
  readonly header: Layout;
  readonly trailer: Layout;
  private readonly types = new Uint8Array(LAYOUT_TAGS);
  private readonly values: (AllowedValues | undefined)[] = new Array(LAYOUT_TAGS);
  private readonly bodies = new Map<number, Layout>();
  private readonly messageTypes = new Set<number>();
  private readonly places = new Map<number, Uint8Array>();
  private readonly commonPlaces: Uint8Array;
  private readonly countTags = new Uint8Array(LAYOUT_TAGS);

  constructor(tables: DictionaryTables) {
    this.header = readLayout(tables.header, tables.components);
    this.trailer = readLayout(tables.trailer, tables.components);
    for (const [name, tags] of Object.entries(tables.fieldTypes)) {
      const type = FIELD_TYPE_BY_NAME[name];
      if (type === undefined) throw new Error(`unknown field type ${name}`);
      for (const tag of tagsOf(tags)) {
        this.types[tag] = type;
        if (name === 'NUMINGROUP') this.countTags[tag] = 1;
      }
    }
    for (const [tag, values] of Object.entries(tables.values)) this.values[Number(tag)] = new AllowedValues(values);
    for (const type of tables.messageTypes.split(' ')) this.messageTypes.add(messageTypeCode(type));
    this.commonPlaces = this.makePlaces(undefined);
    for (const [type, text] of Object.entries(tables.bodies)) {
      const body = readLayout(text, tables.components);
      this.bodies.set(messageTypeCode(type), body);
      this.places.set(messageTypeCode(type), this.makePlaces(body));
    }
  }

  /** FieldType of a tag; 0 = not defined by this version. */
  typeOf(tag: number): number {
    return tag < LAYOUT_TAGS ? (this.types[tag] as number) : FieldType.undefined;
  }

  /** Is the tag of type NumInGroup: does it count a repeating group somewhere? */
  isCountTag(tag: number): boolean {
    return this.countTags[tag] === 1;
  }

  /** Allowed values of a tag, or undefined when any value of its type will do. */
  valuesOf(tag: number): AllowedValues | undefined {
    return this.values[tag];
  }

  hasMessageType(code: number): boolean {
    return this.messageTypes.has(code);
  }

  /** Where each tag may stand in a message of this type; one table per type, made once. */
  placesOf(code: number): Uint8Array {
    return this.places.get(code) ?? this.commonPlaces;
  }

  private makePlaces(body: Layout | undefined): Uint8Array {
    const places = new Uint8Array(LAYOUT_TAGS);
    for (let tag = 0; tag < LAYOUT_TAGS; tag++) {
      if (body?.fields[tag] === 1) places[tag] = Place.body;
      for (const group of this.header.groups.values()) if (group.fields[tag] === 1) places[tag] = Place.headerGroup;
      if (this.header.fields[tag] === 1) places[tag] = Place.header;
      else if (this.trailer.fields[tag] === 1) places[tag] = Place.trailer;
    }
    return places;
  }

  /** Layout of a body; undefined for message types whose fields are not checked. */
  bodyOf(code: number): Layout | undefined {
    return this.bodies.get(code);
  }
}

/** Tags of a list of numbers and ranges. */
function tagsOf(text: string): number[] {
  const tags: number[] = [];
  for (const part of text.split(' ')) {
    const [first = 0, last = first] = part.split('-').map(Number);
    for (let tag = first; tag <= last; tag++) tags.push(tag);
  }
  return tags;
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
