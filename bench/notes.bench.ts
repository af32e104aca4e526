// Contract notes: a signed, password-protected document with its XML and CSV, on one core, beside the usual way of making one (pdfkit, a placeholder
// appended, a PKCS#12 file parsed and the signature made in JavaScript for every document). Both write the same pages.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { P12Signer } from '@signpdf/signer-p12';
import { SignPdf } from '@signpdf/signpdf';
import type { Broker } from '../batch/notes/broker.ts';
import type { ContractNote, NoteTrade } from '../batch/notes/contract-note.ts';
import { notePages } from '../batch/notes/note-pdf.ts';
import { makeNotes } from '../batch/notes/note-task.ts';
import { practiceSigner } from '../test/batch/notes/practice-signer.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { configurationHash } from './machine.ts';
import { outFolder } from './out-folder.ts';

const AT = 1_795_000_000_000;
const PASSWORD = 'ABCPD1234F';
const TRADES = [8, 60];

const trade = (i: number): NoteTrade => ({
  segment: 'CM',
  exchange: 'NSE',
  settlement: 'M 2026224',
  order: `11000000012${String(i).padStart(5, '0')}`,
  orderTime: '09:15:01',
  tradeId: `2000${String(i).padStart(6, '0')}`,
  tradeTime: '09:15:02',
  security: 'RELIANCE EQ',
  isin: 'INE002A01018',
  side: i % 2 === 0 ? 'B' : 'S',
  quantity: 100 + i,
  price: 13_601_000,
  isFuture: false,
  closing: 0,
  levies: { brokerage: 200_000, stt: 1_360_100, exchange: 41_754, ipft: 1, sebi: 1_360, stamp: 204_015, gst: 43_760 },
  isDelivery: true,
  isSameDay: false,
});

function noteOf(trades: number): ContractNote {
  const levies = {
    segment: 'CM',
    brokerage: 16_000,
    stt: 108_800,
    exchange: 3_340,
    ipft: 0,
    sebi: 109,
    stamp: 8_200,
    cgst: 1_751,
    sgst: 1_750,
    igst: 0,
  } as const;
  return {
    number: 'CN/20112026/000001',
    version: 1,
    reason: '',
    group: 'EQ',
    date: '2026-11-20',
    client: { code: 'C0001', name: 'Asha Devi', pan: PASSWORD, address: '12 Hill Road, Pune', state: 'MH' },
    trades: Array.from({ length: trades }, (_none, i) => trade(i)),
    rows: [
      {
        segment: 'CM',
        security: 'RELIANCE EQ',
        isin: 'INE002A01018',
        side: 'B',
        quantity: 400,
        value: 5_440_400_000,
        average: 13_601_000,
        isFuture: false,
        closing: 0,
        brokerage: 800_000,
      },
    ],
    obligations: [{ segment: 'CM', clearing: 'NSE Clearing (NCL)', settlement: 'M 2026224', payIn: '2026-11-23', amount: -4_080_300 }],
    levies: [levies],
  };
}

function brokerOf(signer: { readonly file: string; readonly passphraseFile: string }): Broker {
  return {
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
    sac: '997152',
    prefix: { EQ: 'CN', COM: 'CNC' },
    footers: [],
    averageDecimals: 4,
    signature: { kind: 'pkcs12', ...signer, reason: 'Contract note', place: 'Mumbai' },
  };
}

/** Processor milliseconds a call, user and system, all threads of the process. */
async function cpuEach(seconds: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const before = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  let done = 0;
  for (; done === 0 || performance.now() < until; done++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / done;
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const seconds = size === 'smoke' ? 0.05 : 5;
  const folder = mkdtempSync(join(outFolder(), 'notes-'));
  const measures: Measure[] = [];
  let [ours, usual] = [0, 0];
  try {
    const files = practiceSigner(folder);
    const broker = brokerOf(files);
    const [p12, passphrase] = [readFileSync(files.file), readFileSync(files.passphraseFile, 'utf8').trimEnd()];
    for (const trades of TRADES) {
      const note = noteOf(trades);
      const task = { broker, at: AT, orders: [{ note, password: PASSWORD, stem: join(folder, 'note') }] };
      const own = await cpuEach(seconds, () => makeNotes(task));
      const peer = await cpuEach(seconds, async () => {
        const pages = await notePages(note, broker, { signer: undefined, password: PASSWORD, at: new Date(AT) });
        const held = plainAddPlaceholder({ pdfBuffer: pages, reason: 'Contract note', contactInfo: '', name: 'Asha', location: 'Mumbai' });
        writeFileSync(join(folder, 'peer.pdf'), await new SignPdf().sign(held, new P12Signer(p12, { passphrase })));
      });
      if (trades === TRADES[0]) [ours, usual] = [own, peer];
      say(`${trades} trades`);
      measures.push({
        label: `${trades} trades`,
        value: 1000 / own,
        unit: 'signed notes/s a core',
        note: `${own.toFixed(1)} ms of processor each; the usual way ${peer.toFixed(1)} ms`,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { seconds, trades: TRADES.join(','), keyBits: 2048 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets: [
      { claim: 'a note of 8 trades, processor ms', value: ours, bound: 20, sense: 'at most' },
      { claim: 'the usual way over ours', value: usual / ours, bound: 1, sense: 'at least' },
    ],
    excluded: ['reckoning the charges; a token or HSM, which adds its own time for each signature'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'notes', title: 'Signed contract notes beside the usual way of making one', run };
