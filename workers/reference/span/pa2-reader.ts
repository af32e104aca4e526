// Reads a pa2 risk parameter file (fixed columns, format U2) line by line: which record is which, in what order they may come, and whether
// the file is whole. What each record says is read in pa2-records.ts, what it means put together in pa2-assemble.ts.
import { fault } from '../reference-error.ts';
import { FixedRecord } from './fixed-record.ts';
import type { Pa2Complex, Pa2Contract } from './pa2-parts.ts';
import {
  familyKey,
  monthAndDay,
  readCommodity,
  readDelivery,
  readInterSpread,
  readIntraTiers,
  readPrice,
  readScanning,
  readSeries,
  readSeriesSpread,
  readTierSpread,
} from './pa2-records.ts';

/** Least length of the records whose last field is never blank: a shorter one was cut. */
const LEAST_LENGTH: Readonly<Record<string, number>> = { '0 ': 37, '2 ': 35, '6 ': 52, 'C ': 35, 'E ': 48, 'B ': 99, 'P ': 55, '81': 108, '82': 118 };
/** Records that say nothing this program needs. */
const SKIPPED = new Set(['1 ', '5 ', 'R ', 'T ', 'V ', 'X ', 'Y ', 'Z ', '9 ', '83', '84']);
/** Reader of each kind of record that needs nothing else. */
const READERS: Readonly<Record<string, (record: FixedRecord, complex: Pa2Complex) => void>> = {
  '2 ': readCommodity,
  '3 ': readIntraTiers,
  '6 ': readInterSpread,
  'B ': readSeries,
  'C ': readTierSpread,
  'E ': readSeriesSpread,
  'P ': readPrice,
  'S ': readScanning,
};
const NO_PRICE = 9_999_999;
const LAST_OF_81 = 9;

/** Push chunks, then finish; `complexes` then holds everything. Throws ReferenceFileError naming line and columns. */
export class Pa2Reader {
  readonly complexes: Pa2Complex[] = [];
  created = '';
  date = 0;
  isSettlement = false;
  private readonly record: FixedRecord;
  private accountType = '';
  private rest = '';
  private complex: Pa2Complex | undefined;
  /** Record 81 that waits for its 82: identity, high-precision price and whether it counts. */
  private open: { identity: string; array: number[]; precise: number; isPrecise: boolean } | undefined;

  constructor(file: string) {
    this.record = new FixedRecord(file);
  }

  push(chunk: Uint8Array): void {
    const lines = (this.rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.take(line);
  }

  finish(): void {
    if (this.rest !== '') this.take(this.rest);
    const { record, complexes } = this;
    if (this.open !== undefined) record.fail(1, 2, 'file ends after a record 81 without its 82: it is cut short');
    if (complexes.length === 0) fault(record.file, 0, '', 'is empty: not a SPAN file');
    const empty = complexes.find((complex) => complex.contracts.size === 0);
    if (empty !== undefined) fault(record.file, record.line, '', `${empty.clearingOrg} has no risk array: the file is cut short`);
    for (const complex of complexes) this.checkLastSeries(complex);
  }

  /** Arrays stand in the order of the B records, so the last of these without one means that the file ends too early. */
  private checkLastSeries(complex: Pa2Complex): void {
    const last = [...complex.series.keys()].at(-1);
    if (last === undefined) return;
    const [exchange = '', id = '', type = '', future = '', option = ''] = last.split('|');
    const own = complex.contracts.get(familyKey(exchange, id, type)) ?? [];
    if (own.some((contract) => contract.future === future && contract.option === option)) return;
    const { file, line } = this.record;
    fault(file, line, '', `series ${[id, future, option].join(' ').trimEnd()} has parameters but no risk array: the file is cut short`);
  }

  private take(line: string): void {
    const { record } = this;
    record.line++;
    record.text = line.trimEnd();
    if (record.text === '') return;
    const id = line.slice(0, 2).padEnd(2);
    const least = LEAST_LENGTH[id] ?? 0;
    if (record.text.length < least) record.fail(record.text.length + 1, least, `record ${id.trim()} ends early: ${record.text.length} columns`);
    if (this.open !== undefined && id !== '82') record.fail(1, 2, 'a record 81 is not followed by its 82');
    if (id === '0 ') this.begin();
    else if (this.complex === undefined) record.fail(1, 2, 'the file does not begin with a record 0: not a SPAN file');
    else this.takeRecord(id, this.complex);
  }

  private begin(): void {
    const { record } = this;
    const format = record.word(36, 37);
    if (format !== 'U2') record.fail(36, 37, `format "${format}" is not U2 (expanded unpacked)`);
    const date = record.date(9, 16) || record.fail(9, 16, 'business date is blank');
    if (this.date !== 0 && date !== this.date) record.fail(9, 16, `business date ${date} differs from ${this.date} before`);
    this.date = date;
    this.isSettlement = record.word(17, 17) === 'S';
    this.created = `${record.word(24, 31)}${record.word(32, 35)}`;
    this.accountType = record.word(59, 59);
    this.complex = {
      clearingOrg: record.required(3, 8, 'exchange complex'),
      commodities: new Map(),
      prices: new Map(),
      series: new Map(),
      contracts: new Map(),
      interSpreads: [],
      superSpreads: [],
      scanningSpreads: [],
    };
    this.complexes.push(this.complex);
  }

  private takeRecord(id: string, complex: Pa2Complex): void {
    const { record } = this;
    const reader = READERS[id];
    if (reader !== undefined) reader(record, complex);
    else if (id === '81') this.openContract();
    else if (id === '82') this.closeContract(complex);
    else if (id === '4 ') readDelivery(record, complex, this.accountType);
    else if (!SKIPPED.has(id)) record.fail(1, 2, `"${id.trim()}" is not a record of a SPAN file`);
  }

  private openContract(): void {
    const { record } = this;
    const array: number[] = [];
    for (let k = 0; k < LAST_OF_81; k++) array.push(record.signed(55 + 6 * k, 59 + 6 * k));
    const precise = record.integer(109, 122);
    this.open = { identity: record.text.slice(2, 54), array, precise, isPrecise: record.word(123, 123) === 'Y' };
  }

  private closeContract(complex: Pa2Complex): void {
    const { record } = this;
    const open = this.open ?? record.fail(1, 2, 'a record 82 stands without its 81');
    if (record.text.slice(2, 54) !== open.identity) record.fail(3, 54, 'is of another contract than the record 81 before it');
    const { array } = open;
    for (let k = 0; k < 7; k++) array.push(record.signed(55 + 6 * k, 59 + 6 * k));
    const type = record.required(26, 28, 'product type');
    const magnitude = open.isPrecise ? open.precise : record.integer(111, 117);
    const right = record.word(29, 29);
    if (type.startsWith('OO') && right !== 'C' && right !== 'P') record.fail(29, 29, `option right "${right}" is neither C nor P`);
    const contract: Pa2Contract = {
      right,
      underlying: record.word(16, 25),
      future: monthAndDay(record, 30),
      option: monthAndDay(record, 39),
      strike: record.word(119, 119) === '-' ? -record.integer(48, 54) : record.integer(48, 54),
      array,
      delta: record.signed(97, 101) / 10_000,
      price: magnitude === NO_PRICE ? undefined : record.word(118, 118) === '-' ? -magnitude : magnitude,
    };
    const key = familyKey(record.word(3, 5), record.required(6, 15, 'commodity'), type);
    const family = complex.contracts.get(key);
    if (family === undefined) complex.contracts.set(key, [contract]);
    else family.push(contract);
    this.open = undefined;
  }
}
