// Spares a start what an earlier one did: our modules without their types, and what V8 made of every module, are kept in the package's own
// node_modules/.cache/tarazu. Node 22 strips types anew in every process and thread, which is most of a start. An entry counts only for the very text it was
// made from and only when whole (SHA-256 of both); who may write there may write the modules themselves. Where nothing can be written, nothing changes.
// TARAZU_CODE_CACHE=0 leaves it. Imported before all else, by launch.js and by `node --import`: so plain JavaScript.
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { enableCompileCache, registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const ROOT = new URL('../../', import.meta.url).href;
const FOLDER = join(fileURLToPath(ROOT), 'node_modules', '.cache', 'tarazu');
const STRIPPED = join(FOLDER, `stripped-${process.version}`);
/** Characters of a SHA-256. */
const DIGEST = 64;

const digest = (text) => hash('sha256', text);

/** The code of an entry that was made from this source and is whole; else undefined. */
function stored(file, source) {
  try {
    const entry = readFileSync(file, 'utf8');
    const code = entry.slice(2 * DIGEST);
    return entry.startsWith(digest(source)) && entry.startsWith(digest(code), DIGEST) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and moved into place: whoever reads meanwhile finds the old entry or the new one. */
function store(file, source, code) {
  const beside = `${file}.${process.pid}.${threadId}`;
  try {
    mkdirSync(STRIPPED, { recursive: true });
    writeFileSync(beside, `${digest(source)}${digest(code)}${code}`);
    renameSync(beside, file);
  } catch {
    // Where nothing can be written, every start strips for itself.
  }
}

/** As Node strips, blanks for types, so that lines and columns stay; without its remark that this call may change. */
function strip(source) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** One of our modules without its types; undefined leaves it to Node, which says what is wrong with it. */
function codeOf(url) {
  try {
    const source = readFileSync(fileURLToPath(url), 'utf8');
    const file = join(STRIPPED, url.slice(ROOT.length).replaceAll('/', '~'));
    const known = stored(file, source);
    if (known !== undefined) return known;
    const code = strip(source);
    store(file, source, code);
    return code;
  } catch {
    return undefined;
  }
}

if (process.env.TARAZU_CODE_CACHE !== '0') {
  enableCompileCache(join(FOLDER, 'compiled'));
  registerHooks({
    load(url, context, next) {
      const source = url.startsWith(ROOT) && url.endsWith('.ts') ? codeOf(url) : undefined;
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
}
