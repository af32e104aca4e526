// Instruments of the parameter table in force, searched by the beginning of a name or by a part of it. Reads the table; keeps nothing but the names of
// the table it read last.
import { type ExchangeSegment, InstrumentFlag, InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { nameIn, rupees } from './order-answer.ts';
import { segmentName } from './symbol-index.ts';

/** One instrument. Prices in rupees; 0 = none. */
export interface InstrumentAnswer {
  readonly symbol: string;
  readonly exchange: string;
  readonly token: number;
  readonly kind: string;
  readonly underlying: string;
  /** yyyymmdd; 0 for a share. */
  readonly expiry: number;
  readonly strike: number;
  readonly lot: number;
  readonly tick: number;
  readonly previous_close: number;
  readonly band_low: number;
  readonly band_high: number;
  readonly freeze_quantity: number;
  readonly banned: boolean;
}

/** What to look for. */
export interface InstrumentFilter {
  /** Words in upper case, each a part of the name; '' = every name. */
  readonly search: string;
  readonly segment: ExchangeSegment | 0;
  readonly limit: number;
  /** Row of the table to begin at. */
  readonly from: number;
}

export class InstrumentDesk {
  private readonly instruments: InstrumentResolver;
  private table: ParameterTable | undefined;
  private names: readonly string[] = [];

  constructor(instruments: InstrumentResolver) {
    this.instruments = instruments;
  }

  /**
   * Instruments whose name contains every word: the very name first, then those that begin with the first word; `next` is the place to go on from,
   * within the same table.
   */
  search(filter: InstrumentFilter): { readonly instruments: InstrumentAnswer[]; readonly next: number | undefined } {
    const table = this.instruments.symbols?.table;
    if (table === undefined) return { instruments: [], next: undefined };
    const names = this.namesOf(table);
    const words = filter.search.split(' ').filter((word) => word !== '');
    const [first = ''] = words;
    const [exact, rows, contains]: [number[], number[], number[]] = [[], [], []];
    for (const [row, name] of names.entries()) {
      if (filter.segment !== 0 && table.segment[row] !== filter.segment) continue;
      if (!words.every((word) => name.includes(word))) continue;
      if (name === filter.search) exact.push(row);
      else if (name.startsWith(first)) rows.push(row);
      else contains.push(row);
    }
    const found = [...exact, ...rows, ...contains];
    const page = found.slice(filter.from, filter.from + filter.limit);
    const end = filter.from + page.length;
    return { instruments: page.map((row) => instrumentAnswer(table, row)), next: end < found.length ? end : undefined };
  }

  private namesOf(table: ParameterTable): readonly string[] {
    if (this.table !== table) {
      this.table = table;
      this.names = Array.from({ length: table.instruments }, (_, row) => table.instrumentName(row).toUpperCase());
    }
    return this.names;
  }
}

function instrumentAnswer(table: ParameterTable, row: number): InstrumentAnswer {
  const cell = (column: { readonly [row: number]: number | undefined }): number => column[row] ?? 0;
  const underlying = table.underlying[row] ?? -1;
  return {
    symbol: table.instrumentName(row),
    exchange: segmentName(cell(table.segment)),
    token: cell(table.token),
    kind: nameIn(InstrumentKind, cell(table.kind)),
    underlying: underlying < 0 ? '' : table.underlyingName(underlying),
    expiry: cell(table.expiry),
    strike: rupees(cell(table.strike)),
    lot: cell(table.lot),
    tick: rupees(cell(table.tickSize)),
    previous_close: rupees(cell(table.previousClose)),
    band_low: rupees(cell(table.bandLow)),
    band_high: rupees(cell(table.bandHigh)),
    freeze_quantity: cell(table.freezeQuantity),
    banned: (cell(table.flags) & InstrumentFlag.BANNED) !== 0,
  };
}
