// Block deals: the exchange's list of this member's trades in each window, checked (inside the window, not below the smallest block), and the report
// per window to the exchange, once by key. Windows and size by SEBI's circular of 8 October 2025, in force from December 2025.
import { FileError } from '../../files/file-error.ts';
import { parsePriceTicks } from '../../files/price-ticks.ts';
import { callPort, readPortsFile } from '../../ports/ports-file.ts';
import { type NodeBody, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { readList } from '../begin-of-day/list-check.ts';
import { type FetchParts, fetchBody, fileRole } from '../fetch-file.ts';

/** From, to; times of day. */
const WINDOWS = [
  ['08:45:00', '09:00:00'],
  ['14:05:00', '14:20:00'],
] as const;
/** Smallest block: Rs 25 crore, in paise. */
const BLOCK_MIN = 25 * 100 * 1e7;
const COLUMNS = ['TradDt', 'TradTm', 'TckrSymb', 'ClntId', 'BuySellInd', 'TradQty', 'Pric', 'UnqTradIdr'];
const TICKS_PER_PAISA = 100;

/** Deals of one window. */
interface WindowSums {
  deals: number;
  paise: number;
}

/** Reads the list; every deal must lie in one of the windows and be a block. */
async function readDeals(file: string, date: string): Promise<WindowSums[]> {
  const sums = WINDOWS.map((): WindowSums => ({ deals: 0, paise: 0 }));
  await readList(
    file,
    COLUMNS,
    (row) => `${row.needed('UnqTradIdr')} ${row.needed('ClntId')} ${row.oneOf('BuySellInd', ['B', 'S'])}`,
    (row) => {
      if (row.date('TradDt') !== date) row.fail('TradDt', `is ${row.text('TradDt')}, the day is ${date}`);
      const time = row.text('TradTm');
      const window = WINDOWS.findIndex(([from, to]) => time >= from && time <= to);
      const ticks = parsePriceTicks(row.text('Pric')) ?? row.fail('Pric', 'is not a price');
      const paise = Math.floor((row.units('TradQty', 1) * ticks) / TICKS_PER_PAISA);
      const sum = sums[window] ?? row.fail('TradTm', `${time} is in no block window`);
      if (paise < BLOCK_MIN) row.fail('TradQty', `makes ${paise} paise, below the smallest block of ${BLOCK_MIN}`);
      sum.deals += 1;
      sum.paise += paise;
    },
  );
  return sums;
}

/** Body of the window nodes: nth instant, nth window. */
export function blockWindowBody(parts: FetchParts): NodeBody {
  return async (context) => {
    const check = async (file: string, date: string): Promise<Outputs> => {
      const sums = (await readDeals(file, date))[context.instant];
      if (sums === undefined) throw new FileError(file, '', `there is no window ${context.instant + 1}`);
      return { ...sums };
    };
    return fetchBody(parts, { ...fileRole('block-deals', check), role: `block-deals-${context.instant + 1}` })(context);
  };
}

/** Body of the report: one instruction per window that had deals. */
export function blockReportBody({ dataDirectory }: FetchParts): NodeBody {
  return async (context) => {
    let reported = 0;
    for (const [at] of WINDOWS.entries()) {
      const { deals, paise, sha256 } = dealsOf(context, at + 1);
      if (deals === 0) continue;
      await context.instruct(exchangeOf(dataDirectory), `window-${at + 1}`, {
        kind: 'block-deals',
        date: context.date,
        window: at + 1,
        deals,
        paise,
        sha256,
      });
      reported += 1;
    }
    return { outputs: { reported }, note: reported === 0 ? 'no block deals' : '' };
  };
}

function dealsOf(context: NodeContext, window: number): { deals: number; paise: number; sha256: string } {
  const taken = context.outputsOf(`TH-BD-WINDOW#${window}`)[`block-deals-${window}`] as
    | { deals?: number; paise?: number; sha256?: string }
    | undefined;
  return { deals: taken?.deals ?? 0, paise: taken?.paise ?? 0, sha256: taken?.sha256 ?? '' };
}

/** The exchange's door for reports. Throws PermanentFault when ports.json cannot be read or names none. */
export function exchangeOf(dataDirectory: string): ReturnType<typeof callPort> {
  let config: ReturnType<typeof readPortsFile>;
  try {
    config = readPortsFile(dataDirectory);
  } catch (error) {
    throw new PermanentFault((error as Error).message);
  }
  return callPort(config, 'exchange');
}
