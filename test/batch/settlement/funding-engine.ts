// A risk engine beside a small house's securities: it holds what the script's clients hold and trades what they trade, `B C2 SBIN 100 MTF` with
// funding, the rest for delivery. Each step is taken by shards hosted for it, which is what makes it slow: as few of them as there can be.
import { appendAll, appendKeyed, type PlannedCommand, planned, takenState } from '../../../batch/nodes/engine/engine-inbox.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { executionBytes } from '../../../batch/nodes/engine/trade-execution.ts';
import { slotOf } from '../../../engine/index.ts';
import { actionsOn, clientsOf, shareOf } from './units-script.ts';
import type { UnitWorld } from './units-world.ts';

const POLICY = { cashRateFloor: 2_000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 5_000_000, fundingLimit: 5e8 };
const TICKS = 10_000;

/** See the file's head. */
export class FundingEngine {
  private readonly world: UnitWorld;
  private date = '';

  constructor(world: UnitWorld) {
    this.world = world;
  }

  /** Opens a date, with its corporate actions, and trades it; the day before is closed first. */
  async open(date: string): Promise<void> {
    const { script, directory } = this.world;
    const commands = this.date === '' ? [] : [this.closing()];
    const isFirst = this.date === '';
    this.date = date;
    commands.push(this.all('OpenDay', { businessDate: numberOf(date), ruleSet: 1, policy: POLICY }));
    if (isFirst) commands.push(...this.clients());
    for (const { token, numerator, denominator, symbol } of actionsOn(script, date))
      commands.push(this.all('ApplyCorporateAction', { segment: 1, token, newUnits: numerator, oldUnits: denominator, reason: symbol }));
    await appendAll(directory, commands);
    const trades = script.trades[date] ?? [];
    await appendKeyed(
      directory,
      trades.map((words, at) => ({ key: `${date} ${at}`, bytes: executed(date, `T${at}`, words) })),
    );
    await this.take();
  }

  /** Closes the date that is open. */
  async close(): Promise<void> {
    await appendAll(this.world.directory, [this.closing()]);
    await this.take();
  }

  /** Lots as `C2 SBIN 20261117 60, 60 pledged`, in order, once the engine has taken what the night told it. */
  async lots(): Promise<string[]> {
    await this.take();
    const names = new Map(['RELIANCE', 'SBIN', 'INFY'].map((name) => [shareOf(name).token, name]));
    const { clients } = await readEngine(this.world.directory);
    return [...clients.values()]
      .flatMap(({ account, lots = [] }) =>
        lots.map((lot) => `${account} ${names.get(lot.token)} ${lot.boughtOn} ${lot.units}, ${lot.pledged} pledged`),
      )
      .sort();
  }

  private clients(): PlannedCommand[] {
    return clientsOf(this.world.script).flatMap(({ account, holdings }) => [
      this.command('OpenAccount', account, { riskGroup: account, status: 'ACTIVE', kind: 'CLIENT', segments: [1] }),
      ...holdings.map((held) => this.command('SetHoldings', account, held)),
    ]);
  }

  private closing(): PlannedCommand {
    return this.all('CloseDay', { businessDate: numberOf(this.date) });
  }

  private command(kind: PlannedCommand['kind'], account: string, body: object): PlannedCommand {
    return planned(this.date, `${kind}/${account}`, { kind, slot: slotOf(account), body: { account, ...body } });
  }

  private all(kind: PlannedCommand['kind'], body: object): PlannedCommand {
    return planned(this.date, kind, { kind, slot: 'all', body });
  }

  private async take(): Promise<void> {
    const { refused } = await takenState(this.world.directory, () => true);
    if (refused > 0) throw new Error(`the engine refused ${refused} commands on ${this.date}`);
  }
}

const numberOf = (date: string): number => Number(date.replaceAll('-', ''));

function executed(date: string, tradeId: string, words: string): Uint8Array {
  const [side = 'B', account = '', name = '', units = '0', product = 'CNC'] = words.split(' ');
  const { token, close } = shareOf(name);
  const trade = {
    exchange: 'NSE',
    tradeId,
    client: account,
    token,
    side: side as 'B' | 'S',
    quantity: Number(units),
    price: close * TICKS,
    isCancelled: false,
  };
  const of = { slot: slotOf(account), account, segment: 1, tradeDate: numberOf(date), type: 'TRADE' } as const;
  return executionBytes({ ...of, product: product as 'CNC' | 'MTF', trade });
}
