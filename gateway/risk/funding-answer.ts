// A client's margin trading funding (MTF) in the API's words. Snake case, amounts in paise, rates in percent.
import type { FundingView } from '../../engine/index.ts';
import { type InstrumentName, instrumentName } from './order-answer.ts';
import type { SymbolIndex } from './symbol-index.ts';

/** See the fields of the route. */
export interface FundingAnswer {
  readonly account: string;
  readonly as_of: number;
  readonly house_limit_paise: number;
  readonly sanctioned_paise: number;
  readonly lent_paise: number;
  readonly drawn_paise: number;
  readonly bought: readonly (InstrumentName & { readonly units: number; readonly cost_paise: number; readonly margin_percent: number })[];
  readonly lots: readonly (InstrumentName & {
    readonly bought_on: string;
    readonly units: number;
    readonly pledged: number;
    readonly cost_paise: number;
    readonly lent_paise: number;
    readonly value_paise: number;
  })[];
}

/** yyyymmdd as YYYY-MM-DD. */
export const dashedDate = (date: number): string => String(date).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

/** The engine's view as the API shows it. */
export function fundingAnswer(view: FundingView, symbols: SymbolIndex | undefined): FundingAnswer {
  return {
    account: view.account,
    as_of: view.sequence,
    house_limit_paise: view.houseLimit,
    sanctioned_paise: view.sanctioned,
    lent_paise: view.lent,
    drawn_paise: view.drawn,
    bought: view.bought.map(({ segment, token, units, cost, rate }) => ({
      ...instrumentName(symbols, segment, token),
      units,
      cost_paise: cost,
      margin_percent: rate / 100,
    })),
    lots: view.lots.map(({ segment, token, boughtOn, units, pledged, cost, funded, value }) => ({
      ...instrumentName(symbols, segment, token),
      bought_on: dashedDate(boughtOn),
      units,
      pledged,
      cost_paise: cost,
      lent_paise: funded,
      value_paise: value,
    })),
  };
}
