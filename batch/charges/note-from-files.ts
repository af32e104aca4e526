// Charges of a trade file, streamed: one note over all trades, or one per client. The whole file is read before anything is answered.
import {
  type BrokeragePlan,
  type BusinessDate,
  ChargeNote,
  ChargeTariff,
  chargeRatesOn,
  NO_BROKERAGE,
  type NoteCharges,
  RateUnknown,
} from '../../engine/index.ts';
import { FileError } from '../files/file-error.ts';
import { readJsonArray } from '../files/json-array.ts';
import { readJson } from '../files/read-json.ts';
import { planRecord } from './plan-record.ts';
import { type TradeRecord, tradeRecord } from './trade-record.ts';

/** What to charge. */
export interface ChargeRequest {
  readonly trades: string;
  readonly date: BusinessDate;
  readonly plan: string | undefined;
}

async function visitTrades(request: ChargeRequest, add: (trade: TradeRecord, tariff: ChargeTariff) => void): Promise<void> {
  const plan: BrokeragePlan = request.plan === undefined ? NO_BROKERAGE : planRecord(await readJson(request.plan), request.plan);
  const tariff = new ChargeTariff(chargeRatesOn(request.date), plan);
  const file = request.trades;
  await readJsonArray(file, (value, number, line) => {
    const trade = tradeRecord(value, { file, number, line });
    try {
      add(trade, tariff);
    } catch (error) {
      throw error instanceof RateUnknown ? new FileError(file, `trade ${number} (line ${line})`, error.message) : error;
    }
  });
}

/** One note over all trades of the file. Rejects with FileError. */
export async function chargesOfFile(request: ChargeRequest): Promise<NoteCharges> {
  let note: ChargeNote | undefined;
  await visitTrades(request, (trade, tariff) => {
    note ??= new ChargeNote(tariff);
    note.add(trade);
  });
  return (note ?? new ChargeNote(new ChargeTariff(chargeRatesOn(request.date), NO_BROKERAGE))).charges();
}

/** One note per client; every trade must name its client. Rejects with FileError. */
export async function chargesByClient(request: ChargeRequest): Promise<Map<string, NoteCharges>> {
  const notes = new Map<string, ChargeNote>();
  let number = 0;
  await visitTrades(request, (trade, tariff) => {
    number += 1;
    if (trade.client === undefined) throw new FileError(request.trades, `trade ${number}: client`, 'is missing');
    const note = notes.get(trade.client) ?? new ChargeNote(tariff);
    note.add(trade);
    notes.set(trade.client, note);
  });
  return new Map([...notes].map(([client, note]) => [client, note.charges()]));
}
