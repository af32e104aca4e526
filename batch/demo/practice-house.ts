// A house to practise with: a made-up broker, a signing certificate made here and trusted nowhere, made-up clients with addresses that end in
// .example, a brokerage plan. Written into a data directory only where a file is absent; nothing of it is anybody's.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import type { GeneratedClient } from '../../workers/reference/index.ts';
import { clientLoanAccount } from '../ledger/account-chart.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { BROKER_FILE } from '../notes/broker.ts';
import { CONTACTS_FILE } from '../notes/contact-list.ts';
import { PRACTICE_ACCOUNT, PRACTICE_OWN } from '../sandbox/sandbox.ts';
import { withExpiringPositions } from './opening-portfolio.ts';

/** The firm's own at the bank, Rs 10 crore in paise: it carries clients in debit. */
export const OWN_MONEY = 10e9;
/** house.json of the practice house. */
const HOUSE = {
  plan: { default: { percent: 0.03, flat: 20 } },
  pan: 'AAACP1234E',
  memberships: ['BSE', 'BFO'],
  trades: ['CD', 'COM'],
  sameDaySettlement: true,
  deliveryBrokerage: [{ from: '2026-01-01', percent: '0.25' }],
  delayedPayment: [{ from: '2026-01-01', percentPerYear: '18', gst: true }],
  mtf: { interest: [{ from: '2026-01-01', percentPerYear: '14', gst: false }] },
};
const OWNER_ONLY = 0o600;
const KEY_BITS = 2048;
const VALID_YEARS = 2;
const FIRST_NAMES = ['Asha', 'Binod', 'Chitra', 'Dev', 'Esha', 'Farhan', 'Gita', 'Hari', 'Indu', 'Jatin', 'Kavya', 'Lalit'];
const LAST_NAMES = ['Rao', 'Iyer', 'Das', 'Shah', 'Nair', 'Gill', 'Bose', 'Patil', 'Khan', 'Menon', 'Joshi'];
const PLACES = [
  ['4 Hill Road, Pune', 'MH'],
  ['12 Lake View, Kolkata', 'WB'],
  ['9 Temple Street, Madurai', 'TN'],
  ['31 Ring Road, Surat', 'GJ'],
] as const;

/** Writes what the night needs to know of the house beside the sandbox's files. `year`: first year of the certificate. */
export function writePracticeHouse(dataDirectory: string, clients: readonly GeneratedClient[], year: number): void {
  mkdirSync(join(dataDirectory, 'secrets'), { recursive: true, mode: 0o700 });
  const signature = practiceSigner(dataDirectory, year);
  const broker = {
    name: 'Practice Broking Limited',
    address: '1 Market Street, Mumbai 400001',
    state: 'MH',
    sebiRegistration: 'INZ000000000',
    cin: 'U00000MH2026PLC000000',
    gstin: '27AAACP1234E1Z5',
    pan: HOUSE.pan,
    phone: '+91 22 0000 0000',
    email: 'help@practice.example',
    website: 'practice.example',
    complianceOfficer: 'Asha Signatory, compliance@practice.example',
    prefix: { EQ: 'CN', COM: 'CX' },
    footers: ['Made by a practice house: no trade on this note took place.'],
    signature: { kind: 'pkcs12', ...signature, reason: 'Contract note', place: 'Mumbai' },
  };
  write(dataDirectory, BROKER_FILE, `${JSON.stringify(broker, null, 2)}\n`);
  write(dataDirectory, CONTACTS_FILE, contacts(clients));
  write(dataDirectory, 'house.json', `${JSON.stringify(HOUSE, null, 2)}\n`);
}

function write(directory: string, name: string, text: string): void {
  const path = join(directory, name);
  if (!existsSync(path)) writeFileSync(path, text, { mode: OWNER_ONLY });
}

/** Own and error accounts get no note; every tenth client wants paper. */
function contacts(clients: readonly GeneratedClient[]): string {
  const lines = clients.map(({ account, kind }, at) => {
    const [address, state] = PLACES[at % PLACES.length] ?? PLACES[0];
    const name = `${FIRST_NAMES[at % FIRST_NAMES.length]} ${LAST_NAMES[at % LAST_NAMES.length]}`;
    const pan = `PRACT${String(1000 + (at % 9000)).padStart(4, '0')}${String.fromCharCode(65 + (at % 26))}`;
    const delivery = kind !== 'CLIENT' ? 'none' : at % 10 === 9 ? 'paper' : 'email';
    const email = delivery === 'email' ? `${account.toLowerCase()}@client.example` : '';
    return [account, name, pan, `"${address}"`, state, email, '', delivery, ''].join(',');
  });
  return ['client,name,pan,address,state,email,mobile,delivery,password', ...lines, ''].join('\n');
}

/** A certificate signed by itself and its key as PKCS#12, both new; names of the two files. */
function practiceSigner(dataDirectory: string, year: number): { readonly file: string; readonly passphraseFile: string } {
  const [file, passphraseFile] = [
    join(dataDirectory, 'secrets', 'practice-signer.p12'),
    join(dataDirectory, 'secrets', 'practice-signer.passphrase'),
  ];
  if (existsSync(file) && existsSync(passphraseFile)) return { file, passphraseFile };
  const passphrase = randomBytes(18).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = `0${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.UTC(year, 0, 1));
  certificate.validity.notAfter = new Date(Date.UTC(year + VALID_YEARS, 0, 1));
  const subject = [
    { name: 'commonName', value: 'Asha Signatory' },
    { name: 'organizationName', value: 'Practice Broking Limited' },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.sign(key, forge.md.sha256.create());
  const bytes = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, [certificate], passphrase, { algorithm: '3des' })).getBytes();
  writeFileSync(file, Buffer.from(bytes, 'latin1'), { mode: OWNER_ONLY });
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: OWNER_ONLY });
  return { file, passphraseFile };
}

/**
 * Rewrites the first day's clients: nothing on its way to them from a day nobody lived (`before`), some holding stock derivatives to their expiry,
 * collateral as figures (the night values pledged shares by units).
 */
export async function beginWhole(day: string, before: string): Promise<void> {
  const clients = (await withExpiringPositions(day, before, readGeneratedClients(day))).map(({ pieces = [], ...client }) => ({
    ...client,
    cashEquivalent: client.cashEquivalent + pieces.reduce((sum, { kind, quantity }) => sum + (kind === 'FDR' ? quantity : 0), 0),
    holdings: client.holdings.map((holding) => ({ ...holding, free: holding.free + holding.t1, t1: 0 })),
  }));
  writeFileSync(join(day, 'clients.jsonl'), `${clients.map((client) => JSON.stringify(client)).join('\n')}\n`);
}

/**
 * Books begin with what clients have with the house, all of it at the bank, with the firm's own money there, and with what it has lent on shares
 * bought with funding.
 */
export function openBooks(ledger: Ledger, clients: readonly GeneratedClient[], { date, at }: { readonly date: string; readonly at: number }): void {
  const own = { debit: PRACTICE_OWN, credit: 'CAPITAL', amount: OWN_MONEY };
  const transfers = clients
    .filter(({ cash }) => cash > 0)
    .map(({ account, cash }) => ({ debit: PRACTICE_ACCOUNT, credit: `CLIENT/${account}`, amount: cash }));
  const lent = clients.flatMap(({ account, fundedLots = [] }) => {
    const amount = fundedLots.reduce((sum, { funded }) => sum + funded, 0);
    return amount === 0 ? [] : [{ debit: clientLoanAccount(account), credit: 'CAPITAL', amount }];
  });
  const businessDate = Number(date.replaceAll('-', ''));
  const head = { key: 'OPENING', kind: 'OPENING', businessDate, at, narration: 'brought forward', approvals: ['asha', 'binod'] } as const;
  ledger.transact((books) => books.post({ ...head, transfers: [own, ...transfers, ...lent] }));
}

const DAY_MILLIS = 86_400_000;
const LOGGED_DAYS = 10;

/** What a morning's health checks look for: a security log of every day, holidays too, and a word from the replica. `at` in microseconds. */
export function signOfLife(dataDirectory: string, date: string, at: number): void {
  const practice = join(dataDirectory, 'practice');
  mkdirSync(join(practice, 'logs'), { recursive: true });
  for (let back = 0; back < LOGGED_DAYS; back++) {
    const day = new Date(Date.parse(`${date}T00:00:00Z`) - back * DAY_MILLIS).toISOString().slice(0, 10);
    writeFileSync(join(practice, 'logs', `security-${day}.log`), 'practice\n');
  }
  writeFileSync(join(practice, 'replica-heartbeat'), '');
  utimesSync(join(practice, 'replica-heartbeat'), at / 1e6, at / 1e6);
}

/** Clients of a generated day. */
export function readGeneratedClients(day: string): GeneratedClient[] {
  return readFileSync(join(day, 'clients.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GeneratedClient);
}
