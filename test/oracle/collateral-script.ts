// Collateral during a random day: pieces, pledges, moves between places, and lists of haircuts that change, shrink and come in parts.
import type { DayInProgress, DeskCommand } from './desk-script.ts';
import type { Random } from './random.ts';

/** Securities: kind, ISIN, and a price in ticks around which lists move. */
const SECURITIES = [
  ['EQUITY', 'INE009A01021', 25_000_000],
  ['EQUITY', 'INE002A01018', 1_003_300],
  ['FUND', 'INF209K01157', 500_100],
  ['OVERNIGHT_FUND', 'INF200KA1LE6', 10_000_000],
  ['GSEC', 'IN0020230085', 1_012_500],
] as const;
const AMOUNTS = ['FDR', 'BANK_GUARANTEE', 'BANK_GUARANTEE_UNFUNDED'] as const;

/** Any of them. */
export function collateralOperation(random: Random, account: string, day: DayInProgress): DeskCommand {
  switch (random.int(1, 7)) {
    case 1:
      return ['SetHaircuts', list(random, day)];
    case 2:
      return ['SetCollateral', given(random, account, day)];
    case 3:
      return ['AllocateCollateral', move(random, account)];
    case 4: {
      const mode = random.oneIn(4) ? 'RISK_REDUCTION' : 'NORMAL';
      return ['SetMemberMode', { corporation: random.pick(['NCL', 'ICCL', 'MCXCCL']), mode, reason: 'use' }];
    }
    default:
      return ['ChangePledge', pledge(random, account)];
  }
}

function list(random: Random, day: DayInProgress): object {
  const rows: object[] = [];
  for (const [kind, isin, price] of SECURITIES) {
    if (random.oneIn(5)) continue;
    const cap = random.oneIn(4) ? { cap: random.int(1, 40) } : {};
    const until = random.oneIn(6) ? { countsUntil: day.businessDate + random.int(-1, 2) } : {};
    const house = random.oneIn(3) ? { houseHaircut: random.int(0, 6_000) } : {};
    const side = kind === 'FUND' && random.oneIn(3) ? { class: 'CASH_EQUIVALENT' } : {};
    rows.push({ kind, isin, price: price + random.int(-40_000, 40_000), haircut: random.int(0, 5_000), ...cap, ...until, ...house, ...side });
  }
  if (random.oneIn(2)) rows.push({ kind: 'EQUITY', houseHaircut: random.int(0, 3_000), securityShare: random.int(1_000, 10_000) });
  if (random.oneIn(3))
    rows.push({ kind: random.pick([...AMOUNTS, 'FUND', 'EQUITY']), houseHaircut: random.int(0, 2_000), cap: random.int(1, 9_000_000) });
  const part = random.oneIn(4) ? { revalue: false } : {};
  return { date: day.businessDate, rows, ...part, ...(random.oneIn(3) ? { replace: true } : {}) };
}

function given(random: Random, account: string, day: DayInProgress): object {
  const pieces: object[] = [];
  for (const [kind, key] of SECURITIES)
    if (random.oneIn(2))
      pieces.push({ kind, key, quantity: random.int(1, 60), segment: random.int(0, 7), ...(random.oneIn(4) ? { credit: 'NEXT_DAY' } : {}) });
  for (const kind of AMOUNTS)
    if (random.oneIn(3))
      pieces.push({ kind, key: `${kind.slice(0, 3)}-1`, quantity: random.int(1, 4_000_000), maturity: day.businessDate + random.int(-1, 3) });
  if (random.oneIn(3)) pieces.push({ kind: 'CASH', segment: random.int(1, 7), quantity: random.int(1, 4_000_000) });
  const money = (): number => random.int(0, 6_000_000);
  return { account, cash: money(), cashEquivalent: money(), nonCash: money(), pieces };
}

function pledge(random: Random, account: string): object {
  const [kind, isin] = random.pick([...SECURITIES]);
  const credit = random.oneIn(2) ? { credit: random.pick(['NOW', 'NEXT_DAY']) } : {};
  const fact = random.oneIn(5) ? { fact: true } : {};
  return { account, kind, isin, quantity: random.int(-30, 40), segment: random.pick([0, 0, 0, 2]), ...credit, ...fact, reference: 'P' };
}

function move(random: Random, account: string): object {
  const [kind, key] = random.pick([...SECURITIES, ['CASH', undefined], ['FDR', 'FDR-1']] as const);
  const from = random.pick([0, 0, 0, 1, 2, 4, 7]);
  const quantity = random.int(1, kind === 'CASH' || kind === 'FDR' ? 2_000_000 : 30);
  return {
    account,
    kind,
    ...(key === undefined ? {} : { key }),
    from,
    to: random.int(0, 7),
    quantity,
    reference: 'M',
    ...(from === 0 ? {} : { fact: true }),
  };
}
