// The last day of stock derivatives: shares delivered at the final settlement price and at strikes, netted client by client with the cash trades of
// the day, taxed as delivery on both sides, beside the clearing corporation's obligations.
import { afterEach, expect, it } from 'vitest';
import { deliverySheet } from '../../../batch/notes/statements/delivery-statement.ts';
import { sheetCsv } from '../../../batch/notes/statements/statement-sheet.ts';
import { DATE, obligationFile, PRICE_HEADER, priceCells, priceFile, TradingDay, table } from './trading-day.ts';

/** SBIN closes at 812: the future settles there, the put of 840 is exercised. */
const DERIVATIVES = ['D1 B C0001 SBINFUT 750 810', 'D2 S C0002 SBINFUT 750 810', 'D3 B C0003 SBINPE 750 25', 'D4 S C0001 SBINPE 750 25'];
const SHARES = ['T1 S C0001 SBIN 1000 812', 'T2 B C0002 SBIN 100 812'];
const PRICES = [`SBINFUT STF ${DATE} - 800 812 812`, `SBINPE STO ${DATE} 840 20 812 28`];
const SBIN = { ...priceCells('CM', 'SBIN STK - - 800 812 812'), XpryDt: '', FininstrmActlXpryDt: '', SctySrs: 'EQ', ISIN: 'INE062A01020' };

let day: TradingDay;
afterEach(() => day.end());

function expiry(cash: readonly string[], house: object = {}): TradingDay {
  const made = new TradingDay({ FO: DERIVATIVES, CM: SHARES }, house);
  made.put('bhavcopy-fo', priceFile('FO', PRICES));
  made.put('bhavcopy-cm', table(PRICE_HEADER, [SBIN]));
  // Premium 18,750; final settlement 2 rupees on 750.
  made.put('obligation-fo', obligationFile('FO', ['C0001 - - 0.00 20250.00', 'C0002 - - 1500.00 0.00', 'C0003 - - 18750.00 0.00']));
  made.put('obligation-cm', obligationFile('CM', cash));
  return made;
}

it('is netted with the shares of the day, and taxed as delivery', async () => {
  // C0001 sold 1,000 shares and takes 750 at 812 and 750 at 840; C0002 bought 100 and gives 750 at 812; C0003 gives 750 at 840.
  day = expiry(['C0001 M 2026224 1239000.00 812000.00', 'C0002 M 2026224 81200.00 609000.00', 'C0003 M 2026224 0.00 630000.00']);
  await day.run();
  expect(day.outputs('EOD-MTM-EOD@FO')).toMatchObject({ premium: 0, markToMarket: 0, delivery: 0, expiryTaxes: 266_400 });
  expect([day.status('EOD-OBLIG-PROCESS@FO'), day.status('EOD-OBLIG-PROCESS@CM')]).toEqual(['done', 'done']);
  expect(day.outputs('EOD-OBLIG-PROCESS@CM')).toMatchObject({
    differences: 0,
    settlements: [{ number: 'M2026224', net: 73_080_000, payIn: 42_700_000, payOut: 115_780_000, clients: 3 }],
  });
  // Member's net: 1,000 sold less 100 bought; what was delivered is between its own clients.
  expect((await day.balances(/^CLEARING\/NCL-M/))['CLEARING/NCL-M2026224@20261123']).toBe(73_080_000);
  const ledger = await day.ledger();
  const expired = [...ledger.entries(1, ledger.head.sequence)].filter(({ key }) => /delivery|expiry/.test(key));
  const moved = expired.flatMap(({ transfers }) => transfers.map(({ debit, credit, amount }) => `${debit} > ${credit} ${amount / 100}`));
  expect(moved.sort()).toEqual([
    'CLEARING/NCL-M2026224@20261123 > CLIENT/C0002 609000',
    'CLEARING/NCL-M2026224@20261123 > CLIENT/C0003 630000',
    'CLIENT/C0001 > CLEARING/NCL-M2026224@20261123 1239000',
    'CLIENT/C0001 > LEVIES/STAMP 186',
    'CLIENT/C0001 > LEVIES/STT 1239',
    'CLIENT/C0002 > LEVIES/STT 609',
    'CLIENT/C0003 > LEVIES/STT 630',
  ]);
});

it('leaves the gate of the cash segment open when the clearing corporation does not deliver what we do', async () => {
  day = expiry(['C0001 M 2026224 1239000.00 812000.00', 'C0002 M 2026224 81200.00 609000.00']);
  await day.run();
  expect(day.status('EOD-OBLIG-PROCESS@CM')).toBe('gate');
  const { runner } = await day.night();
  const { note, openGates } = runner.states.state(day.runId, 'EOD-OBLIG-PROCESS@CM');
  expect(note).toBe('1 differences, first: C0003 in M 2026224: 63000000 against 0 paise');
  expect(openGates).toMatchObject([{ name: 'funds of settlement M 2026224, ours = clearing (paise)', left: 73_080_000, right: 10_080_000 }]);
});

it('is charged the brokerage of its date, with GST, and a statement names every contract and charge', async () => {
  const deliveryBrokerage = [
    { from: '2026-01-01', percent: '0.25' },
    { from: '2026-11-21', percent: '0.5' },
  ];
  day = expiry(['C0001 M 2026224 1239000.00 812000.00', 'C0002 M 2026224 81200.00 609000.00', 'C0003 M 2026224 0.00 630000.00'], {
    deliveryBrokerage,
  });
  await day.run();
  // 0.25 % of 12,39,000, 6,09,000 and 6,30,000 is 3,097.50, 1,522.50 and 1,575; GST on each is 557.55, 274.05 and 283.50.
  expect(day.outputs('EOD-MTM-EOD@FO')).toMatchObject({ expiryTaxes: 266_400, deliveryBrokerage: 619_500 + 111_510 });
  const { store } = await day.night();
  const ledger = await day.ledger();
  const expired = [...ledger.entries(1, ledger.head.sequence)].filter(({ key }) => key.endsWith('expiry FO'));
  const moved = expired.flatMap(({ transfers }) => transfers.map(({ debit, credit, amount }) => `${debit} > ${credit} ${amount / 100}`));
  expect(moved.filter((words) => /BROKERAGE|GST/.test(words))).toEqual([
    'CLIENT/C0001 > BROKERAGE 3097.5',
    'CLIENT/C0001 > LEVIES/GST 557.55',
    'CLIENT/C0002 > BROKERAGE 1522.5',
    'CLIENT/C0002 > LEVIES/GST 274.05',
    'CLIENT/C0003 > BROKERAGE 1575',
    'CLIENT/C0003 > LEVIES/GST 283.5',
  ]);
  const contact = { code: 'C0001', name: 'C0001', pan: '', address: '', state: '', email: '', mobile: '', delivery: 'none', password: '' } as const;
  const sheet = deliverySheet(store.root, { contact, from: DATE, to: DATE });
  expect(sheetCsv(sheet).trimEnd().split('\n').slice(1)).toEqual([
    '20-11-2026,23-11-2026,SBIN 20-11-2026 future,INE062A01020,got,750,812.00,-609000.00',
    '20-11-2026,23-11-2026,SBIN 20-11-2026 840 PE,INE062A01020,got,750,840.00,-630000.00',
    '20-11-2026,23-11-2026,Brokerage on delivery,,,,,-3097.50',
    '20-11-2026,23-11-2026,GST,,,,,-557.55',
    '20-11-2026,23-11-2026,Securities transaction tax,,,,,-1239.00',
    '20-11-2026,23-11-2026,Stamp duty,,,,,-186.00',
    ',,Net,,,,,-1244080.05',
  ]);
  // What the statement sums to is what the books took: shares, taxes, brokerage.
  const booked = [...ledger.entries(1, ledger.head.sequence)].filter(({ key }) => /C0001/.test(key) && /delivery|expiry/.test(key));
  expect(booked.flatMap(({ transfers }) => transfers).reduce((sum, { amount }) => sum + amount, 0)).toBe(124_408_005);
});
