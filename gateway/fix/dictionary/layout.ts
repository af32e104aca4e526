// Message and group layouts, read from the notation of fix44-messages.ts into flag tables indexed by tag.

/** Tags the tables cover; FIX 4.x ends at 956. Larger tags are user defined and live in the dictionary's own map. */
export const LAYOUT_TAGS = 1_024;

/** Fields of a message body, of the header, or of one member of a repeating group. */
export interface Layout {
  /** 1 at the tags that may stand here directly (count tags of groups included, their members not). */
  readonly fields: Uint8Array;
  /** Tags that must be present, ascending. */
  readonly required: readonly number[];
  /** Groups by their count tag. */
  readonly groups: ReadonlyMap<number, Group>;
}
/** A repeating group: the layout of a member and its first tag. */
export interface Group extends Layout {
  readonly delimiter: number;
}

interface Draft {
  readonly fields: Uint8Array;
  readonly required: number[];
  readonly groups: Map<number, Group>;
  first: number;
}

const TOKEN = /@(\w+)(!?)|(\d+)(!?)(\()?|(\))/g;

/** Reads a layout; `components` resolves "@Name". A required field of a block counts only where the block itself is required. */
export function readLayout(text: string, components: Readonly<Record<string, string>>): Layout {
  const draft = emptyDraft();
  readInto(draft, text, components, true);
  return sealed(draft);
}

function emptyDraft(): Draft {
  return { fields: new Uint8Array(LAYOUT_TAGS), required: [], groups: new Map(), first: 0 };
}

function sealed(draft: Draft): Group {
  draft.required.sort((a, b) => a - b);
  return { fields: draft.fields, required: draft.required, groups: draft.groups, delimiter: draft.first };
}

/** Adds `text` to the draft, one nesting level at a time. */
function readInto(draft: Draft, text: string, components: Readonly<Record<string, string>>, asRequired: boolean): void {
  const stack: { readonly draft: Draft; readonly countTag: number }[] = [{ draft, countTag: 0 }];
  for (const [, block, blockMark, tagText, mark, opens, closes] of text.matchAll(TOKEN)) {
    const top = stack.at(-1);
    if (top === undefined) throw new Error(`unbalanced layout: ${text}`);
    if (closes !== undefined) {
      stack.pop();
      stack.at(-1)?.draft.groups.set(top.countTag, sealed(top.draft));
    } else if (block !== undefined) {
      const body = components[block];
      if (body === undefined) throw new Error(`unknown component ${block}`);
      readInto(top.draft, body, components, asRequired && blockMark === '!');
    } else {
      const tag = Number(tagText);
      top.draft.fields[tag] = 1;
      if (top.draft.first === 0) top.draft.first = tag;
      if (mark === '!' && (asRequired || stack.length > 1)) top.draft.required.push(tag);
      if (opens !== undefined) stack.push({ draft: emptyDraft(), countTag: tag });
    }
  }
}
