// Holdings: units of a security a client holds in demat, as the night gave them.
import type { Arena } from './arena.ts';
import { newShareTable, type ShareTable } from './share-table.ts';

/** A row, as newShareTable keys it. */
export const Holding = { client: 0, token: 4, segment: 8, free: 16, pledged: 24, t1: 32, BYTES: 40 } as const;

/** The holdings of a slot. */
export type HoldingTable = ShareTable;

/** A holdings table. */
export const newHoldingTable = (id: number, arena?: Arena): HoldingTable => newShareTable('holdings', id, Holding.BYTES, arena);
