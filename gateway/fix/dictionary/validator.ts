// Checks one message against a dictionary, in FIX's order: structure, MsgType, required fields, then each field as it arrived (value present,
// format, allowed value, tag known, tag belongs here, not repeated, group counts). Stops at the first fault. Allocates nothing for a good message.
// One validator per session: it holds the session's switches and its user-defined tags.

import { parseInteger } from '../codec/field-value.ts';
import { INVALID_TAG, type MessageView } from '../codec/message-view.ts';
import { type Dictionary, Place } from './dictionary.ts';
import { FieldType, hasFormat } from './field-type.ts';
import { type Group, LAYOUT_TAGS, type Layout } from './layout.ts';
import { RejectReason } from './reject-reason.ts';

/** QuickFIX's validation switches, and the session's own tags with their types. */
export interface ValidationSwitches {
  readonly fieldsOutOfOrder: boolean;
  readonly fieldsHaveValues: boolean;
  readonly userDefinedFields: boolean;
  readonly customFields: ReadonlyMap<number, number>;
}

/** First user-defined tag of FIX 4.x. */
const USER_DEFINED_FROM = 5_000;
const FRAMING_TAGS = [8, 9, 35, 10] as const;

/** Message types with a shape: those of one character. */
const SHAPED_TYPES = 128;
const SHAPED_FIELDS = 64;

/** The tags of a message, in order. */
class MessageShape {
  count = 0;
  readonly tags = new Int32Array(SHAPED_FIELDS);
  /** 1 where any value will do that is not empty. */
  readonly isFree = new Uint8Array(SHAPED_FIELDS);

  fits(view: MessageView): boolean {
    if (view.count !== this.count) return false;
    const { tags } = this;
    for (let i = 3; i < this.count; i++) if (view.tags[i] !== tags[i]) return false;
    return true;
  }
}

/** Checks messages of one session; remembers only what the last good ones looked like. */
export class Validator {
  /** After a fault: the tag at fault as text (empty = none to name). */
  refTag = '';
  private readonly dictionary: Dictionary;
  private readonly switches: ValidationSwitches;
  /** Last stamp each tag was seen under; a new message, and a new group member, takes a new stamp. */
  private readonly seen = new Float64Array(LAYOUT_TAGS);
  private stamp = 0;

  /** By message type: tags of the last faultless message without groups, in order. Another of the same shape needs its values checked only. */
  private readonly shapes: (MessageShape | undefined)[] = new Array(SHAPED_TYPES);

  constructor(dictionary: Dictionary, switches: ValidationSwitches) {
    this.dictionary = dictionary;
    this.switches = switches;
  }

  /** RejectReason.none, or the first fault in FIX's order of checks; then refTag is set. */
  check(view: MessageView): RejectReason {
    const code = view.msgType;
    const shape = code < SHAPED_TYPES ? this.shapes[code] : undefined;
    if (shape?.fits(view) === true && this.hasGoodValues(view, shape)) return RejectReason.none;
    const places = this.dictionary.placesOf(code);
    if (!this.isFaultless(view, code, places)) return this.firstFault(view, code, places);
    if (code < SHAPED_TYPES) this.noteShape(view, code);
    return RejectReason.none;
  }

  private hasGoodValues(view: MessageView, shape: MessageShape): boolean {
    const last = view.count - 1;
    const { fieldsHaveValues } = this.switches;
    for (let i = 3; i < last; i++) {
      if (shape.isFree[i] !== 1) {
        if (this.checkValue(view, i, view.tags[i] as number) < 0) return false;
      } else if (fieldsHaveValues && view.starts[i] === view.ends[i]) return false;
    }
    return true;
  }

  private noteShape(view: MessageView, code: number): void {
    if (view.count > SHAPED_FIELDS) return;
    for (let i = 3; i < view.count; i++) if (this.dictionary.isCountTag(view.tags[i] as number)) return;
    const shape = this.shapes[code] ?? new MessageShape();
    this.shapes[code] = shape;
    shape.count = view.count;
    for (let i = 0; i < view.count; i++) {
      const tag = view.tags[i] as number;
      shape.tags[i] = tag;
      shape.isFree[i] = this.dictionary.typeOf(tag) === FieldType.text && !this.dictionary.hasValues(tag) ? 1 : 0;
    }
  }

  /** One pass over a good message, every check interleaved. False = something is wrong, firstFault says what. */
  private isFaultless(view: MessageView, code: number, places: Uint8Array): boolean {
    if (!this.dictionary.hasMessageType(code)) return false;
    const stamp = this.nextStamp();
    const last = view.count - 1;
    let part = Place.header as number;
    let required = 0;
    for (let i = 3; i < last; ) {
      const tag = view.tags[i] as number;
      const place = tag < LAYOUT_TAGS ? (places[tag] as number) : Place.body;
      const own = place & Place.part;
      if (own < part && this.switches.fieldsOutOfOrder) return false;
      if (own > part) part = own;
      required += place >>> Place.requiredShift;
      i = this.checkField(view, i, place, stamp);
      if (i < 0) return false;
    }
    return required === this.dictionary.requiredOf(code);
  }

  private firstFault(view: MessageView, code: number, places: Uint8Array): RejectReason {
    this.refTag = '';
    const reason = this.checkStructure(view, places);
    if (reason !== RejectReason.none) return reason;
    if (!this.dictionary.hasMessageType(code)) return RejectReason.invalidMsgType;
    const body = this.dictionary.bodyOf(code);
    if (!this.hasRequired(view, this.dictionary.header) || !this.hasRequired(view, body)) return RejectReason.requiredTagMissing;
    const stamp = this.nextStamp();
    for (let i = 3; i < view.count - 1; ) {
      const tag = view.tags[i] as number;
      i = this.checkField(view, i, tag < LAYOUT_TAGS ? (places[tag] as number) : Place.body, stamp);
      if (i < 0) return this.fault;
    }
    return RejectReason.none;
  }

  /** A stamp no tag was seen under. The scan has seen to 8, 9, 35 and 10; they only must not come again. */
  private nextStamp(): number {
    this.stamp += 1;
    for (const tag of FRAMING_TAGS) this.seen[tag] = this.stamp;
    return this.stamp;
  }

  private fault: RejectReason = RejectReason.none;

  private fail(reason: RejectReason, view: MessageView, i: number): -1 {
    this.fault = reason;
    this.refTag = view.tagText(i);
    return -1;
  }

  /** Header fields first, trailer fields last. */
  private checkStructure(view: MessageView, places: Uint8Array): RejectReason {
    if (!this.switches.fieldsOutOfOrder) return RejectReason.none;
    let part = Place.header as number;
    for (let i = 3; i < view.count; i++) {
      const tag = view.tags[i] as number;
      const own = tag < LAYOUT_TAGS ? (places[tag] as number) & Place.part : Place.body;
      if (own < part) {
        this.refTag = view.tagText(i);
        return RejectReason.tagOutOfOrder;
      }
      part = own;
    }
    return RejectReason.none;
  }

  private hasRequired(view: MessageView, layout: Layout | undefined): boolean {
    if (layout === undefined) return true;
    for (const tag of layout.required) {
      if (view.has(tag)) continue;
      this.refTag = String(tag);
      return false;
    }
    return true;
  }

  /** Checks field `i`, which stands at `place`, and the group it counts; returns the index after, or -1. */
  private checkField(view: MessageView, i: number, place: number, stamp: number): number {
    const tag = view.tags[i] as number;
    if (this.checkValue(view, i, tag) < 0) return -1;
    if (tag >= LAYOUT_TAGS) return i + 1;
    if ((place & Place.direct) === 0) {
      return this.dictionary.bodyOf(view.msgType) === undefined ? i + 1 : this.fail(RejectReason.tagNotForMessage, view, i);
    }
    if (this.seen[tag] === stamp) return this.fail(RejectReason.repeatedTag, view, i);
    this.seen[tag] = stamp;
    const group = this.dictionary.isCountTag(tag) ? this.groupOf(view.msgType, place, tag) : undefined;
    return group === undefined ? i + 1 : this.checkGroup(view, i, group);
  }

  private groupOf(code: number, place: number, tag: number): Group | undefined {
    return ((place & Place.part) === Place.header ? this.dictionary.header : this.dictionary.bodyOf(code))?.groups.get(tag);
  }

  /** Value present, tag known, format, allowed value. Returns -1 on a fault. */
  private checkValue(view: MessageView, i: number, tag: number): number {
    const start = view.starts[i] as number;
    const end = view.ends[i] as number;
    if (start === end) return this.switches.fieldsHaveValues ? this.fail(RejectReason.tagWithoutValue, view, i) : 0;
    const type = this.dictionary.typeOf(tag);
    if (tag === INVALID_TAG || type === FieldType.undefined) return this.checkCustom(view, i, tag);
    if (type !== FieldType.text && !hasFormat(type, view.bytes, start, end)) return this.fail(RejectReason.dataFormat, view, i);
    if (!this.dictionary.hasValues(tag)) return 0;
    const values = this.dictionary.valuesOf(tag);
    const allowed = type === FieldType.multiple ? values?.hasEach(view.bytes, start, end) : values?.has(view.bytes, start, end);
    return allowed === true ? 0 : this.fail(RejectReason.valueIncorrect, view, i);
  }

  /** A tag FIX does not define: the session's own, or none at all. */
  private checkCustom(view: MessageView, i: number, tag: number): number {
    const type = tag === INVALID_TAG ? undefined : this.switches.customFields.get(tag);
    if (type === undefined && tag >= USER_DEFINED_FROM && !this.switches.userDefinedFields) return 0;
    if (type === undefined) return this.fail(RejectReason.invalidTag, view, i);
    return hasFormat(type, view.bytes, view.starts[i] as number, view.ends[i] as number) ? 0 : this.fail(RejectReason.dataFormat, view, i);
  }

  /** Checks the members after count field `at`; returns the index after the last, or -1. */
  private checkGroup(view: MessageView, at: number, group: Group): number {
    const declared = parseInteger(view.bytes, view.starts[at] as number, view.ends[at] as number);
    let i = at + 1;
    let members = 0;
    while (i < view.count && view.tags[i] === group.delimiter) {
      i = this.checkMember(view, i, group);
      if (i < 0) return -1;
      members += 1;
    }
    if (members === 0 && declared > 0 && i < view.count && isMember(group, view.tags[i] as number))
      return this.fail(RejectReason.groupOutOfOrder, view, i);
    return members === declared ? i : this.fail(RejectReason.groupCount, view, at);
  }

  private checkMember(view: MessageView, at: number, group: Group): number {
    this.stamp += 1;
    const stamp = this.stamp;
    let i = at;
    while (i < view.count && isMember(group, view.tags[i] as number) && (i === at || view.tags[i] !== group.delimiter)) {
      const tag = view.tags[i] as number;
      if (this.checkValue(view, i, tag) < 0) return -1;
      if (this.seen[tag] === stamp) return this.fail(RejectReason.repeatedTag, view, i);
      this.seen[tag] = stamp;
      const nested = group.groups.get(tag);
      i = nested === undefined ? i + 1 : this.checkGroup(view, i, nested);
      if (i < 0) return -1;
    }
    for (const tag of group.required) {
      if (this.seen[tag] === stamp) continue;
      this.fault = RejectReason.requiredTagMissing;
      this.refTag = String(tag);
      return -1;
    }
    return i;
  }
}

function isMember(group: Group, tag: number): boolean {
  return tag < LAYOUT_TAGS && group.fields[tag] === 1;
}
