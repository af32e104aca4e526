// What a world of units came to, for runs that have to come to the same.
import { ShortageStore } from '../../../batch/securities/shortage-store.ts';
import { UnpaidStore } from '../../../batch/securities/unpaid-units.ts';
import type { UnitWorld } from './units-world.ts';

/** What a world came to, as far as a run that was interrupted has to come to the same. */
export function endingOf(world: UnitWorld): Record<string, unknown> {
  const { units, ledger, store } = world;
  return {
    notDone: world.dates.map((date) => world.notDone(date)),
    units: [units.head.sequence, units.root256(), units.verify()],
    ledger: [ledger.trialBalance().root, ledger.verify().findings],
    shortages: ['M2026215', 'M2026216', '52026216'].flatMap((settlement) => new ShortageStore(store.root).of(settlement)),
    unpaid: new UnpaidStore(store.root).open(),
    holdings: world.ours(/^(FREE|PLEDGED|BLOCKED|CUSPA|POOL)/),
  };
}
