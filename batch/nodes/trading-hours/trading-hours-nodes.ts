// Bodies of what the clock drives in trading hours, by node id. The order path is the engine's and has none here.
import { FINAL_SNAPSHOT } from '../../../engine/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { istMicros, type NodeBody } from '../../runner/index.ts';
import { readList } from '../begin-of-day/list-check.ts';
import { type FetchParts, fetchBody, fileRole } from '../fetch-file.ts';
import { blockReportBody, blockWindowBody } from './block-deals.ts';
import { dmfRowBody } from './dmf-rows.ts';
import { glitchBody, glitchReportBody } from './glitches.ts';
import { marginSnapshotBody } from './margin-snapshot.ts';
import { orderTraffic, patternsOf } from './order-traffic.ts';

/** See the file's head. */
export function tradingHoursNodes(parts: FetchParts): Readonly<Record<string, NodeBody>> {
  return {
    'TH-SNAP-PEAK_MARGIN': marginSnapshotBody(parts, ({ instant }) => instant + 1),
    'TH-SNAP-DMF_ROW': dmfRowBody(parts),
    'TH-BD-WINDOW': blockWindowBody(parts),
    'TH-BD-REPORT': blockReportBody(parts),
    'TH-TG-DETECT': glitchBody(parts),
    'TH-TG-REPORT': glitchReportBody(parts),
    'TH-CW-AUCTION': closingBody(parts),
    'TH-CW-PRICE_DISC': fetchBody(parts, fileRole('settlement-prices', pricesCheck)),
    'TH-CW-FINAL_MARGIN': marginSnapshotBody(parts, () => FINAL_SNAPSHOT),
  };
}

const pricesCheck = async (file: string): Promise<{ rows: number }> => ({
  rows: await readList(
    file,
    ['INSTRUMENT', 'UNDERLYING', 'EXPIRY DATE', 'MTM SETTLEMENT PRICE'],
    (row) => `${row.needed('INSTRUMENT')} ${row.needed('UNDERLYING')} ${row.needed('EXPIRY DATE')}`,
    (row) => {
      if (!/^\d{1,9}(\.\d{1,4})?$/.test(row.text('MTM SETTLEMENT PRICE')))
        row.fail('MTM SETTLEMENT PRICE', `"${row.text('MTM SETTLEMENT PRICE')}" is not a price`);
    },
  ),
});

const OPENS = 9 * 60;
const CLOSES = 15 * 60 + 30;

/** The auction is the exchange's; while it runs, the day's order flow is counted and what is odd in it named. */
function closingBody({ dataDirectory, files }: FetchParts): NodeBody {
  return async (context) => {
    const traffic = orderTraffic(dataDirectory, istMicros(context.date, OPENS), istMicros(context.date, CLOSES));
    const flagged = traffic.filter((each) => patternsOf(each).length > 0);
    const lines = traffic.map((each) => JSON.stringify({ ...each, patterns: patternsOf(each) }));
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
    const kept = files.keep('order-traffic', context.date, { name: 'order-traffic.jsonl', bytes, sha256: sha256Of(bytes) });
    return {
      outputs: { 'order-traffic': { file: kept.path, sha256: kept.sha256 }, clients: traffic.length, flagged: flagged.length },
      note: flagged.map((each) => `${each.account}: ${patternsOf(each).join(', ')}`).join('; '),
    };
  };
}
