// The corporate actions of a morning: read from the exchange's list, told to the engine before anything else of the day, and tied out. A split or a
// bonus changes the units of a share; contracts on it are adjusted by rows of their own (Sgmt FO), with the ratio or the payout of the exchange's
// adjustment circular and, where the contract goes on under another token, that token. Rights and dividends change no holding: they have rows for
// contracts only. Holdings are afterwards what the depository says; where it cut a fraction otherwise than we, its word stands and the tie-out shows
// it.
import { type ApplyCorporateActionBody, ExchangeSegment } from '../../../engine/index.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { shown } from '../../files/file-error.ts';
import { type PlannedCommand, planned } from '../engine/engine-inbox.ts';
import type { EngineState, HeldUnits } from '../engine/engine-state.ts';
import type { FileRole } from '../fetch-file.ts';
import { type ListRow, readList } from './list-check.ts';

const TICK_DECIMALS = 4;
const PURPOSES = ['SPLIT', 'BONUS', 'RIGHTS', 'DIVIDEND'] as const;

/** One instrument on its ex date: new units for old ones. */
export interface UnitRatio {
  /** Exchange segment: NSE or NFO. */
  readonly segment: number;
  readonly token: number;
  readonly newToken: number;
  readonly symbol: string;
  readonly purpose: (typeof PURPOSES)[number];
  readonly numerator: number;
  readonly denominator: number;
  /** Ticks a unit that leave a contract's price. */
  readonly payout: number;
}

/** Actions with ex date on `date`. Sgmt, NewFinInstrmId and Payout may be missing or empty. Rejects with FileError. */
export async function readCorporateActions(file: string, date: string): Promise<UnitRatio[]> {
  const found: UnitRatio[] = [];
  await readList(
    file,
    ['FinInstrmId', 'TckrSymb', 'ExDt', 'Purpose', 'NewUnits', 'OldUnits'],
    (row) => `${row.text('Sgmt')} ${row.needed('FinInstrmId')}`,
    (row) => {
      if (row.date('ExDt') !== date) row.fail('ExDt', `is ${row.text('ExDt')}, the day is ${date}`);
      found.push(actionOf(row));
    },
  );
  return found;
}

function actionOf(row: ListRow): UnitRatio {
  const purpose = row.oneOf('Purpose', PURPOSES);
  const isContract = row.text('Sgmt') === 'FO';
  if (!isContract && !['', 'CM'].includes(row.text('Sgmt'))) row.fail('Sgmt', `${shown(row.text('Sgmt'))} is none of CM, FO`);
  const [token, numerator, denominator] = [row.units('FinInstrmId', 1), row.units('NewUnits', 1), row.units('OldUnits', 1)];
  const payout =
    row.text('Payout') === '' ? 0 : (scaledNumber(row.text('Payout'), TICK_DECIMALS) ?? row.fail('Payout', 'is not an amount in rupees'));
  if (!isContract && purpose !== 'SPLIT' && purpose !== 'BONUS')
    row.fail('Purpose', `${purpose} changes no units held: only its contracts are adjusted (Sgmt FO)`);
  if (!isContract && payout !== 0) row.fail('Payout', 'is for contracts');
  const newToken = row.text('NewFinInstrmId') === '' ? token : row.units('NewFinInstrmId', 1);
  const segment = isContract ? ExchangeSegment.NFO : ExchangeSegment.NSE;
  return { segment, token, newToken, symbol: row.needed('TckrSymb'), purpose, numerator, denominator, payout };
}

/** Check of the list as it is fetched. */
export const corporateActionsCheck: FileRole['check'] = async (file, date) => ({ rows: (await readCorporateActions(file, date)).length });

/** What the engine is told of them. */
export function actionCommands(date: string, actions: readonly UnitRatio[]): PlannedCommand[] {
  return actions.map(({ segment, token, newToken, symbol, purpose, numerator, denominator, payout }) => {
    const renamed = newToken === token ? {} : { newToken };
    const paid = payout === 0 ? {} : { payout };
    const body: ApplyCorporateActionBody = {
      ...{ segment, token, ...renamed, newUnits: numerator, oldUnits: denominator, ...paid },
      reason: `${purpose} ${symbol} ${date}`,
    };
    return planned(date, `action/${segment}/${token}`, { kind: 'ApplyCorporateAction', slot: 'all', body });
  });
}

/** Actions that change units held, not contracts. */
export const sharesOf = (actions: readonly UnitRatio[]): UnitRatio[] => actions.filter(({ segment }) => segment === ExchangeSegment.NSE);

/** Whole new units for some old ones, without sign. */
export const become = (units: number, { numerator, denominator }: UnitRatio): number => Math.floor((units * numerator) / denominator);

/** Units of a share after the actions of the day, as the engine makes them. */
export function heldAfter(actions: readonly UnitRatio[], held: HeldUnits): HeldUnits {
  const action = actions.find(({ segment, token }) => segment === held.segment && token === held.token);
  if (action === undefined) return held;
  const { free, pledged, t1 } = held;
  return { ...held, token: action.newToken, free: become(free, action), pledged: become(pledged, action), t1: become(t1, action) };
}

/** Units of one contract, longs and shorts together. */
export interface ContractUnits {
  readonly segment: number;
  readonly token: number;
  readonly symbol: string;
  readonly units: number;
}

/** A client's position, wherever it is known from. */
interface CarriedPosition {
  readonly segment: number;
  readonly token: number;
  readonly net: number;
}

/** What every contract the actions leave must come to; worked out position by position, as each client's fraction is cut by itself. */
export function adjustedContracts(actions: readonly UnitRatio[], positions: readonly CarriedPosition[]): ContractUnits[] {
  const ofContracts = actions.filter(({ segment }) => segment === ExchangeSegment.NFO);
  const targets = [...new Set(ofContracts.map(({ newToken }) => newToken))];
  return targets.map((target) => {
    let units = 0;
    for (const { segment, token, net } of positions) {
      if (segment !== ExchangeSegment.NFO) continue;
      const action = ofContracts.find((each) => each.token === token);
      if (action?.newToken === target) units += become(Math.abs(net), action);
      else if (action === undefined && token === target) units += Math.abs(net);
    }
    return { segment: ExchangeSegment.NFO, token: target, symbol: ofContracts.find(({ newToken }) => newToken === target)?.symbol ?? '', units };
  });
}

/** Units the engine has in a contract, longs and shorts together. */
export const unitsInForce = ({ clients }: EngineState, { segment, token }: ContractUnits): number =>
  [...clients.values()]
    .flatMap(({ positions }) => positions)
    .filter((position) => position.segment === segment && position.token === token)
    .reduce((sum, { net }) => sum + Math.abs(net), 0);
