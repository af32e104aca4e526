// A thread's work: notes in, signed documents with their twins out, on disk. Each file is written under another name and renamed, so that a document
// is there whole or not at all. Passwords come with the task and stay in memory.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Broker } from './broker.ts';
import type { ContractNote } from './contract-note.ts';
import { noteCsv } from './note-csv.ts';
import { notePdf } from './note-pdf.ts';
import type { NoteSigner } from './note-signer.ts';
import { noteXml } from './note-xml.ts';
import { openPkcs12 } from './pkcs12-signer.ts';

/** One note to make. */
export interface NoteOrder {
  readonly note: ContractNote;
  readonly password: string;
  /** Path of its files without ending. */
  readonly stem: string;
}

/** A batch of them. */
export interface NoteTask {
  readonly broker: Broker;
  /** Signing time, milliseconds since 1970. */
  readonly at: number;
  readonly orders: readonly NoteOrder[];
}

let signer: NoteSigner | undefined;

/** Makes all of them; hash of each PDF in the order given. Rejects at the first that cannot be made; files made until then stay and are written again. */
export async function makeNotes({ broker, at, orders }: NoteTask): Promise<string[]> {
  signer ??= openPkcs12(broker.signature);
  const hashes: string[] = [];
  for (const { note, password, stem } of orders) {
    const pdf = await notePdf(note, broker, { signer, password, at: new Date(at) });
    mkdirSync(dirname(stem), { recursive: true });
    write(`${stem}.xml`, noteXml(note, broker));
    write(`${stem}.csv`, noteCsv(note));
    write(`${stem}.pdf`, pdf);
    hashes.push(createHash('sha256').update(pdf).digest('hex'));
  }
  return hashes;
}

function write(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.part`, content, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
