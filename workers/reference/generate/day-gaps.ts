// What a person has to know of a day's directory that loads all the same: lists it lacks, and lists of another day. Margin then goes by flat or dated rates,
// which can be below what the exchange asks.
import { basename } from 'node:path';
import { type DayFiles, isNamedForDay } from './day-files.ts';

interface ListWanted {
  readonly name: string;
  readonly files: (day: DayFiles) => readonly (string | undefined)[];
  /** Is there anything in the day that the list is about? */
  readonly isWanted: (day: DayFiles) => boolean;
  /** What holds without it. */
  readonly otherwise: string;
}

const LISTS: readonly ListWanted[] = [
  {
    name: 'VaR list (C_VAR1_DDMMYYYY_1.DAT)',
    files: (day) => [day.var],
    isWanted: (day) => [day.bhavcopyCm, day.bhavcopyBse, day.securities, day.scrips].some((path) => path !== undefined),
    otherwise: 'shares are margined at the flat rate policy.cashRateFloor, also those whose VaR is above it',
  },
  {
    name: 'exposure list (ael_DDMMYYYY.csv or F_AEL_OPT_CONTRACTS_DDMMYYYY.csv)',
    files: (day) => [day.elm, day.elmContracts],
    isWanted: () => true,
    otherwise: 'exposure of derivatives goes by the dated percentages',
  },
  {
    name: 'list of securities in ban period (fo_secban_DDMMYYYY.csv)',
    files: (day) => [day.bans],
    isWanted: () => true,
    otherwise: 'no order is refused because of a ban',
  },
];

/** One sentence a gap, none when the lists are whole and of the SPAN files' day. */
export function dayGaps(day: DayFiles): string[] {
  const date = /\.(\d{8})\./.exec(basename(day.span[0] ?? ''))?.[1] ?? '';
  return LISTS.filter(({ isWanted }) => isWanted(day)).flatMap(({ name, files, otherwise }) => {
    const found = files(day).filter((path) => path !== undefined);
    if (found.length === 0) return [`no ${name}: ${otherwise}`];
    return found
      .filter((path) => !isNamedForDay(path, date))
      .map((path) => `${basename(path)} is not of ${date}, the day of the SPAN files, and is taken as it is`);
  });
}
