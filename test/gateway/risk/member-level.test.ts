// The member's level at a clearing corporation: marks 80/90/85, the 50:50 rule over all clients, and the walk that puts every slot into the mode and out of it.
import { describe, expect, it } from 'vitest';
import { type MemberShare, SLOT_COUNT, segmentsOf } from '../../../engine/index.ts';
import type { CommandSender } from '../../../gateway/risk/command-sender.ts';
import { effectiveOf, memberLevel } from '../../../gateway/risk/member-level.ts';
import { MemberWatch } from '../../../gateway/risk/member-watch.ts';
import type { SlotQuestions } from '../../../gateway/risk/slot-questions.ts';

const MARKS = { alertAt: 8_000, enterAt: 9_000, leaveBelow: 8_500 };
const figures = (required: number, cashLike: number, nonCash = 0): { required: number; cashLike: number; nonCash: number } => ({
  required,
  cashLike,
  nonCash,
});

describe('the level', () => {
  it.each([
    ['nothing asked, nothing placed', figures(0, 0), 0, 0],
    ['something asked, nothing placed', figures(1, 0), 0, 2],
    ['79.9 %', figures(799, 1_000), 0, 0],
    ['80 %: the alert', figures(800, 1_000), 0, 1],
    ['76 %, coming down: it stays', figures(760, 1_000), 1, 1],
    ['74.9 %: it ends', figures(749, 1_000), 1, 0],
    ['90 %: the mode', figures(900, 1_000), 1, 2],
    ['86 %, coming down: it stays', figures(860, 1_000), 2, 2],
    ['84.9 %: the mode ends, the alert stays', figures(849, 1_000), 2, 1],
    ['600 of cash lets 600 of 900 in shares count: 1,200', figures(960, 600, 900), 0, 1],
  ])('%s', (_words, at, before, level) => {
    expect(memberLevel(at, before, MARKS)).toBe(level);
  });

  it('other collateral counts as far as cash stands beside it', () => {
    expect(effectiveOf(figures(0, 600, 900))).toBe(1_200);
    expect(effectiveOf(figures(0, 0, 900))).toBe(0);
  });
});

/** A firm of 256 slots of which slot 3 has the business: margin and cash at NCL. */
function firm(): { watch: MemberWatch; set(required: number, cash: number): void; said: string[]; alerts: string[] } {
  let own = { required: 0, cash: 0 };
  const reducing = new Uint8Array(SLOT_COUNT);
  const said: string[] = [];
  const alerts: string[] = [];
  const standing = new Set<string>();
  const share = (slot: number): MemberShare => ({
    slot,
    sequence: 1,
    reducing: reducing[slot] ?? 0,
    corporations: slot === 3 ? [{ corporation: 1, ...own, cashOthers: 0, nonCash: 0 }] : [],
  });
  const questions = {
    ask: (slot: number, query: { type: string }) =>
      Promise.resolve(query.type === 'memberShare' ? share(slot) : { clients: slot === 3 ? [shortClient(own)] : [], next: 0 }),
  } as unknown as SlotQuestions;
  const sender = {
    ask: (_kind: number, _slot: number, body: { corporation: string; mode: string }) => {
      said.push(`${body.corporation} ${body.mode}`);
      reducing.fill(body.mode === 'NORMAL' ? 0 : segmentsOf(1));
      return Promise.resolve({ refused: 0, rejectCode: 0 });
    },
  } as unknown as CommandSender;
  const watch = new MemberWatch(questions, sender, MARKS, () => 0);
  watch.start({
    raise: (kind: string, subject: string) => void (standing.add(`${kind} ${subject}`) && alerts.push(`+${kind} ${subject}`)),
    clear: (kind: string, subject: string) => void (standing.delete(`${kind} ${subject}`) && alerts.push(`-${kind} ${subject}`)),
    standing: (kind: string, subject: string) => (standing.has(`${kind} ${subject}`) ? {} : undefined),
  } as never);
  watch.stop();
  return {
    watch,
    said,
    alerts,
    set: (required, cash) => {
      own = { required, cash };
    },
  };
}

const shortClient = ({ required, cash }: { required: number; cash: number }): object => ({
  account: 'A1',
  corporation: 1,
  required,
  placed: cash,
  short: required - cash,
  unexplained: required - cash,
});

it('the walk tells every slot once, as soon as it has seen them all, and tells the way out', async () => {
  const { watch, set, said, alerts } = firm();
  const round = async (required: number, cash: number): Promise<void> => {
    set(required, cash);
    for (let step = 0; step < SLOT_COUNT / 16; step++) await watch.step();
  };
  await round(850, 1_000);
  await round(920, 1_000);
  expect(watch.answer().corporations).toMatchObject([{ corporation: 'NCL', required_paise: 920, effective_paise: 1_000, used: 0.92 }]);
  await round(860, 1_000);
  expect(watch.answer().corporations[0]?.mode).toBe('RISK_REDUCTION');
  await round(840, 1_000);
  await round(500, 1_000);
  expect(said).toEqual(['NCL RISK_REDUCTION', 'NCL NORMAL']);
  expect(alerts.filter((alert) => alert.includes('member'))).toEqual([
    '+memberUtilisation NCL',
    '+memberRiskReduction NCL',
    '-memberUtilisation NCL',
    '-memberRiskReduction NCL',
    '+memberUtilisation NCL',
    '-memberUtilisation NCL',
  ]);
  expect(watch.answer()).toMatchObject({ short_clients: 1, short: [{ account: 'A1', corporation: 'NCL' }] });
});
