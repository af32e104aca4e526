// The small trading day with what notes need beside it: trade files with names and times, contacts, a broker and a signer; and the two tools that
// read a PDF as a client's and an auditor's program would.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chain, SEGMENT_OF, type Segment } from '../../../batch/graph/node-row.ts';
import { nightBodies } from '../../../batch/nodes/index.ts';
import type { NoteGroup } from '../../../batch/notes/contract-note.ts';
import { NoteStore, type StoredNote } from '../../../batch/notes/note-store.ts';
import { TRADE_ROLE } from '../../../batch/ports/file-names.ts';
import type { NodeBody } from '../../../batch/runner/index.ts';
import { TRADE_HEADER } from '../../../batch/sandbox/files/udiff-columns.ts';
import { DATE, priceFile, TradingDay, table, tradeCells } from '../end-of-day/trading-day.ts';
import { practiceSigner } from './practice-signer.ts';

/** Is poppler here? Absent on a user's machine the tests are skipped; in CI they fail. */
export const hasPoppler: boolean = spawnSync('pdfsig', ['-v']).error === undefined && spawnSync('pdftotext', ['-v']).error === undefined;
export const mustRun: boolean = process.env['CI'] === 'true';

const ISIN: Readonly<Record<string, string>> = { RELIANCE: 'INE002A01018', SBIN: 'INE062A01020' };
const CONTACTS = [
  'client,name,pan,address,state,email,mobile,delivery,password',
  'C0001,Asha Devi,ABCPD1234F,"12 Hill Road, Pune",MH,asha@client.example,9812345678,email,',
  'C0002,Binod Rai,BCDPR2345G,4 Lake View Kolkata,WB,binod@client.example,9812345679,email,river stone 9',
  'C0003,Chitra Iyer,CDEPI3456H,9 Temple Street Madurai,TN,,,paper,',
  'OWN,Practice Broking,AAACP1234E,1 Market Street,MH,,,none,',
];
/** Trades of the day: cash of three clients and the house, options and a future, gold apart. */
export const NOTE_TRADES: Readonly<Record<Segment, readonly string[]>> = {
  CM: [
    'T1 B C0001 RELIANCE 100 1360.10 ET O1',
    'T1 S C0002 RELIANCE 100 1360.10',
    'T2 B C0001 RELIANCE 57 1361.35 ET O1',
    'T3 S C0003 SBIN 20 812.40',
    'T4 B C0002 SBIN 7 812.50 CN',
    'T5 S C0001 SBIN 33 812.05',
    'T6 B OWN SBIN 5 812.05',
  ],
  FO: ['F1 B C0001 NIFTYCE 75 120.55', 'F2 S C0002 NIFTYFUT 75 25610.00'],
  CD: [],
  COM: ['M1 B C0001 GOLD 100 12105.00'],
};

/** One signer for a test file: making keys takes a second. */
let signer: ReturnType<typeof practiceSigner> | undefined;

/** See the file's head. */
export class NoteDay extends TradingDay {
  /** `house`: further fields of house.json. */
  constructor(trades: Partial<Record<Segment, readonly string[]>> = {}, house: object = {}) {
    super({ ...NOTE_TRADES, ...trades }, house);
    for (const segment of ['CM', 'FO', 'CD', 'COM'] as const) this.named(segment, trades[segment] ?? NOTE_TRADES[segment]);
    this.put('bhavcopy-fo', priceFile('FO', ['NIFTYFUT IDF 2026-11-24 - 25580 25640 25650', 'NIFTYCE IDO 2026-11-24 25600 118 25640 130.25']));
    this.put('bhavcopy-com', priceFile('COM', ['GOLD COF 2026-11-24 - 12090 12140 12150']));
    writeFileSync(join(this.data, 'contacts.csv'), `${CONTACTS.join('\n')}\n`);
    this.broker({});
  }

  protected override bodies(): ReadonlyMap<string, NodeBody> {
    return nightBodies({ dataDirectory: this.data });
  }

  /** Trade file with names, ISINs and times. */
  named(segment: Chain, trades: readonly string[]): void {
    const rows = trades.map((words, i) => {
      const cells = tradeCells(segment, words);
      const [symbol = '', option = ''] = [cells['TckrSymb'], cells['OptnTp']];
      const contract =
        SEGMENT_OF[segment] === 'CM'
          ? { SctySrs: segment === 'BSE' ? 'A' : 'EQ' }
          : { XpryDt: '2026-11-24', ...(option === '' ? {} : { StrkPric: '25600' }) };
      const times = { OrdrDtTm: `${DATE} 09:15:${String(i).padStart(2, '0')}`, TradDtTm: `${DATE} 09:16:${String(i).padStart(2, '0')}` };
      return { ...cells, ISIN: ISIN[symbol] ?? '', ...contract, ...times };
    });
    this.put(TRADE_ROLE[segment], table(TRADE_HEADER.join(','), rows));
    this.own(
      segment,
      trades.filter((words) => !/ CN( |$)/.test(words)),
    );
  }

  broker(more: Readonly<Record<string, unknown>>): void {
    signer ??= practiceSigner(mkdtempSync(join(tmpdir(), 'signer-')));
    const broker = {
      name: 'Practice Broking Private Limited',
      address: '1 Market Street, Fort, Mumbai 400001',
      state: 'MH',
      sebiRegistration: 'INZ000000001',
      cin: 'U65999MH2020PTC000001',
      gstin: '27AAACP1234E1Z5',
      pan: 'AAACP1234E',
      phone: '022 4000 0000',
      email: 'help@practice.example',
      website: 'practice.example',
      complianceOfficer: 'B. Rao',
      prefix: { EQ: 'CN', COM: 'CNC' },
      footers: ['Subject to the jurisdiction of the courts of Mumbai.'],
      signature: { kind: 'pkcs12', ...signer, place: 'Mumbai' },
      ...more,
    };
    writeFileSync(join(this.data, 'broker.json'), JSON.stringify(broker));
  }

  /** Runs again for input roles that came anew. */
  async correct(roles: readonly string[]): Promise<void> {
    const { operator } = await this.night();
    operator.correct(DATE, 'eod', roles, { by: 'asha', reason: 'the exchange issued it again' });
    await this.settle();
  }

  /** What is stored of a client's note. */
  async stored(client: string, group: NoteGroup = 'EQ'): Promise<StoredNote> {
    const found = new NoteStore((await this.night()).store.root).get(DATE, group, client);
    if (found === undefined) throw new Error(`${client} has no ${group} note`);
    return found;
  }

  /** Path of the newest version of a client's note, with an ending. */
  async path(client: string, ending: 'pdf' | 'xml' | 'csv', group: NoteGroup = 'EQ'): Promise<string> {
    return `${(await this.stored(client, group)).versions.at(-1)?.stem ?? ''}.${ending}`;
  }

  async read(client: string, ending: 'xml' | 'csv', group: NoteGroup = 'EQ'): Promise<string> {
    return readFileSync(await this.path(client, ending, group), 'utf8');
  }
}

/** Text of a PDF as printed, one line a line. Throws when the password is wrong. */
export const pdfText = (path: string, password: string): string =>
  execFileSync('pdftotext', ['-layout', '-upw', password, path, '-'], { encoding: 'utf8', stdio: 'pipe' });

/** What pdfsig says of a document. */
export const signatureOf = (path: string, password: string): string =>
  spawnSync('pdfsig', ['-nocert', '-upw', password, path], { encoding: 'utf8' }).stdout;
