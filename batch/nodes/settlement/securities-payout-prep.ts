// SET-PAYOUT-PREP, securities: which demat account each unit of a pay-out is expected in. Direct pay-out goes to the client's primary account; a
// client without one is named tonight, because what it gets will come into the broker's pool account.

import { UnitPrices } from '../../securities/unit-prices.ts';
import { type DayParts, settlesUnits } from '../end-of-day/day-parts.ts';
import { unitDues } from './securities-dues.ts';
import { depositoryLists, listOnce } from './securities-files.ts';
import { ofSession } from './session-names.ts';
import type { SettlementLeg } from './settlement-leg.ts';
import { pricesIfThere } from './shortage-prices.ts';

const COLUMNS = ['settlement', 'client', 'bo', 'depository', 'isin', 'token', 'units'];

/** The leg. Outputs: the list's file, rows and units expected, the member's own pool accounts. */
export function securitiesPayOutPrep(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (!settlesUnits(context)) return {};
      const { dues } = await unitDues(context);
      const receiving = dues.filter(({ receive }) => receive > 0);
      if (dues.length === 0) return { outputs: { file: '', sha256: '', rows: 0, units: 0, pools: {} } };
      const { demats, pools } = await depositoryLists(parts, context);
      const rows = receiving.map(({ settlement, client, isin, token, receive }) => {
        const demat = demats.get(client);
        return { settlement, client, isin, token: String(token), units: String(receive), bo: demat?.bo ?? '', depository: demat?.depository ?? '' };
      });
      const list = listOnce(parts, context, ofSession(context, 'pay-out-plan'), () => ({ columns: COLUMNS, rows }));
      const prices = await pricesIfThere(parts, context);
      const homeless = rows.filter(({ bo }) => bo === '').map(({ client }) => client);
      return {
        outputs: { file: list.path, sha256: list.sha256, rows: rows.length, units: receiving.reduce((sum, { receive }) => sum + receive, 0), pools },
        note: homeless.length === 0 ? '' : `no primary demat account: ${[...new Set(homeless)].slice(0, 5).join(', ')}`,
        commit: () => {
          const store = new UnitPrices(context.root);
          for (const [isin, { close, symbol }] of prices ?? []) store.keep(isin, { date: context.date, symbol, close });
        },
      };
    },
  };
}
