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

/** Required tags no message that was scanned can lack. */
const SCANNED_TAGS: ReadonlySet<number> = new Set([8, 9, 35, 10]);

/** MsgType(35) as the number MessageView.msgType gives for it. */
export function messageTypeCode(text: string): number {
  return text.length === 1 ? text.charCodeAt(0) : text.charCodeAt(0) + 256 * text.charCodeAt(1);
}

/**
 * Where a tag may stand in one message type, as bits: its part of the message (the two low bits), whether it may stand there directly (not only inside a
 * group), and whether it must (the topmost).
 */
export const Place = { header: 0, body: 1, trailer: 2, part: 3, direct: 4, required: 8, requiredShift: 3 } as const;

/** One FIX version; throws an Error at construction when its tables contradict themselves. */
export class Dictionary {
  readonly header: Layout;
  readonly trailer: Layout;
  private readonly types = new Uint8Array(LAYOUT_TAGS);
  private readonly enumerated = new Uint8Array(LAYOUT_TAGS);
  private readonly values: (AllowedValues | undefined)[] = new Array(LAYOUT_TAGS);
  private readonly bodies = new Map<number, Layout>();
  private readonly messageTypes = new Set<number>();
  private readonly places = new Map<number, Uint8Array>();
  private readonly commonPlaces: Uint8Array;
  private readonly required = new Map<number, number>();
  private readonly commonRequired: number;
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
    for (const [tag, values] of Object.entries(tables.values)) {
      this.values[Number(tag)] = new AllowedValues(values);
      this.enumerated[Number(tag)] = 1;
    }
    for (const type of tables.messageTypes.split(' ')) this.messageTypes.add(messageTypeCode(type));
    this.commonPlaces = this.makePlaces(undefined);
    this.commonRequired = this.header.required.filter((tag) => !SCANNED_TAGS.has(tag)).length;
    for (const [type, text] of Object.entries(tables.bodies)) {
      const body = readLayout(text, tables.components);
      this.bodies.set(messageTypeCode(type), body);
      this.places.set(messageTypeCode(type), this.makePlaces(body));
      this.required.set(messageTypeCode(type), this.commonRequired + body.required.length);
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

  /** Is the tag enumerated? */
  hasValues(tag: number): boolean {
    return this.enumerated[tag] === 1;
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

  /** How many tags a message of this type must have, those every scan has seen (8, 9, 35, 10) left out. */
  requiredOf(code: number): number {
    return this.required.get(code) ?? this.commonRequired;
  }

  private makePlaces(body: Layout | undefined): Uint8Array {
    const places = new Uint8Array(LAYOUT_TAGS).fill(Place.body);
    const direct = (layout: Layout, part: number): void => {
      for (let tag = 0; tag < LAYOUT_TAGS; tag++) if (layout.fields[tag] === 1) places[tag] = part | Place.direct;
      for (const tag of layout.required) places[tag] = part | Place.direct | Place.required;
    };
    if (body !== undefined) direct(body, Place.body);
    for (const group of this.header.groups.values())
      for (let tag = 0; tag < LAYOUT_TAGS; tag++) if (group.fields[tag] === 1) places[tag] = Place.header;
    direct(this.trailer, Place.trailer);
    direct(this.header, Place.header);
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
