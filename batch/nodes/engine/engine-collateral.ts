// Collateral as the engine has it, client by client, read from its tables on disk. Rebuilt without a parameter table: margins are not asked here.
import { accountsOf, type CollateralPieceView, collateralView } from '../../../engine/index.ts';
import { eachSlot } from './engine-state.ts';

/** A client's pieces, and what was given as figures only; paise. */
export interface EngineCollateral {
  readonly pieces: readonly CollateralPieceView[];
  readonly given: number;
}

/** By account; empty when the engine has never run. */
export async function readCollateral(dataDirectory: string): Promise<Map<string, EngineCollateral>> {
  const found = new Map<string, EngineCollateral>();
  await eachSlot(dataDirectory, (state) => {
    state.rebuild(undefined);
    for (const account of accountsOf(state)) {
      const view = collateralView(state, account);
      if (view !== undefined) found.set(account, { pieces: view.pieces, given: view.cashEquivalentGiven + view.nonCashGiven });
    }
  });
  return found;
}
