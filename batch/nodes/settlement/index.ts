// Bodies of settlement, by node id: where both legs of a node have something to do they are joined here.
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { NodeBody } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { ledgerNightBody } from '../end-of-day/ledger-night.ts';
import { NightFiles } from '../night-files.ts';
import { ckycDailyBody } from './ckyc-daily.ts';
import { withLastCall } from './funded-last-call.ts';
import { withDebitsCarried } from './funds-debits.ts';
import { fundsLegs } from './funds-legs.ts';
import { portsOf } from './funds-ports.ts';
import { kraDailyBody } from './kra-daily.ts';
import { nextBeginOfDayBody } from './next-bod.ts';
import { securitiesLegs } from './securities-legs.ts';
import { ofLegs, type SettlementLegs } from './settlement-leg.ts';

/** Bodies by node id, for one data directory. */
export function settlementBodies(dataDirectory: string): Readonly<Record<string, NodeBody>> {
  const parts: DayParts = { dataDirectory, files: new NightFiles(dataDirectory), calendar: new BusinessCalendar() };
  return {
    ...joinedLegs(securitiesLegs(parts), fundsLegs(parts)),
    'KRA-DAILY': kraDailyBody(parts),
    'CKYC-DAILY': ckycDailyBody(parts),
    'LEDGER-NIGHT': withDebitsCarried({ ...parts, port: portsOf(dataDirectory) }, ledgerNightBody(parts)),
    'PREP-NEXT-BOD': withLastCall(parts, nextBeginOfDayBody(parts)),
  };
}

/** One body per node that any of the lists has a leg of; securities first, because auctions of shortages come to money. */
function joinedLegs(...lists: readonly SettlementLegs[]): Record<string, NodeBody> {
  const nodes = new Set(lists.flatMap((legs) => Object.keys(legs)));
  const legsOf = (id: string): SettlementLegs[string][] => lists.flatMap((legs) => legs[id] ?? []);
  return Object.fromEntries([...nodes].map((id) => [id, ofLegs(...legsOf(id))]));
}
