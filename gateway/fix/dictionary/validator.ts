// Checks one message against a dictionary, in FIX's order: structure, MsgType, required fields, then each field as it arrived (value present,
// format, allowed value, tag known, tag belongs here, not repeated, group counts). Stops at the first fault. Allocates nothing for a good message.
// One validator per session: it holds the session's switches and its user-defined tags.

import { parseInteger } from '../codec/field-value.ts';
import { INVALID_TAG, type MessageView } from '../codec/message-view.ts';
import type { AllowedValues } from './allowed-values.ts';
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

/** Checks messages of one session; remembers nothing between them. */
export class Validator {
  /** After a fault: the tag at fault as text (empty = none to name). */
  refTag = '';
  private readonly dictionary: Dictionary;
  private readonly switches: ValidationSwitches;
  /** Last stamp each tag was seen under; a new message, and a new group member, takes a new stamp. */
  private readonly seen = new Float64Array(LAYOUT_TAGS);
  private stamp = 0;

  constructor(dictionary: Dictionary, switches: ValidationSwitches) {
    this.dictionary = dictionary;
    this.switches = switches;
  }

  /** RejectReason.none, or the first fault found; then refTag is set. */
  check(view: MessageView): RejectReason {
    this.refTag = '';
    const code = view.msgType;
    const places = this.dictionary.placesOf(code);
    const reason = this.checkStructure(view, places);
    if (reason !== RejectReason.none) return reason;
    if (!this.dictionary.hasMessageType(code)) return RejectReason.invalidMsgType;
    const body = this.dictionary.bodyOf(code);
    if (!this.hasRequired(view, this.dictionary.header) || !this.hasRequired(view, body)) return RejectReason.requiredTagMissing;
    this.stamp += 1;
    const messageStamp = this.stamp;
    // The scan has seen to 8, 9, 35 and 10; here they only must not come again.
    for (const tag of FRAMING_TAGS) this.seen[tag] = messageStamp;
    for (let i = 3; i < view.count - 1; ) {
      const result = this.checkField(view, i, places, messageStamp);
      if (result < 0) return this.fault;
      i = result;
    }
    return RejectReason.none;
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
    let bodySeen = false;
    let trailerSeen = false;
    for (let i = 0; i < view.count; i++) {
      const tag = view.tags[i] as number;
      const place = tag < LAYOUT_TAGS ? (places[tag] as number) : Place.body;
      if (place === Place.trailer) trailerSeen = true;
      else if (trailerSeen || (bodySeen && (place === Place.header || place === Place.headerGroup))) {
        this.refTag = view.tagText(i);
        return RejectReason.tagOutOfOrder;
      } else if (place === Place.body || place === Place.nowhere) bodySeen = true;
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

  /** Checks field `i`, and the group it counts; returns the index after, or -1. */
  private checkField(view: MessageView, i: number, places: Uint8Array, stamp: number): number {
    const tag = view.tags[i] as number;
    if (this.checkValue(view, i, tag) < 0) return -1;
    if (tag >= LAYOUT_TAGS) return i + 1;
    const place = places[tag] as number;
    if (place === Place.nowhere || place === Place.headerGroup) {
      return this.dictionary.bodyOf(view.msgType) === undefined ? i + 1 : this.fail(RejectReason.tagNotForMessage, view, i);
    }
    if (this.seen[tag] === stamp) return this.fail(RejectReason.repeatedTag, view, i);
    this.seen[tag] = stamp;
    const group = this.dictionary.isCountTag(tag) ? this.groupOf(view.msgType, place, tag) : undefined;
    return group === undefined ? i + 1 : this.checkGroup(view, i, group);
  }

  private groupOf(code: number, place: number, tag: number): Group | undefined {
    return (place === Place.header ? this.dictionary.header : this.dictionary.bodyOf(code))?.groups.get(tag);
  }

  /** Value present, tag known, format, allowed value. Returns -1 on a fault. */
  private checkValue(view: MessageView, i: number, tag: number): number {
    const start = view.starts[i] as number;
    const end = view.ends[i] as number;
    if (start === end) return this.switches.fieldsHaveValues ? this.fail(RejectReason.tagWithoutValue, view, i) : 0;
    let type = tag === INVALID_TAG ? FieldType.undefined : this.dictionary.typeOf(tag);
    let values: AllowedValues | undefined;
    if (type !== FieldType.undefined) values = this.dictionary.valuesOf(tag);
    else {
      const custom = this.switches.customFields.get(tag);
      if (custom === undefined && tag >= USER_DEFINED_FROM && !this.switches.userDefinedFields) return 0;
      if (custom === undefined) return this.fail(RejectReason.invalidTag, view, i);
      type = custom;
    }
    if (!hasFormat(type, view.bytes, start, end)) return this.fail(RejectReason.dataFormat, view, i);
    if (values === undefined) return 0;
    const allowed = type === FieldType.multiple ? values.hasEach(view.bytes, start, end) : values.has(view.bytes, start, end);
    return allowed ? 0 : this.fail(RejectReason.valueIncorrect, view, i);
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
