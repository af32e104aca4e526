// Stock derivatives that some clients of the first day hold to their expiry, and shares beside them: who gets delivery and cannot pay for it, who
// gives it, and one who has half of what it will owe, so that a rehearsal over a monthly expiry sees shares delivered, netted, bought in at an
// auction, and a debit the firm carries.
import { join } from 'node:path';
import { ExchangeSegment, Product } from '../../engine/index.ts';
import { type BhavcopyRow, type GeneratedClient, readBhavcopy } from '../../workers/reference/index.ts';
import { FILE_NAMES } from '../ports/file-names.ts';

/** One client's part: a contract of a stock in lots, and shares of it in lots. */
interface Part {
  readonly stock: number;
  /** call: the lowest strike listed; put: the highest. */
  readonly contract: 'future' | 'call' | 'put';
  readonly lots: number;
  readonly sharesInLots: number;
  /** Part of the contract's worth that the client has in money; as the day was made when left out. */
  readonly funded?: number;
}

const PARTS: readonly Part[] = [
  { stock: 0, contract: 'future', lots: 1, sharesInLots: 0, funded: 0.3 },
  { stock: 0, contract: 'future', lots: -1, sharesInLots: 1 },
  { stock: 0, contract: 'call', lots: -1, sharesInLots: 0.5 },
  { stock: 1, contract: 'put', lots: 1, sharesInLots: 1 },
  { stock: 1, contract: 'put', lots: -1, sharesInLots: 0 },
];

const TICKS_PER_PAISA = 100;

/**
 * Gives the parts to the first clients that trade derivatives and have no shares bought with funding, whose sale would pay for what is delivered, by
 * the price files of `before` (YYYY-MM-DD) in `day`. A market without stock options gives none.
 */
export async function withExpiringPositions(day: string, before: string, clients: readonly GeneratedClient[]): Promise<GeneratedClient[]> {
  const contracts = await rowsOf(day, 'bhavcopy-fo', before);
  const shares = await rowsOf(day, 'bhavcopy-cm', before);
  const stocks = [...new Set(contracts.filter(({ instrumentType }) => instrumentType === 'STO').map(({ symbol }) => symbol))];
  const able = clients.filter(
    ({ kind, status, segments, limits }) =>
      kind === 'CLIENT' && status === 'ACTIVE' && segments.includes(ExchangeSegment.NFO) && limits.maxFunded === undefined,
  );
  return clients.map((client) => {
    const part = PARTS[able.indexOf(client)];
    const symbol = stocks[part?.stock ?? 0];
    if (part === undefined || symbol === undefined) return client;
    const contract = contractOf(
      part,
      contracts.filter((row) => row.symbol === symbol),
    );
    const share = shares.find((row) => row.symbol === symbol && row.series === 'EQ');
    return contract === undefined || share === undefined ? client : holding(client, part, contract, share);
  });
}

async function rowsOf(day: string, role: 'bhavcopy-fo' | 'bhavcopy-cm', date: string): Promise<BhavcopyRow[]> {
  const rows: BhavcopyRow[] = [];
  await readBhavcopy(join(day, FILE_NAMES[role].name(date, date)), (row) => rows.push(row));
  return rows;
}

/** The contract of the nearest expiry. */
function contractOf({ contract }: Part, rows: readonly BhavcopyRow[]): BhavcopyRow | undefined {
  const option = { future: '', call: 'CE', put: 'PE' }[contract];
  const expiry = Math.min(...rows.map((row) => row.expiry));
  const listed = rows.filter((row) => row.expiry === expiry && row.optionType === option);
  const byStrike = [...listed].sort((a, b) => (a.strike ?? 0) - (b.strike ?? 0));
  return byStrike.at(contract === 'put' ? -1 : 0);
}

function holding(client: GeneratedClient, part: Part, contract: BhavcopyRow, share: BhavcopyRow): GeneratedClient {
  const lot = contract.lot ?? 1;
  const position = { segment: ExchangeSegment.NFO, token: contract.token, product: Product.NRML, quantity: part.lots * lot };
  const units = Math.floor(part.sharesInLots * lot);
  const others = client.holdings.filter(({ token }) => token !== share.token);
  const price = contract.settlementPrice ?? 0;
  const money = part.funded === undefined ? {} : { cash: Math.round((part.funded * lot * price) / TICKS_PER_PAISA), cashEquivalent: 0 };
  const held = units === 0 ? [] : [{ segment: ExchangeSegment.NSE, token: share.token, free: units, pledged: 0, t1: 0 }];
  return {
    ...client,
    ...money,
    positions: [{ ...position, price }],
    holdings: [...others, ...held].sort((a, b) => a.token - b.token),
  };
}
