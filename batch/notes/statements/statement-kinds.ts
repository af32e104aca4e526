// The statements there are, by name: what the command line and the night's server hand out. Each is made of the books as they lie.
import { Ledger } from '../../ledger/ledger.ts';
import type { NightStore } from '../../runner/index.ts';
import { NoteStore } from '../note-store.ts';
import { deliverySheet } from './delivery-statement.ts';
import { holdingsSheet } from './holdings-statement.ts';
import { ledgerSheet, marginSheet, obligationSheet } from './ledger-statements.ts';
import type { StatementSheet, StatementSubject } from './statement-sheet.ts';
import { taxSheet } from './tax-statement.ts';

/** Makes a statement of the books of a store. */
export type StatementMaker = (store: NightStore, subject: StatementSubject) => StatementSheet;

/** Every kind. */
export const STATEMENT_KINDS: Readonly<Record<string, StatementMaker>> = {
  ledger: (store, subject) => ledgerSheet(new Ledger(store.root), subject),
  margin: (store, subject) => marginSheet(new Ledger(store.root), subject),
  obligation: (store, subject) => obligationSheet(new Ledger(store.root), subject),
  delivery: (store, subject) => deliverySheet(store.root, subject),
  holdings: (store, subject) => holdingsSheet(store.root, subject),
  tax: (store, subject) => taxSheet(new NoteStore(store.root).ofClient(subject.contact.code), subject),
};
