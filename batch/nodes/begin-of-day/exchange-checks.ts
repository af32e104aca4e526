// What must be true of the morning's files of exchange and clearing corporation before anything rests on them. Each check reads the whole file and says what
// it found; the readers are those the engine's parameters are loaded with, so that what passes here loads there.
import { basename } from 'node:path';
import {
  addContractFile,
  addScripFile,
  addSecurityFile,
  ListingBook,
  readApprovedSecurities,
  readBanFile,
  readBhavcopy,
  readCommodityMarginFile,
  readExposureFile,
  readPriceBandFile,
  readSpanFile,
  readVarFile,
} from '../../../workers/reference/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { HOLIDAYS } from '../../calendar/holidays.ts';
import { FileError } from '../../files/file-error.ts';
import { compactDate, MEMBER_CODE } from '../../ports/file-names.ts';
import type { Outputs } from '../../runner/index.ts';
import type { FileRole } from '../fetch-file.ts';
import { readList } from './list-check.ts';

type Check = FileRole['check'];
const calendar = new BusinessCalendar();
const before = (date: string): string => calendar.tradedBefore(date);

/** The exchange's holidays of the year against the tables this release goes by: one day of difference moves every pay-in. */
export const holidaysCheck: Check = async (file, date) => {
  const year = date.slice(0, 4);
  const ours = HOLIDAYS[year];
  if (ours === undefined) throw new FileError(file, '', `this release has no holiday table of ${year}`);
  const theirs = new Set<string>();
  const rows = await readList(
    file,
    ['Dt', 'Kind'],
    (row) => row.date('Dt'),
    (row) => {
      theirs.add(`${row.text('Dt')} ${row.oneOf('Kind', ['TRADING', 'SETTLEMENT', 'SESSION'])}`);
    },
  );
  const known = new Set([
    ...ours.trading.map((day) => `${year}-${day} TRADING`),
    ...ours.settlementOnly.map((day) => `${year}-${day} SETTLEMENT`),
    ...ours.specialSessions.map((day) => `${year}-${day} SESSION`),
  ]);
  const differing = [...[...theirs].filter((day) => !known.has(day)), ...[...known].filter((day) => !theirs.has(day))];
  if (differing.length > 0)
    throw new FileError(file, '', `differs from the calendar in force on ${differing.join(', ')}: load the exchange's circular, or correct the list`);
  return { rows };
};

const listed = async (file: string, add: (path: string, book: ListingBook) => Promise<unknown>): Promise<Outputs> => {
  const book = new ListingBook();
  await add(file, book);
  const rows = [...book.values()].length;
  if (rows === 0) throw new FileError(file, '', 'lists nothing');
  return { rows };
};

/** Shares of the cash market. */
export const securitiesCheck: Check = (file) => listed(file, addSecurityFile);
/** Shares as BSE lists them. */
export const scripsCheck: Check = (file) => listed(file, addScripFile);
/** Equity derivatives. */
export const contractsCheck: Check = (file) => listed(file, addContractFile);
export const bseContractsCheck: Check = (file) => listed(file, (path, book) => addContractFile(path, book, 'BSE'));

/** The clearing corporation's list of what counts as collateral. */
export const approvedSecuritiesCheck: Check = async (file) => ({ rows: (await readApprovedSecurities(file)).rows.length });

/** Currency derivatives, by header name. */
export const currencyContractsCheck: Check = async (file) => ({
  rows: await readList(
    file,
    ['FinInstrmId', 'TckrSymb', 'XpryDt', 'StrkPric', 'OptnTp', 'NewBrdLotQty', 'BidIntrvl'],
    (row) => row.needed('FinInstrmId'),
    (row) => {
      row.units('FinInstrmId', 1);
      row.units('XpryDt', 1);
      row.units('NewBrdLotQty', 1);
      row.units('BidIntrvl', 1);
      row.oneOf('OptnTp', ['CE', 'PE', 'XX', '']);
    },
  ),
});

/** The SPAN file must be for the business date. */
export const spanCheck: Check = async (file, date) => {
  const span = await readSpanFile(file);
  if (span.date !== Number(compactDate(date))) throw new FileError(basename(file), '', `is for ${span.date}, the day is ${date}`);
  return { date: span.date };
};

/** ELM rates by symbol or by contract. */
export const exposureCheck: Check = async (file) => {
  const { rates } = await readExposureFile(file);
  return { rows: rates.symbols.size + rates.contracts.size };
};

/** Daily margins of commodities, for this very day. */
export const commodityMarginsCheck: Check = async (file, date) => ({
  rows: (await readCommodityMarginFile(file, [Number(compactDate(date))])).margins.size,
});

/** VaR rates of the cash market. */
export const varCheck: Check = async (file) => ({ rows: (await readVarFile(file)).rates.size });

/** Underlyings in ban period, for this very day. */
export const bansCheck: Check = async (file, date) => ({ rows: (await readBanFile(file, Number(compactDate(date)))).symbols.size });

/** Daily price bands in percent, of NSE and of BSE. */
export const priceBandsCheck: Check = async (file) => ({ rows: (await readPriceBandFile(file, 'NSE')).rows });
export const bsePriceBandsCheck: Check = async (file) => ({ rows: (await readPriceBandFile(file, 'BSE')).rows });

/** Members: ours must be active in every segment it stands in. */
export const membersCheck: Check = async (file) => {
  let isFound = false;
  let suspended = 0;
  const rows = await readList(
    file,
    ['MmbCd', 'Sgmt', 'Sts'],
    (row) => `${row.needed('MmbCd')} ${row.needed('Sgmt')}`,
    (row) => {
      const status = row.oneOf('Sts', ['ACTIVE', 'SUSPENDED', 'EXPELLED']);
      if (status !== 'ACTIVE') suspended += 1;
      if (row.text('MmbCd') !== MEMBER_CODE) return;
      isFound = true;
      if (status !== 'ACTIVE') row.fail('Sts', `this member is ${status} in ${row.text('Sgmt')}`);
    },
  );
  if (!isFound) throw new FileError(file, '', `does not name member ${MEMBER_CODE}`);
  return { rows, suspended };
};

/** Bhavcopy of the day before, every row of that date. */
export const bhavcopyBeforeCheck: Check = async (file, date) => {
  const wanted = Number(compactDate(before(date)));
  let rows = 0;
  await readBhavcopy(file, ({ tradeDate }, line) => {
    if (tradeDate !== wanted) throw new FileError(file, `line ${line}, TradDt`, `is ${tradeDate}, not ${wanted}`);
    rows += 1;
  });
  return { rows };
};

/** Settlement prices of futures of the day before. */
export const settlementPricesCheck: Check = async (file, date) => {
  const day = before(date);
  const rows = await readList(
    file,
    ['DATE', 'INSTRUMENT', 'UNDERLYING', 'EXPIRY DATE', 'MTM SETTLEMENT PRICE'],
    (row) => `${row.needed('INSTRUMENT')} ${row.needed('UNDERLYING')} ${row.needed('EXPIRY DATE')}`,
    (row) => {
      const stated = new Date(`${row.text('DATE')} UTC`);
      if (Number.isNaN(stated.getTime()) || stated.toISOString().slice(0, 10) !== day) row.fail('DATE', `is "${row.text('DATE')}", not ${day}`);
      if (!/^\d{1,9}(\.\d{1,4})?$/.test(row.text('MTM SETTLEMENT PRICE')))
        row.fail('MTM SETTLEMENT PRICE', `"${row.text('MTM SETTLEMENT PRICE')}" is not a price`);
    },
  );
  if (rows === 0) throw new FileError(file, '', 'has no price');
  return { rows };
};

/** A surveillance list. */
export const surveillanceCheck: Check = async (file) => ({
  rows: await readList(file, ['Symbol', 'Series', 'ISIN', 'Stage'], (row) => `${row.needed('Symbol')} ${row.text('Series')}`),
});
