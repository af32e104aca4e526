// Every bad input gets an answer that names the file, the line and the field, and nothing of it is used.
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { loadRiskParameters, readBhavcopy, readSpanFile } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const span = spanText();
const spanFault = (content: string | Uint8Array, name = 'bad.spn'): Promise<string> => faultOf(readSpanFile(write(name, content)));

describe('a SPAN file cut short', () => {
  test.each([
    [
      'in a tag',
      span.indexOf('<opt>') + 3,
      /^bad\.spn:\d+: spanFile\/pointInTime\/clearingOrg\/exchange\/oopPf\/series: file ends at byte \d+ inside <series>: it is cut short$/,
    ],
    ['in a value', span.indexOf('<k>1000.00') + 6, /series\/opt\/k: file ends at byte \d+ inside <k>/],
    ['between contracts', span.indexOf('</opt>') + 6, /inside <series>/],
    ['before the last closing tag', span.indexOf('</spanFile>'), /: spanFile: file ends at byte \d+ inside <spanFile>/],
    ['in the last closing tag', span.indexOf('</spanFile>') + 5, /inside <spanFile>/],
    ['after the prolog', span.indexOf('<spanFile>'), /before its first element is complete/],
    ['to nothing', 0, /before its first element is complete/],
  ])('%s', async (_where, length, message) => {
    expect(await spanFault(span.slice(0, length))).toMatch(message);
  });

  test('at any byte, packed or not: never a table', async () => {
    const end = span.lastIndexOf('</spanFile>') + '</spanFile>'.length;
    for (let length = 0; length < end; length += 97) expect(await spanFault(span.slice(0, length))).toMatch(/^bad\.spn/);
    const zipped = gzipSync(strToU8(span));
    for (let length = 2; length < zipped.length - 1; length += 211) {
      expect(await spanFault(zipped.slice(0, length), 'bad.spn.gz')).toMatch(/^bad\.spn\.gz/);
    }
  });
});

describe('a damaged SPAN file', () => {
  test.each([
    [
      'a letter in a number',
      span.replace('<p>35.10</p>', '<p>35.1O</p>'),
      'bad.spn:13: spanFile/pointInTime/clearingOrg/exchange/oopPf/series/opt/p: "35.1O" is not a number',
    ],
    ['an empty number', span.replace('<p>35.10</p>', '<p></p>'), /opt\/p: "" is not a number/],
    ['fifteen scenarios', span.replace('<a>-11.20</a>', ''), /:13: .*series\/opt\/ra: risk array has 15 values, expected 16/],
    ['a date of no calendar', span.replace('<pe>20261231</pe>', '<pe>20261331</pe>'), /futPf\/fut\/pe: "20261331" is not a date/],
    ['an option without strike', span.replace('<k>1000.00</k>', ''), /series\/opt: option has no <k>/],
    ['an option type of no kind', span.replace('<o>P</o>', '<o>X</o>'), /opt\/o: "X" is none of C, P/],
    ['crossed tags', span.replace('</series>', '</opt>'), /series: <\/opt> closes nothing that is open here/],
    [
      'two points in time',
      span.replace('</pointInTime>', '</pointInTime><pointInTime><date>20261121</date></pointInTime>'),
      /several points in time/,
    ],
    ['a commodity twice', span.replace('<ccDef>', '<ccDef><cc>ALPHA</cc></ccDef><ccDef>'), /commodity ALPHA appears twice/],
    ['another document', '<html><body>404</body></html>', `bad.spn:1: html: <html> is not a SPAN file's root element`],
    ['a list of another kind', 'SYMBOL,EXPIRY\nALPHA,20261126\n', 'bad.spn:1: is not XML: a SPAN file begins with <'],
    ['a text before the prolog', `junk${span}`, 'bad.spn:1: is not XML: a SPAN file begins with <'],
    ['a leg without commodity', span.replace('<pLeg><cc>ALPHA</cc>', '<pLeg>'), /dSpread\/pLeg: spread leg has no <cc>/],
  ])('%s', async (_what, content, message) => {
    const found = await spanFault(content);
    if (typeof message === 'string') expect(found).toBe(message);
    else expect(found).toMatch(message);
  });

  test('a product that no commodity claims is refused when the table is made', async () => {
    const unlinked = span.replace('<pfId>3</pfId><pfType>', '<pfId>9</pfId><pfType>');
    const orphan = write('orphan.spn', unlinked.replace('<pfId>3</pfId><pfCode>ALPHA', '<pfId>3</pfId><pfCode>OMEGA'));
    expect(await faultOf(loadRiskParameters({ span: orphan }))).toBe('orphan.spn: product OMEGA (OOP 3): belongs to no combined commodity');
    // Of the commodity's own name it belongs to it, linked or not.
    expect(await faultOf(loadRiskParameters({ span: write('unlinked.spn', unlinked) }))).toBe('nothing was refused');
  });

  test('zips: flipped byte, two files, none, cut', async () => {
    const stored = zipSync({ 'a.spn': [strToU8(span), { level: 0 }] });
    const flipped = stored.slice();
    const at = 200;
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect(await spanFault(flipped, 'flip.zip')).toMatch(/^flip\.zip.*(damaged: the CRC-32|is not|closes nothing)/);
    // A changed digit parses: only the check sum can tell.
    const digit = stored.slice();
    const place = Buffer.from(digit).indexOf('<p>35.10') + 4;
    digit[place] = 0x38;
    expect(await spanFault(digit, 'digit.zip')).toBe('digit.zip: a.spn: damaged: the CRC-32 of the unpacked bytes is not the one in the zip');
    expect(await spanFault(zipSync({ a: strToU8('x'), b: strToU8('y') }), 'two.zip')).toBe('two.zip: the zip holds 2 files, expected one');
    expect(await spanFault(zipSync({}), 'none.zip')).toMatch(/^none\.zip: /);
    expect(await spanFault(stored.slice(0, 400), 'cut.zip')).toMatch(/^cut\.zip: /);
  });

  test('a file that is not there', async () => {
    expect(await faultOf(readSpanFile('/nowhere/x.spn'))).toBe('x.spn: no such file');
  });
});

const HEADER =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
const ROW =
  '2026-11-19,2026-11-19,FO,TSE,STO,501,,ALPHA,,2026-11-26,2026-11-26,1000.00,CE,ALPHA26NOV1000CE,0.00,0.00,0.00,35.10,0.00,33.00,1000.00,35.10,0,0,0,0.00,0,F1,500,,,,,'.replace(
    'TSE',
    'NSE',
  );
const CONTRACTS =
  'FinInstrmId,UndrlygFinInstrmId,FinInstrmNm,TckrSymb,XpryDt,StrkPric,OptnTp,PrtdToTrad,MinLot,NewBrdLotQty,BidIntrvl,StockNm,BasePric,DelFlg\n' +
  '501,1,OPTSTK,ALPHA,2026-11-26,100000,CE,1,500,500,5,ALPHA26NOV1000CE,3300,N';
const bhavcopyFault = (...lines: string[]): Promise<string> => faultOf(readBhavcopy(write('fo.csv', `${lines.join('\n')}\n`), () => {}));

describe('a bad bhavcopy', () => {
  test.each([
    ['a missing column', [HEADER.replace(',StrkPric', ''), ROW], 'fo.csv:1: StrkPric: column is missing'],
    ['a short row', [HEADER, ROW, '2026-11-19,2026-11-19,FO,NSE,STO,502'], 'fo.csv:3: ISIN: row ends early: 6 fields, the header has 34'],
    ['a long row', [HEADER, `${ROW},7,8`], 'fo.csv:2: row has 36 fields, the header has 34'],
    ['a bad price', [HEADER, ROW.replace('33.00', '3E1')], 'fo.csv:2: PrvsClsgPric: "3E1" is not a number of at most 4 decimals'],
    ['a price below zero', [HEADER, ROW.replace('33.00', '-33.00')], 'fo.csv:2: PrvsClsgPric: -33.00 is below zero'],
    ['a bad token', [HEADER, ROW.replace(',501,', ',-1,')], 'fo.csv:2: FinInstrmId: "-1" is not a token'],
    ['a bad date', [HEADER, ROW.replaceAll('2026-11-26', '2026-11-31')], 'fo.csv:2: XpryDt: "2026-11-31" is not a date'],
    ['a bad option type', [HEADER, ROW.replace(',CE,', ',CA,')], 'fo.csv:2: OptnTp: "CA" is neither CE nor PE'],
    ['a column twice', [HEADER.replace('Rsvd4', 'Rsvd3'), ROW], 'fo.csv:1: Rsvd3: column appears twice'],
    ['an open quote', [HEADER, ROW.replace('ALPHA26NOV1000CE', '"ALPHA26')], 'fo.csv:2: a quoted field is not closed'],
    ['nothing', [''], 'fo.csv: the file is empty'],
  ])('%s', async (_what, lines, message) => {
    expect(await bhavcopyFault(...lines)).toBe(message);
  });

  test('what does not fit together', async () => {
    const file = write('fit.spn', span);
    const load = (...rows: string[]): Promise<string> =>
      faultOf(loadRiskParameters({ span: file, bhavcopyFo: write('fo.csv', [HEADER, ...rows].join('\n')) }));
    expect(await load(ROW)).toBe('nothing was refused');
    expect(await load(ROW, ROW.replace('1000.00,CE', '1000.00,PE'))).toBe('fo.csv:3: FinInstrmId: token 501 appears twice, first in line 2');
    const contracts = write('beside.csv', CONTRACTS);
    const twice = loadRiskParameters({
      span: file,
      contracts,
      bhavcopyFo: write('fo.csv', [HEADER, ROW, ROW.replace('35.10,0.00', '1.00,0.00')].join('\n')),
    });
    expect(await faultOf(twice)).toBe('fo.csv:3: FinInstrmId: token 501 appears twice, first in line 2');
    expect(await load(ROW.replace(',ALPHA,', ',GAMMA,'))).toBe('fo.csv:2: TckrSymb: GAMMA is no combined commodity of fit.spn');
    expect(await load(ROW.replace('FO,NSE', 'FO,XSE'))).toBe('fo.csv:2: Sgmt: segment FO of XSE is not one tarazu trades');
    expect(await load(ROW.replace(',CE,', ',,'))).toBe('fo.csv:2: OptnTp: is empty for an option (STO)');
    expect(await load(ROW.replace('1000.00,CE', ',CE'))).toBe('fo.csv:2: StrkPric: is empty for an option');
  });
});

describe('bad rate files', () => {
  const load = (elm: string): Promise<string> => faultOf(loadRiskParameters({ span: write('e.spn', span), elm: write('elm.csv', elm) }));
  test.each([
    ['Symbol,Instrument Type\nALPHA,OTH', 'elm.csv:1: Total applicable ELM%: column is missing'],
    ['Symbol,Instrument Type,Total applicable ELM%\nALPHA,ATM,3.5', 'elm.csv:2: Instrument Type: "ATM" is neither OTH nor OTM'],
    [
      'Symbol,Instrument Type,Total applicable ELM%\nALPHA,OTH,3.5x',
      'elm.csv:2: Total applicable ELM%: "3.5x" is not a number of at most 2 decimals',
    ],
    ['Symbol,Instrument Type,Total applicable ELM%\nALPHA,OTH,350', 'elm.csv:2: Total applicable ELM%: 350 % is not between 0 and 100'],
    [
      'Symbol,Expiry Date,Strike Price,Option Type,Total applicable ELM%,Multiplier\nALPHA,26-Nov-2026,1000,CE,3.5,2',
      'elm.csv:1: Multiplier: column is not known in an ELM file',
    ],
    ['Symbol,Expiry Date,Option Type,Total applicable ELM%\nALPHA,26-Nov-2026,CE,3.5', 'elm.csv:1: Strike Price: column is missing'],
  ])('%j', async (content, message) => {
    expect(await load(content)).toBe(message);
  });

  test('VaR', async () => {
    const fault = (content: string): Promise<string> => faultOf(loadRiskParameters({ span: write('v.spn', span), var: write('v.DAT', content) }));
    expect(await fault('10,20112026,1,1\n20,ALPHA,EQ,INE1,9,0,9,3.5,0')).toBe(
      'v.DAT:2: applicableMarginRate: record ends early: 9 fields, layout 1 has 10',
    );
    expect(await fault('20,ALPHA,EQ,INE1,9,0,9,3.5,0,12,5\n20,BETA,EQ,INE1,9,0,9,3.5,0,twelve')).toBe(
      'v.DAT:2: applicableMarginRate: "twelve" is not a rate in percent',
    );
    expect(await fault('hello')).toBe('v.DAT:1: recordType: "hello" is not a record type');
    expect(await fault('10,20112026')).toBe('v.DAT: no record 20: not a VaR file of layout 1');
  });
});
