// The exchange's trade file, read and refused; our trades against it. Rows are written as the file has them, so that operations can read along.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePriceTicks } from '../../../batch/files/price-ticks.ts';
import { loadTradeFile, type TradeFileCounts } from '../../../batch/files/trade-file.ts';
import { TradeReconciler, type TradeReconciliation } from '../../../batch/recon/reconcile-trades.ts';
import { type BookedTrade, TradeBook, TradeCell, TradeFlag } from '../../../batch/recon/trade-book.ts';
import type { OwnTrade } from '../../../batch/recon/trade-break.ts';

const directory = mkdtempSync(join(tmpdir(), 'trades-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const HEADER =
  'TradDt,BizDt,Sgmt,Src,Xchg,ClrMmbId,Brkr,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,ClntTp,ClntId,FullyExctdConfSnt,OrgnlCtdnPtcptId,CtdnPtcptId,SttlmTp,SctiesSttlmTxId,BuySellInd,TradQty,NewBrdLotQty,Pric,UnqTradIdr,RptdTxSts,TradDtTm,UpdDt,OrdrRef,OrdrDtTm,InstgUsr,CtclId,TradRegnOrgn,OrdrTp,BlckDealInd,SttlmCycl,MktTpandId,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';

/** `id side client quantity price [status] [token]` as a row of 46 columns. */
function line(words: string): string {
  const [id = '', side = '', client = '', quantity = '', price = '', status = 'ET', token = '2885'] = words.split(' ');
  const cells: Record<string, string> = {
    TradDt: '2026-11-20',
    Sgmt: 'CM',
    Src: 'NSE',
    FinInstrmTp: 'STK',
    FinInstrmId: token,
    ISIN: 'INE002A01018',
    TckrSymb: 'RELIANCE',
    ClntId: client,
    SttlmTp: 'M',
    SctiesSttlmTxId: '2026224',
    BuySellInd: side,
    TradQty: quantity,
    Pric: price,
    UnqTradIdr: id,
    RptdTxSts: status,
    OrdrRef: '1100000000000001',
  };
  return HEADER.split(',')
    .map((name) => cells[name] ?? '')
    .join(',');
}

let files = 0;
function fileOf(rows: readonly string[], header = HEADER): string {
  files += 1;
  const path = join(directory, `Trade_NSE_CM_0_TM_${files}_20261120_F_0000.csv`);
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
  return path;
}

const SUBJECT = { segment: 'CM', date: '2026-11-20', exchanges: ['NSE'] };

async function load(path: string): Promise<{ readonly counts: TradeFileCounts; readonly rows: BookedTrade[] }> {
  const book = new TradeBook();
  const counts = await loadTradeFile(path, SUBJECT, book);
  return { counts, rows: Array.from({ length: book.rows }, (_, row) => book.trade(row)) };
}
const read = async (path: string): Promise<BookedTrade[]> => (await load(path)).rows;

describe('the trade file', () => {
  it('gives each trade once, cancelled ones apart', async () => {
    const path = fileOf([
      line('T1 B C0001 100 1360.10'),
      line('T1 S C0002 100 1360.10'),
      line('T1 B C0001 100 1360.10'),
      line('T2 B C0001 5 1360.05 CN'),
    ]);
    const { rows, counts } = await load(path);
    expect(counts).toEqual({ rows: 4, trades: 2, cancelled: 1, repeated: 1 });
    expect(rows.map(({ tradeId, side, client, quantity, price, isCancelled }) => [tradeId, side, client, quantity, price, isCancelled])).toEqual([
      ['T1', 'B', 'C0001', 100, 13_601_000, false],
      ['T1', 'S', 'C0002', 100, 13_601_000, false],
      ['T2', 'B', 'C0001', 5, 13_600_500, true],
    ]);
  });

  it.each([['after'], ['before']])('a cancelled row %s its trade cancels it', async (place) => {
    const rows = [line('T1 B C0001 100 1360.10'), line('T1 B C0001 100 1360.10 CN')];
    const { counts, rows: booked } = await load(fileOf(place === 'after' ? rows : rows.reverse()));
    expect([counts.trades, counts.cancelled, booked.map(({ isCancelled }) => isCancelled)]).toEqual([0, 1, [true]]);
  });

  it.each<[string, (row: string) => string, string]>([
    ['of another date', (row) => row.replace('2026-11-20', '2026-11-19'), 'line 2, TradDt: "2026-11-19" is not the date of this file'],
    ['of another segment', (row) => row.replace(',CM,', ',FO,'), 'line 2, Sgmt'],
    ['of another exchange', (row) => row.replace(',NSE,', ',BSE,'), 'line 2, Src'],
  ])('refuses a file %s', async (_what, change, message) => {
    await expect(read(fileOf([change(line('T1 B C0001 100 1360.10'))]))).rejects.toThrow(message);
  });

  it('is read by its header, whatever the order, and gzipped too', async () => {
    const names = HEADER.split(',');
    const turned = [...names].reverse();
    const cells = line('T1 B C0001 100 1360.10').split(',');
    const path = fileOf([turned.map((name) => cells[names.indexOf(name)]).join(',')], turned.join(','));
    const zipped = `${path}.gz`;
    writeFileSync(zipped, gzipSync(`${HEADER}\n${line('T1 B C0001 100 1360.10')}\n`));
    expect(await read(path)).toEqual(await read(zipped));
  });

  it.each<[string, string, string]>([
    ['a quantity that is none', 'T1 B C0001 1e2 1360.10', 'line 2, TradQty: "1e2" is not a whole number'],
    ['no quantity', 'T1 B C0001 0 1360.10', 'line 2, TradQty'],
    ['a price with five decimals', 'T1 B C0001 1 1360.10001', 'line 2, Pric'],
    ['a side that is none', 'T1 X C0001 1 1360.10', 'line 2, BuySellInd: "X" is neither B nor S'],
    ['no client', 'T1 B  1 1360.10', 'line 2, ClntId: "" is empty'],
    ['a token beyond its range', 'T1 B C0001 1 1360.10 ET 99999999999', 'line 2, FinInstrmId'],
  ])('refuses %s, with line and column', async (_what, words, message) => {
    await expect(read(fileOf([line(words)]))).rejects.toThrow(message);
  });

  it('refuses one trade with two figures, a missing column, a cut row, an empty file', async () => {
    await expect(read(fileOf([line('T1 B C0001 100 1360.10'), line('T1 B C0001 200 1360.10')]))).rejects.toThrow(
      'line 3, UnqTradIdr: "T1" of C0001 comes a second time',
    );
    await expect(read(fileOf([], HEADER.replace('UnqTradIdr,', '')))).rejects.toThrow('has no column UnqTradIdr');
    await expect(read(fileOf([line('T1 B C0001 100 1360.10').slice(0, 60)]))).rejects.toThrow('line 2: has');
    await expect(read(fileOf([], ''))).rejects.toThrow('is no header');
  });

  it.each<[string, number | undefined]>([
    ['1360.10', 13_601_000],
    ['0.0001', 1],
    ['83.455000', 834_550],
    ['12', 120_000],
    ['1.00001', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('reads the price %s', (text, ticks) => {
    expect(parsePriceTicks(text)).toBe(ticks);
  });
});

/** `id side client quantity price [cancelled] [token]`; price in ticks. */
function sides(...words: string[]): OwnTrade[] {
  return words.map((each) => {
    const [tradeId = '', side = '', client = '', quantity = '', price = '', state = '', token = '1'] = each.split(' ');
    return {
      exchange: 'NSE',
      tradeId,
      side: side as 'B' | 'S',
      client,
      token: Number(token),
      quantity: Number(quantity),
      price: Number(price),
      isCancelled: state === 'cancelled',
      product: 'MIS',
    };
  });
}

function bookOf(trades: readonly OwnTrade[]): TradeBook {
  const book = new TradeBook();
  for (const { tradeId, side, client, token, quantity, price, isCancelled } of trades) {
    const at = book.stage();
    book.bytes.write(tradeId, at + TradeCell.tradeId);
    book.bytes.write(client, at + TradeCell.client);
    book.bytes[at + TradeCell.side] = side === 'B' ? 1 : 2;
    book.bytes.writeUInt32LE(token, at + TradeCell.token);
    const row = book.addStaged();
    book.setFigures(row, quantity, price);
    if (isCancelled) book.raise(row, TradeFlag.CANCELLED);
  }
  return book;
}

function reconcile(ours: readonly OwnTrade[], theirs: readonly OwnTrade[]): TradeReconciliation {
  const reconciler = new TradeReconciler(bookOf(theirs), 'engine');
  for (const trade of ours) reconciler.addOurs(trade);
  return reconciler.result();
}

/** The same with our list packed; its products are not looked at. */
function reconcilePacked(ours: readonly OwnTrade[], theirs: readonly OwnTrade[]): TradeReconciliation {
  const reconciler = new TradeReconciler(bookOf(theirs), 'engine');
  reconciler.addBook(bookOf(ours));
  return reconciler.result();
}

describe('our trades against the exchange’s', () => {
  it.each<[string, string[], string[], string[]]>([
    ['the same', ['T1 B A 10 100'], ['T1 B A 10 100'], []],
    ['one of ours lost', [], ['T1 B A 10 100'], ['missingOurs oms-desk T1']],
    ['one too many', ['T1 B A 10 100'], [], ['missingExchange exchange-operations T1']],
    ['another quantity', ['T1 B A 10 100'], ['T1 B A 11 100'], ['quantity oms-desk T1']],
    ['another price', ['T1 B A 10 100'], ['T1 B A 10 101'], ['price oms-desk T1']],
    ['another instrument', ['T1 B A 10 100'], ['T1 B A 10 100 live 2'], ['instrument back-office T1']],
    ['the wrong client', ['T1 B A 10 100'], ['T1 B B 10 100'], ['client dealing-desk T1']],
    ['both legs of a cross', ['T1 B A 10 100', 'T1 S B 10 100'], ['T1 B A 10 100', 'T1 S B 10 100'], []],
    ['cancelled there only', ['T1 B A 10 100'], ['T1 B A 10 100 cancelled'], ['cancelledThere oms-desk T1']],
    ['cancelled here only', ['T1 B A 10 100 cancelled'], ['T1 B A 10 100'], ['cancelledHere exchange-operations T1']],
    ['cancelled on both sides', ['T1 B A 10 100 cancelled'], ['T1 B A 10 100 cancelled'], []],
    ['cancelled there, never seen here', [], ['T1 B A 10 100 cancelled'], []],
  ])('%s', (_what, ours, theirs, expected) => {
    const { breaks } = reconcile(sides(...ours), sides(...theirs));
    expect(breaks.map(({ class: kind, owner, tradeId }) => `${kind} ${owner} ${tradeId}`)).toEqual(expected);
  });

  it('sums both sides exactly, cancelled trades left out', () => {
    const { ours, theirs } = reconcile(sides('T1 B A 999999999999 999999999', 'T2 B A 5 7 cancelled'), sides('T1 B A 999999999999 999999999'));
    expect(ours).toEqual({ trades: 1, quantity: 999_999_999_999n, value: 999_999_999_999n * 999_999_999n });
    expect(theirs).toEqual(ours);
  });

  it('a trade twice in our own list is a break of its own', () => {
    const { breaks } = reconcile(sides('T1 B A 10 100', 'T1 B A 10 100'), sides('T1 B A 10 100'));
    expect(breaks.map((each) => each.class)).toEqual(['twiceHere']);
  });

  it('knows the product of what we know, and survives being written down', () => {
    const book = bookOf(sides('T1 B A 10 100', 'T2 S B 3 7 live 9'));
    new TradeReconciler(book, 'engine').addOurs(sides('T1 B A 10 100')[0] as OwnTrade);
    const again = TradeBook.fromBytes(book.toBytes());
    expect([again.trade(0), again.trade(1)]).toEqual([book.trade(0), book.trade(1)]);
    expect([again.trade(0).product, again.trade(1).product]).toEqual(['MIS', undefined]);
    expect(() => TradeBook.fromBytes(book.toBytes().subarray(0, 100))).toThrow('no book of trades');
  });

  it('every trade is matched or in exactly one break, in whatever order the rows come', () => {
    const trade = fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      side: fc.constantFrom('B', 'S'),
      client: fc.constantFrom('A', 'B'),
      quantity: fc.integer({ min: 1, max: 3 }),
      off: fc.boolean(),
    });
    const book = fc.uniqueArray(trade, { selector: ({ id, side, client }) => `${id}${side}${client}`, maxLength: 20 });
    const asSides = (all: readonly { id: number; side: string; client: string; quantity: number; off: boolean }[]): OwnTrade[] =>
      sides(...all.map(({ id, side, client, quantity, off }) => `T${id} ${side} ${client} ${quantity} 100 ${off ? 'cancelled' : 'live'}`));
    fc.assert(
      fc.property(book, book, (a, b) => {
        const { breaks, matched, ours, theirs } = reconcile(asSides(a), asSides(b));
        const turned = reconcile(asSides([...a].reverse()), asSides([...b].reverse()));
        const named = (found: TradeReconciliation): string[] =>
          found.breaks
            .map(({ class: kind, ours: o, theirs: t }) => `${kind} ${o?.tradeId}${o?.side}${o?.client} ${t?.tradeId}${t?.side}${t?.client}`)
            .sort();
        expect(turned.matched).toBe(matched);
        expect(named(turned)).toEqual(named({ breaks, matched, ours, theirs }));
        const oursIn = breaks.filter((each) => each.ours !== undefined).length;
        const cancelledUnseen = a.filter((x) => x.off).length;
        expect(matched + oursIn).toBeLessThanOrEqual(a.length);
        expect(matched + oursIn).toBeGreaterThanOrEqual(a.length - cancelledUnseen);
        if (breaks.length === 0) expect(ours).toEqual(theirs);
        const packed = reconcilePacked(asSides(a), asSides(b));
        expect([packed.matched, packed.ours, packed.theirs, named(packed)], 'packed').toEqual([
          matched,
          ours,
          theirs,
          named({ breaks, matched, ours, theirs }),
        ]);
      }),
    );
  });
});
