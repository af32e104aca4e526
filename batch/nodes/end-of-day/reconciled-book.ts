// A chain's trades as they were reconciled: what every later node of the evening and of settlement goes by.
import { readFileSync } from 'node:fs';
import type { Chain } from '../../graph/node-row.ts';
import { TRADE_ROLE } from '../../ports/file-names.ts';
import { TradeBook } from '../../recon/trade-book.ts';
import type { NodeContext } from '../../runner/index.ts';
import { useKept } from './day-parts.ts';

/** Reads the book that EOD-RECON of the chain left; it becomes an input of the node that asks. Throws PermanentFault when it is not what was left. */
export const reconciledBook = (context: NodeContext, chain: Chain): TradeBook =>
  TradeBook.fromBytes(readFileSync(useKept(context, `${TRADE_ROLE[chain]}-reconciled`, context.outputsOf(`EOD-RECON@${chain}`))));
