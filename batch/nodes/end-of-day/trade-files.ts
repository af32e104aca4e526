// EOD-TB-*: the exchange's trade file of a segment, final, whole or in the parts its trigger file lists; read to its last line before it counts. Only a final
// file counts: a provisional one is named in the message of the next attempt and not used.
import { loadTradeFile, type TradeFileCounts } from '../../files/trade-file.ts';
import type { Chain } from '../../graph/node-row.ts';
import { compactDate, FILE_NAMES, pathOf, provisional, TRADE_ROLE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import type { FetchedFile, FilePort } from '../../ports/file-port.ts';
import { TradeBook, TradeFlag } from '../../recon/trade-book.ts';
import { type NodeBody, type Output, TransientFault } from '../../runner/index.ts';
import { chainOf, type DayParts, keepMade, refusing, withWays } from './day-parts.ts';

/** Exchange whose trades a chain's file holds. */
const EXCHANGE: Readonly<Record<Chain, string>> = { CM: 'NSE', FO: 'NSE', CD: 'NSE', COM: 'MCX', BSE: 'BSE', BFO: 'BSE', T0: 'NSE' };

/** Body of EOD-TB-CM, -FO, -CD, -COM. Outputs: `book` (packed trades) with its hash, files, counts, quantity and value. */
export function tradeFileBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    const { date } = context;
    const role = TRADE_ROLE[chain];
    const { source } = FILE_NAMES[role];
    const path = pathOf(role, date, parts.calendar.tradedBefore(date));
    const fetched = await withWays(parts, async (ways) => {
      const port = context.way === 'alternate' ? ways[source].alternate : ways[source].primary;
      return wholeOrParts(port, path);
    });
    const book = new TradeBook();
    const subject = { segment: UDIFF_SEGMENT[chain], date, exchanges: [EXCHANGE[chain]], isSameDay: chain === 'T0' };
    let counts: TradeFileCounts = { rows: 0, trades: 0, cancelled: 0, repeated: 0 };
    const used: Output[] = [];
    for (const [index, file] of fetched.entries()) {
      const kept = parts.files.keep(role, date, file);
      const read = await refusing(() => loadTradeFile(kept.path, subject, book));
      counts = {
        rows: counts.rows + read.rows,
        trades: read.trades,
        cancelled: counts.cancelled + read.cancelled,
        repeated: counts.repeated + read.repeated,
      };
      context.pin(index === 0 ? role : `${role} part ${index + 1}`, file.name, file.sha256);
      used.push({ file: kept.path, sha256: file.sha256 });
    }
    const made = keepMade(parts, `${role}-book`, date, { name: `${role}-${compactDate(date)}.book`, bytes: book.toBytes() });
    return { outputs: { file: made.path, sha256: made.sha256, files: used, ...counts, ...sums(book) } };
  };
}

/** The file itself, or the parts that its trigger (same name, .txt) lists, in the order listed. */
async function wholeOrParts(port: FilePort, path: string): Promise<FetchedFile[]> {
  try {
    return [await port.fetch(path)];
  } catch (error) {
    if (!(error instanceof TransientFault)) throw error;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const there = new Set((await port.list(folder)).map(({ name }) => `${folder}/${name}`));
    const trigger = path.replace(/\.csv(\.gz)?$/, '.txt');
    if (there.has(trigger)) return partsOf(port, folder, new TextDecoder().decode((await port.fetch(trigger)).bytes));
    if (there.has(provisional(path))) throw new TransientFault(`${error.message}; only the provisional file is there`);
    throw error;
  }
}

async function partsOf(port: FilePort, folder: string, list: string): Promise<FetchedFile[]> {
  const names = list.split(/\r?\n/).filter((name) => name.trim() !== '');
  const files: FetchedFile[] = [];
  for (const name of names) files.push(await port.fetch(`${folder}/${name.trim()}`));
  if (files.length === 0) throw new TransientFault(`${folder}: the trigger file lists no part yet`);
  return files;
}

/** Units and value of what counts, as text: they may pass 2^53. Value in ticks × units. */
function sums(book: TradeBook): { readonly quantity: string; readonly value: string } {
  let [quantity, value] = [0n, 0n];
  for (let row = 0; row < book.rows; row++) {
    if (book.has(row, TradeFlag.CANCELLED)) continue;
    quantity += BigInt(book.quantity(row));
    value += BigInt(book.quantity(row)) * BigInt(book.price(row));
  }
  return { quantity: quantity.toString(), value: value.toString() };
}
