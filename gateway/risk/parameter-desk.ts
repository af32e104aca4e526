// Parameter tables: from files into the store, from the store into every shard and into the gateway's own name index. Loading files takes seconds
// and happens in a thread of its own; the shards take the table over between orders.
import { basename } from 'node:path';
import type { ParameterTable } from '../../engine/index.ts';
import { parametersDirectory, type Shards } from '../../workers/index.ts';
import { loadParametersInThread, loadTable, type ParameterFiles, withNextSpans } from '../../workers/reference/index.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import type { ReportEncoder } from './report-encoder.ts';
import type { SymbolIndex } from './symbol-index.ts';

export class ParameterDesk {
  /** Content hash and label of the table in force; '' before the first. */
  hash = '';
  label = '';
  private readonly shards: Shards;
  private readonly directory: string;
  private readonly resolver: InstrumentResolver;
  private readonly encoder: ReportEncoder;
  private files: ParameterFiles | undefined;
  /** Tables of our own on their way into the shards: they are ours to name when they are there. */
  private underway = 0;
  /** A table that came into force by another way and cannot be read; it is said once. */
  private unreadable = '';

  constructor(shards: Shards, dataDirectory: string, resolver: InstrumentResolver, encoder: ReportEncoder) {
    this.shards = shards;
    this.directory = parametersDirectory(dataDirectory);
    this.resolver = resolver;
    this.encoder = encoder;
  }

  /** The table in force; undefined before the first. */
  get table(): ParameterTable | undefined {
    return this.resolver.symbols?.table;
  }

  /** Files the table in force was loaded from, as far as this process knows. */
  get paths(): readonly string[] {
    return Object.values(this.files ?? {})
      .flat()
      .filter((path): path is string => typeof path === 'string');
  }

  /** Names of the table in force. */
  get symbols(): SymbolIndex | undefined {
    return this.resolver.symbols;
  }

  /** Uses the table that recovery found in force. Where a swap was cut short, finishes it with the table `first` (that of slot 0, which is first in line). */
  async resume(first: string): Promise<void> {
    if (first === '') return;
    const table = loadTable(this.directory, first);
    const label = labelOfTable(table);
    this.use(table, first, label);
    if (this.shards.recovered.parameters.size > 1) await this.shards.loadParameters({ hash: first, buffer: sharedBuffer(table) }, label);
  }

  /**
   * Uses the table the shards have in force, where it came by another way than this desk: the night's reload leaves it in the inbox. True when the names
   * changed. Throws once when the shards have a table that cannot be read here.
   */
  follow(hash: string): boolean {
    if (hash === '' || hash === this.hash || hash === this.unreadable || this.underway > 0) return false;
    this.unreadable = hash;
    const table = loadTable(this.directory, hash);
    this.unreadable = '';
    this.use(table, hash, labelOfTable(table));
    // Whose files they are is not known: the next swap must not mix them with those of the table before.
    this.files = undefined;
    return true;
  }

  /** Remembers a day's files without loading them, so that a swap can replace one of them. */
  remember(files: ParameterFiles): void {
    this.files = files;
  }

  /** Loads files, stores the table, and resolves when every shard has taken it over. Throws ReferenceFileError, with nothing changed. */
  async load(files: ParameterFiles): Promise<{ readonly hash: string; readonly instruments: number; readonly businessDate: number }> {
    const { table, hash } = await loadParametersInThread(files, this.directory);
    const label = labelOf(typeof files.span === 'string' ? files.span : (files.span[0] ?? ''));
    this.underway += 1;
    try {
      await this.shards.loadParameters({ hash, buffer: sharedBuffer(table) }, label);
      this.use(table, hash, label);
    } finally {
      this.underway -= 1;
    }
    this.files = files;
    return { hash, instruments: table.instruments, businessDate: table.businessDate };
  }

  /**
   * Takes the next SPAN file of the day (and another ELM file, if given), the other files staying as they are. Throws, nothing changed, when those are not
   * known: without them the next table would lack what only they say.
   */
  async swap(span: string, elm: string | undefined): Promise<{ readonly hash: string; readonly instruments: number; readonly businessDate: number }> {
    const others = (this.table?.details.sources ?? []).filter(({ role }) => role !== 'span');
    if (this.files === undefined && others.length > 0)
      throw new RangeError(
        `the table in force was made of files whose place is not known here (${others.map(({ file }) => file).join(', ')}): load the day, or reload through the night`,
      );
    return this.load({ ...this.files, span: withNextSpans(this.files?.span, [span]), ...(elm === undefined ? {} : { elm }) });
  }

  private use(table: ParameterTable, hash: string, label: string): void {
    this.resolver.load(table);
    this.encoder.symbols = this.resolver.symbols;
    this.hash = hash;
    this.label = label;
  }
}

const labelOfTable = (table: ParameterTable): string => labelOf(table.details.sources.find(({ role }) => role === 'span')?.file ?? 'recovered');

/** What a table is called: its first SPAN file's name. */
const labelOf = (span: string): string => basename(span).slice(0, 64);

function sharedBuffer(table: ParameterTable): SharedArrayBuffer {
  const { buffer } = table;
  if (!(buffer instanceof SharedArrayBuffer)) throw new RangeError('a parameter table must lie in shared memory');
  return buffer;
}
