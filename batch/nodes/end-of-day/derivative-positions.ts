// A client's derivatives over one day: opening, the day's trades, mark to market, premium, and on the last day final settlement, exercise, assignment
// and what has to be delivered. Pure. Values are tick-units (ticks × units), signed from the client's side: above zero the client receives.
import { PermanentFault } from '../../runner/index.ts';

/** A contract with its prices of the day, ticks. */
export interface Contract {
  readonly token: number;
  /** FinInstrmTp: IDF, IDO, STF, STO, … */
  readonly type: string;
  readonly symbol: string;
  readonly isin: string;
  /** yyyymmdd. */
  readonly expiry: number;
  readonly actualExpiry: number;
  readonly strike: number;
  readonly option: '' | 'CE' | 'PE';
  readonly lot: number;
  readonly settlement: number;
  /** Settlement price of the day before; a contract's first day has none, and nobody holds it. */
  readonly previous: number;
  readonly underlying: number;
}

/** What traded and was carried in one contract. */
export interface PositionInput {
  readonly client: string;
  readonly contract: Contract;
  /** Signed units carried in. */
  readonly opening: number;
  readonly bought: number;
  readonly boughtValue: bigint;
  readonly sold: number;
  readonly soldValue: bigint;
  /** The client has waived the exercise of what it holds. */
  readonly isWaived?: boolean;
}

/** One client's day in one contract. */
export interface PositionDay extends PositionInput {
  /** Signed units before exercise and assignment. */
  readonly before: number;
  /** Units exercised by, and assigned to, the client. */
  readonly exercised: number;
  readonly assigned: number;
  /** Signed units carried out. */
  readonly closing: number;
  readonly premium: bigint;
  readonly markToMarket: bigint;
  readonly finalSettlement: bigint;
  /** Cash of exercise and assignment. */
  readonly exercise: bigint;
  /** Signed units to receive, at `deliveryPrice` ticks. */
  readonly delivery: number;
  readonly deliveryPrice: number;
}

/** Contracts on single shares and on goods are delivered; on indices and currencies they settle in cash. */
const isDelivered = ({ type }: Contract): boolean => type.startsWith('ST');

/** The day of a position. Throws PermanentFault when the contract has expired before. */
export function positionDay(input: PositionInput, date: number): PositionDay {
  const { contract, opening, bought, sold, boughtValue, soldValue } = input;
  if (contract.actualExpiry < date)
    throw new PermanentFault(
      `${contract.symbol} of ${contract.expiry} (${contract.token}): expired before ${date} and is still held by ${input.client}`,
    );
  const before = opening + bought - sold;
  const paid = soldValue - boughtValue;
  const ends = contract.actualExpiry === date;
  const nothing = { exercised: 0, assigned: 0, closing: ends ? 0 : before, premium: 0n, markToMarket: 0n, finalSettlement: 0n, exercise: 0n };
  const row = { ...input, before, ...nothing, delivery: 0, deliveryPrice: 0 };
  if (contract.option !== '')
    return ends ? { ...row, premium: paid, ...(input.isWaived === true && before > 0 ? {} : expired(contract, before)) } : { ...row, premium: paid };
  const gain = paid + BigInt(before) * BigInt(contract.settlement) - BigInt(opening) * BigInt(contract.previous);
  if (!ends) return { ...row, markToMarket: gain };
  return { ...row, finalSettlement: gain, ...(isDelivered(contract) ? { delivery: before, deliveryPrice: contract.settlement } : {}) };
}

/** An option's last day: in the money it is exercised whoever holds it, and assigned to who wrote it. */
function expired(contract: Contract, before: number): Partial<PositionDay> {
  const { underlying, strike, option } = contract;
  const worth = Math.max(0, option === 'CE' ? underlying - strike : strike - underlying);
  if (worth === 0 || before === 0) return {};
  const units = { exercised: Math.max(0, before), assigned: Math.max(0, -before) };
  if (isDelivered(contract)) return { ...units, delivery: option === 'CE' ? before : -before, deliveryPrice: strike };
  return { ...units, exercise: BigInt(before) * BigInt(worth) };
}
