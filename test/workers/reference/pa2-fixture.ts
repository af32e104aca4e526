// A pa2 file (fixed columns, format U2) printed from plain descriptions, with invented numbers. Columns count from 1, as layouts print them.

/** One line: texts at columns. */
export function line(...pieces: readonly (readonly [number, string | number])[]): string {
  let text = '';
  for (const [column, piece] of pieces) text = text.padEnd(column - 1).slice(0, column - 1) + piece;
  return text;
}

const digits = (value: number, width: number): string => String(Math.round(Math.abs(value))).padStart(width, '0');
const signed = (value: number, width: number): string => digits(value, width) + (value < 0 ? '-' : '+');

/** A contract of a family. */
export interface Pa2ContractSpec {
  readonly right?: 'C' | 'P';
  /** yyyymm of the future, and of the option. */
  readonly future?: string;
  readonly option?: string;
  readonly expiry?: number;
  /** As printed, without a decimal point. */
  readonly strike?: number;
  readonly price: number;
  readonly delta: number;
  readonly array: readonly number[];
}

/** A product family. */
export interface Pa2FamilySpec {
  readonly id: string;
  readonly type: 'PHY' | 'FUT' | 'OOP' | 'OOF';
  readonly underlying?: string;
  readonly decimals?: number;
  readonly valueFactor?: number;
  readonly valuation?: 'FUT' | 'EQTY';
  readonly priceScan?: number;
  readonly contracts: readonly Pa2ContractSpec[];
}

/** A combined commodity; `records` are further lines about it (S, 3, C, E, 4). */
export interface Pa2CommoditySpec {
  readonly symbol: string;
  readonly exponent?: number;
  readonly families: readonly Pa2FamilySpec[];
  readonly records?: readonly string[];
}

/** Whole file of one exchange complex; `last` are lines after the arrays (6). */
export function pa2Text(complex: string, exchange: string, commodities: readonly Pa2CommoditySpec[], last: readonly string[] = []): string {
  const head = line(
    [1, '0 '],
    [3, complex],
    [9, '20261120'],
    [17, 'I'],
    [18, 'E '],
    [20, '1100'],
    [24, '202611201105'],
    [36, 'U2'],
    [59, 'M'],
    [75, 'M'],
  );
  const of = (print: (commodity: Pa2CommoditySpec, family: Pa2FamilySpec) => readonly string[]): string[] =>
    commodities.flatMap((commodity) => commodity.families.flatMap((family) => print(commodity, family)));
  const lines = [
    head,
    line([1, '1 '], [3, exchange], [8, '01']),
    ...of((_, family) => [priceRecord(exchange, family)]),
    ...commodities.flatMap((commodity) => [commodityRecord(exchange, commodity), ...(commodity.records ?? [])]),
    ...of((_, family) => family.contracts.filter(({ expiry }) => expiry !== undefined).map((contract) => seriesRecord(exchange, family, contract))),
    ...of((_, family) => family.contracts.flatMap((contract) => arrayRecords(exchange, family, contract))),
    ...last,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function priceRecord(exchange: string, family: Pa2FamilySpec): string {
  const { decimals = 2, valueFactor = 1 } = family;
  const valuation = family.valuation ?? (family.type === 'FUT' ? 'FUT' : 'EQTY');
  return line(
    [1, 'P '],
    [3, exchange],
    [6, family.id],
    [16, family.type],
    [34, digits(decimals, 3)],
    [37, digits(decimals, 3)],
    [42, digits(valueFactor * 1e7, 14)],
    [56, '00000000'],
    [66, 'INR'],
    [76, 'EURO'],
    [117, valuation],
    [122, 'CASH'],
  );
}

function commodityRecord(exchange: string, { symbol, exponent = 0, families }: Pa2CommoditySpec): string {
  const slots = families.flatMap(({ id, type }, at) => [[23 + 16 * at, id] as const, [33 + 16 * at, type] as const]);
  return line([1, '2 '], [3, exchange], [7, symbol], [13, exponent], [14, 'INR'], [18, 'P'], ...slots);
}

function seriesRecord(exchange: string, family: Pa2FamilySpec, contract: Pa2ContractSpec): string {
  const { future = '', option = '', expiry = 0 } = contract;
  return line(
    [1, 'B '],
    [3, exchange],
    [6, family.id],
    [16, family.type],
    [19, future],
    [28, option],
    [37, digits(0.2 * 1e6, 8)],
    [45, digits(0.04 * 1e6, 8)],
    [53, digits(family.priceScan ?? 0, 5)],
    [58, '02000'],
    [63, '03500'],
    [86, '010000'],
    [92, expiry],
  );
}

function arrayRecords(exchange: string, family: Pa2FamilySpec, contract: Pa2ContractSpec): string[] {
  const identity = [
    [3, exchange],
    [6, family.id],
    [16, family.underlying ?? family.id],
    [26, family.type],
    [29, contract.right ?? ''],
    [30, contract.future ?? ''],
    [39, contract.option ?? ''],
    [48, digits(contract.strike ?? 0, 7)],
  ] as const;
  const values = (from: number, to: number): (readonly [number, string])[] =>
    contract.array.slice(from, to).map((value, at) => [55 + 6 * at, signed(value, 5)] as const);
  return [
    line([1, '81'], ...identity, ...values(0, 9), [109, digits(contract.price, 14)], [123, 'N']),
    line(
      [1, '82'],
      ...identity,
      ...values(9, 16),
      [97, signed(contract.delta * 1e4, 5)],
      [103, '00150000'],
      [111, signed(contract.price, 7)],
      [119, '+'],
      [120, signed(contract.delta * 1e4, 5)],
      [126, 'C'],
    ),
  ];
}

/** Sixteen losses of a future that moves by `range`. */
export function moves(range: number): number[] {
  const thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];
  return [...thirds.map((move) => (-move * range) / 3), -0.7 * range, 0.7 * range];
}
