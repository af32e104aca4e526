// Alerts of margin trading funding (MTF) over the days of one lot: nothing on the day, a word on the third, due on the fourth, over once it is
// pledged; and a loss.
import { expect, it } from 'vitest';
import { fundingViews, squareOffDue } from '../../../engine/index.ts';
import { FundedWatch } from '../../../gateway/alerts/funded-watch.ts';
import type { ShardQuery } from '../../../workers/index.ts';
import { EQ, marks } from '../../engine/builders.ts';
import { DAYS, fundingDesk, night, traded } from '../../engine/funding-desk.ts';
import { bookIn } from './books.ts';

it('tells of the last day, of a lapsed pledge and of a loss, and takes back what is over', async () => {
  const at = fundingDesk();
  const { book, close } = bookIn(() => 1_000);
  const query = (_slot: number, asked: ShardQuery): Promise<unknown> =>
    Promise.resolve(asked.type === 'squareOff' ? squareOffDue(at.state, asked) : fundingViews(at.state));
  const watch = new FundedWatch({ query }, book);
  const seen = async (): Promise<string[]> => {
    await watch.walkSlot(0);
    return [...book.activeAlerts()].map(({ kind, subject }) => `${kind} ${subject}`);
  };
  traded(at, 'buy', 100);
  const days = [await seen()];
  // The 24th is a holiday of the exchange.
  for (let day = 1; day <= 5; day++) {
    night(at, 1000);
    days.push(await seen());
  }
  expect(days).toEqual([[], [], [], [], ['pledgeLastDay A1'], ['pledgeLapsed A1']]);
  at.tell('PledgeFunded', { account: 'A1', ...EQ, boughtOn: DAYS[0], quantity: 100, reference: 'P' });
  expect(await seen()).toEqual([]);
  at.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 0, nonCash: 0 });
  at.send(marks([[EQ, 800]]));
  expect(await seen()).toEqual(['fundedLoss A1']);
  at.send(marks([[EQ, 990]]));
  expect(await seen()).toEqual([]);
  close();
});
