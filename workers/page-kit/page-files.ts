// A page's files and the kit's: which path gives which bytes, read once and kept, with a tag for caches and the headers that keep the page to itself. What
// is not listed here is not served. Knows nothing of the program behind the page.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** What of an HTTP answer the files decide; the body is empty when the caller's copy is still good. */
export interface PageAnswer {
  readonly status: 200 | 304;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

interface PageFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly tag: string;
}

/** The kit, and where a page finds it. */
const KIT = { folder: import.meta.dirname, path: '/kit' };
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const TAG_LENGTH = 32;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Only this origin, no inline code or style, no frame around it, no form sent anywhere else. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Files of a page by path; those of the kit begin with `/kit/`. */
export class PageFiles {
  private readonly files: ReadonlyMap<string, PageFile>;

  /** Reads a page's folder and the kit. Throws when the folder cannot be read. */
  constructor(folder: string) {
    this.files = new Map([...readFolder(folder, ''), ...readFolder(KIT.folder, KIT.path)]);
  }

  /** Every path served. */
  get paths(): readonly string[] {
    return [...this.files.keys()];
  }

  /** The file at a path, or undefined; `/` is the page. `ifNoneMatch` is the caller's If-None-Match. */
  answer(path: string, ifNoneMatch: string | undefined): PageAnswer | undefined {
    const file = this.files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return undefined;
    const isKnown = ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === file.tag) === true;
    const headers = {
      etag: file.tag,
      // Asked for again each time, answered without bytes unless changed: a new release is seen at once.
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    };
    return { status: isKnown ? 304 : 200, contentType: file.contentType, body: isKnown ? NOTHING : file.bytes, headers };
  }
}

function readFolder(folder: string, path: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const name = join(entry.parentPath, entry.name);
    const bytes = readFileSync(name);
    const tag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, TAG_LENGTH)}"`;
    files.set(`${path}/${relative(folder, name).split(sep).join('/')}`, { bytes, contentType, tag });
  }
  return files;
}
