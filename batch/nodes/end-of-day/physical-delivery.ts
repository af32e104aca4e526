// What an expiry leaves: contract by contract the shares each client gives or gets, and the taxes on delivery and exercise; and the file in which the
// derivatives' evening leaves it to the cash segment. There shares and money are netted, client by client, with the trades of the day, and settle
// under their number (SEBI/HO/MRD2_DCAP/P/CIR/2022/165, from the expiry of March 2023); taxes stay with the derivatives, and so does brokerage on
// what is delivered, a rate of the house. No trade is made at an exchange, so there is no exchange charge and no turnover fee.
import { readFileSync } from 'node:fs';
import {
  businessDate,
  type ChargeRates,
  chargeRatesOn,
  deliveryTaxes,
  type ExactRupees,
  exactRupees,
  exerciseTax,
  gstOn,
  NO_RUPEES,
  toPaise,
  toWholeRupees,
} from '../../../engine/index.ts';
import { readBhavcopy } from '../../../workers/reference/index.ts';
import { scaledInteger } from '../../files/decimal-field.ts';
import type { Chain } from '../../graph/node-row.ts';
import { compactDate, FILE_NAMES, pathOf } from '../../ports/file-names.ts';
import { type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import type { NightFile } from '../night-files.ts';
import { paiseOfTickUnits } from './client-charges.ts';
import { type DayParts, keepMade, refusing, useKept, withWays } from './day-parts.ts';
import type { DerivativeChain } from './derivative-day.ts';
import type { PositionDay } from './derivative-positions.ts';

/** Shares one contract delivers. */
export interface DeliveredContract {
  /** Of the contract, and of its shares at NSE. */
  readonly contract: number;
  readonly share: number;
  readonly isin: string;
  readonly symbol: string;
  /** As the client knows the contract. */
  readonly name: string;
  /** Signed units: above zero the client gets them. */
  readonly units: number;
  /** Ticks: final settlement price of a future, strike of an option. */
  readonly price: number;
  /** Paise the client receives (above zero) or pays. */
  readonly amount: number;
}

/** One client's expiry; taxes in paise, rounded as on a note; brokerage and its GST to the paisa. */
export interface ClientExpiry {
  readonly client: string;
  readonly stt: number;
  readonly stamp: number;
  readonly brokerage: number;
  readonly gst: number;
  readonly delivered: readonly DeliveredContract[];
}

/** A rate of the house on the value that is delivered, from a date on (YYYY-MM-DD): "0.25" per cent. */
export interface DeliveryBrokerage {
  readonly from: string;
  readonly percent: string;
}

/** A share as the cash segment trades it. */
export interface ShareName {
  readonly token: number;
  readonly isin: string;
}

const roleOf = (chain: DerivativeChain): string => `expiry-${chain.toLowerCase()}`;
/** Chains of securities' derivatives: what they leave is delivered in the cash segment. */
const DELIVERING: readonly DerivativeChain[] = ['FO', 'BFO'];
const NORMAL_SERIES = 'EQ';
const MICROS_PER_TICK = 100;
const TICKS_PER_RUPEE = 10_000;
/** Per cent as 1e-9 of a value; micros times that in units of 1e-18 rupee. */
const PERCENT_DECIMALS = 7;
const RATE_SCALE = 1_000n;

/** What expiries are charged by. */
export interface ExpiryTerms {
  /** yyyymmdd. */
  readonly date: number;
  readonly shares: ReadonlyMap<string, ShareName>;
  readonly brokerage: readonly DeliveryBrokerage[];
}

/**
 * Clients for whom something ended with shares to deliver or a tax to pay, in the order of their codes. Throws PermanentFault for a share `shares`
 * does not name.
 */
export function clientExpiries(days: readonly PositionDay[], { date, shares, brokerage }: ExpiryTerms): ClientExpiry[] {
  const rates = chargeRatesOn(businessDate(date));
  const fraction = fractionOn(brokerage, date);
  const found = new Map<string, { stt: bigint; stamp: bigint; brokerage: bigint; delivered: DeliveredContract[] }>();
  for (const day of days) {
    const taxes = day.delivery === 0 ? { stt: taxOnExercise(day, date), stamp: NO_RUPEES } : taxesOnDelivery(day, rates);
    if (day.delivery === 0 && taxes.stt === 0n) continue;
    const one = found.get(day.client) ?? { stt: 0n, stamp: 0n, brokerage: 0n, delivered: [] };
    found.set(day.client, one);
    one.stt += taxes.stt;
    one.stamp += taxes.stamp;
    one.brokerage += brokerageOn(day, fraction);
    if (day.delivery !== 0) one.delivered.push(deliveredContract(day, shares));
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([client, one]) => {
      const earned = toPaise(exactRupees(one.brokerage));
      const [stt, stamp] = [one.stt, one.stamp].map((tax) => toWholeRupees(exactRupees(tax)));
      return { client, stt: stt ?? 0, stamp: stamp ?? 0, brokerage: earned, gst: gstOn(earned).note, delivered: one.delivered };
    });
}

/** The rate of a date as 1e-9 of the value. */
function fractionOn(rates: readonly DeliveryBrokerage[], date: number): bigint {
  const inForce = [...rates].sort((a, b) => (a.from < b.from ? -1 : 1)).findLast(({ from }) => Number(from.replaceAll('-', '')) <= date);
  return scaledInteger(inForce?.percent ?? '0', PERCENT_DECIMALS) ?? 0n;
}

/** Brokerage on what is delivered, at the price it is delivered at; none on what ends for cash. */
const brokerageOn = ({ delivery, deliveryPrice }: PositionDay, fraction: bigint): bigint =>
  BigInt(deliveryPrice * MICROS_PER_TICK) * BigInt(Math.abs(delivery)) * fraction * RATE_SCALE;

function deliveredContract({ contract, delivery, deliveryPrice }: PositionDay, shares: ReadonlyMap<string, ShareName>): DeliveredContract {
  const { token, symbol } = contract;
  const share = shares.get(symbol);
  if (share === undefined) throw new PermanentFault(`${symbol}: contract ${token} delivers its shares, and today's price file names none`);
  const amount = -paiseOfTickUnits(BigInt(delivery) * BigInt(deliveryPrice));
  const name = contractWords(contract);
  return { contract: token, share: share.token, isin: share.isin, symbol, name, units: delivery, price: deliveryPrice, amount };
}

/** "SBIN 27-10-2026 future", "SBIN 27-10-2026 840 PE". */
function contractWords({ symbol, actualExpiry, strike, option }: PositionDay['contract']): string {
  const day = `${actualExpiry}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$3-$2-$1');
  return `${symbol} ${day} ${option === '' ? 'future' : `${strike / TICKS_PER_RUPEE} ${option}`}`;
}

const taxesOnDelivery = ({ delivery, deliveryPrice }: PositionDay, rates: ChargeRates): { stt: ExactRupees; stamp: ExactRupees } =>
  deliveryTaxes({ side: delivery > 0 ? 'BUY' : 'SELL', price: deliveryPrice * MICROS_PER_TICK, quantity: Math.abs(delivery) }, rates);

/** STT on what the client exercised for cash; options on currencies carry none. */
function taxOnExercise({ exercised, contract }: PositionDay, date: number): ExactRupees {
  const { strike, underlying, option, type } = contract;
  if (exercised === 0 || option === '' || !/^(ID|IO)/.test(type)) return NO_RUPEES;
  const exercise = { segment: 'OPT', kind: option, strike: strike * MICROS_PER_TICK, settlementPrice: underlying * MICROS_PER_TICK } as const;
  return exerciseTax({ ...exercise, quantity: exercised }, businessDate(date)).exact;
}

/** Shares of the normal series by symbol, from the cash segment's price file of the day. Pins it. */
export async function sharesTraded(parts: DayParts, context: NodeContext): Promise<Map<string, ShareName>> {
  const role = 'bhavcopy-cm';
  const path = pathOf(role, context.date, parts.calendar.tradedBefore(context.date));
  const file = await withWays(parts, (ways) => ways[FILE_NAMES[role].source].primary.fetch(path));
  const kept = parts.files.keep(role, context.date, file);
  const found = new Map<string, ShareName>();
  await refusing(() =>
    readBhavcopy(kept.path, ({ symbol, series, token, isin }) => {
      if (series === NORMAL_SERIES) found.set(symbol, { token, isin });
    }),
  );
  context.pin(role, file.name, file.sha256);
  return found;
}

/** Keeps what ended as a file, one client a line. */
export function keepExpiries(parts: DayParts, context: NodeContext, chain: DerivativeChain, expiries: readonly ClientExpiry[]): NightFile {
  const role = roleOf(chain);
  const bytes = Buffer.from(expiries.map((each) => `${JSON.stringify(each)}\n`).join(''), 'latin1');
  return keepMade(parts, role, context.date, { name: `${role}-${compactDate(context.date)}.jsonl`, bytes });
}

/** What a chain's evening of the date left to be delivered and taxed; nothing where no contract ended, or people ended that node by other means. */
export function expiriesLeft(context: NodeContext, chain: Chain): ClientExpiry[] {
  const own = DELIVERING.find((each) => each === chain);
  if (own === undefined) return [];
  const outputs = context.outputsOf(`EOD-MTM-EOD@${own}`);
  return hasExpiries(outputs) ? readExpiries(useKept(context, roleOf(own), outputs, 'expiries')) : [];
}

/** The same for who looks at a node's outputs from outside. */
export const expiriesOf = (outputs: Outputs): ClientExpiry[] => (hasExpiries(outputs) ? readExpiries(String(outputs['expiries'])) : []);

const hasExpiries = ({ expiries }: Outputs): boolean => typeof expiries === 'string' && expiries !== '';

const readExpiries = (path: string): ClientExpiry[] =>
  readFileSync(path, 'latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClientExpiry);

/** Which settlement deliveries are netted in: the normal one among those of the day, '' when none of them is. */
export const normalSettlement = (settlements: Iterable<string>): string => [...settlements].filter((name) => name.startsWith('M')).sort()[0] ?? '';
