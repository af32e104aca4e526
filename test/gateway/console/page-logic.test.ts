// What the page computes by itself, without a browser: deltas onto states (held against the gateway's own differences), margin steps that tie, words and
// figures as an Indian desk writes them.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { addChanges, changesBetween } from '../../../gateway/stream/difference.ts';
import { consoleModule } from './console-module.ts';

type State = Record<string, unknown>;
interface Step {
  readonly id: string;
  readonly amount: number;
  readonly from: number;
  readonly to: number;
}

let merge: (state: State, changes: object) => State;
let stepsOf: (client: object) => Step[];
let format: Record<
  'rupees' | 'wholeRupees' | 'shortRupees' | 'gain' | 'price' | 'count' | 'percent' | 'age' | 'businessDate' | 'spaced',
  (value: unknown) => string
>;
let words: {
  marginWords(client: object): { tone: string; words: string };
  verdictWords(verdict: object): { tone: string; words: string; more: string };
};

beforeAll(async () => {
  ({ merge } = await consoleModule<{ merge: typeof merge }>('merge.js'));
  ({ stepsOf } = await consoleModule<{ stepsOf: typeof stepsOf }>('charts/waterfall.js'));
  format = await consoleModule('format.js');
  words = await consoleModule('words.js');
});

/** A state with keyed lists, a list that travels whole, a record and single values. */
const states = fc.record({
  requirement_paise: fc.integer(),
  totals: fc.record({ clients: fc.nat(3), short: fc.nat(3) }),
  segments: fc.array(fc.constantFrom('NSE', 'NFO'), { maxLength: 2 }),
  positions: fc.uniqueArray(
    fc.record({ exchange: fc.constant('NFO'), symbol: fc.constantFrom('A', 'B', 'C', 'D'), product: fc.constant('NRML'), net: fc.nat(3) }),
    {
      selector: ({ symbol }) => symbol,
      maxLength: 4,
    },
  ),
  orders: fc.uniqueArray(fc.record({ id: fc.constantFrom('1-2', '1-3', '1-4'), state: fc.constantFrom('NEW', 'FILLED') }), {
    selector: ({ id }) => id,
    maxLength: 3,
  }),
  kill_switches: fc.uniqueArray(fc.record({ scope: fc.constantFrom('FIRM', 'ACCOUNT'), account: fc.constantFrom('', 'C1', 'C2') }), {
    selector: ({ scope, account }) => `${scope}/${account}`,
    maxLength: 3,
  }),
});

/** Lists with keys have no order of their own. */
function unordered(state: State): State {
  const sorted = (list: unknown): unknown => [...(list as object[])].map((element) => JSON.stringify(element)).sort();
  return { ...state, positions: sorted(state['positions']), orders: sorted(state['orders']), kill_switches: sorted(state['kill_switches']) };
}

describe('deltas', () => {
  it('lead from any state to any other', () => {
    fc.assert(
      fc.property(states, states, (before, after) => {
        const copy = structuredClone(before);
        expect(unordered(merge(before, changesBetween(before, after) ?? {}))).toEqual(unordered(after));
        expect(before).toEqual(copy);
      }),
    );
  });

  it('may be added up on the way', () => {
    fc.assert(
      fc.property(states, states, states, (first, second, third) => {
        const sum = addChanges(changesBetween(first, second) ?? {}, changesBetween(second, third) ?? {});
        expect(unordered(merge(first, sum))).toEqual(unordered(third));
      }),
    );
  });
});

describe('the margin waterfall', () => {
  const client = {
    cash_paise: 0,
    collateral_paise: 0,
    premium_paise: 0,
    span_paise: 0,
    exposure_paise: 0,
    mtm_paise: 0,
    available_paise: 0,
    requirement_paise: 0,
    excess_paise: 0,
  };

  it('ties: every step begins where the one before ended, and the last is what is free', () => {
    const amount = fc.integer({ min: -1e9, max: 1e12 });
    const parts = fc.record({
      cash_paise: amount,
      collateral_paise: amount,
      premium_paise: amount,
      mtm_paise: amount,
      adhoc: amount,
      span_paise: amount,
      exposure_paise: amount,
      cash_margin_paise: amount,
      options: amount,
      working_paise: amount,
      house_paise: amount,
    });
    fc.assert(
      fc.property(parts, fc.boolean(), (part, isDetailed) => {
        const available = part.cash_paise + part.collateral_paise + part.adhoc - part.premium_paise + Math.min(0, part.mtm_paise);
        const position = part.span_paise + part.exposure_paise + part.cash_margin_paise - part.options;
        const requirement = position + part.working_paise + part.house_paise;
        const detail = isDetailed
          ? { position_paise: position, cash_margin_paise: part.cash_margin_paise, working_paise: part.working_paise, house_paise: part.house_paise }
          : {};
        const { cash_paise, collateral_paise, premium_paise, mtm_paise, span_paise, exposure_paise } = part;
        const steps = stepsOf({
          cash_paise,
          collateral_paise,
          premium_paise,
          mtm_paise,
          span_paise,
          exposure_paise,
          available_paise: available,
          requirement_paise: requirement,
          excess_paise: available - requirement,
          ...detail,
        });
        const last = steps.at(-1);
        for (const [index, step] of steps.slice(0, -1).entries()) expect(step.from).toBe(steps[index - 1]?.to ?? 0);
        expect(steps.at(-2)?.to).toBe(available - requirement);
        expect(last).toMatchObject({ id: 'free', amount: available - requirement });
      }),
    );
  });

  it('leaves out steps of nothing, but never cash, SPAN and exposure', () => {
    expect(stepsOf(client).map(({ id }) => id)).toEqual(['cash', 'span', 'exposure', 'free']);
  });
});

describe('figures', () => {
  it.each([
    ['rupees', 1_234_567_89, '₹12,34,567.89'],
    ['rupees', -50, '−₹0.50'],
    ['rupees', null, '–'],
    ['wholeRupees', 10_00_00_000_49, '₹10,00,00,000'],
    ['wholeRupees', -40, '₹0'],
    ['shortRupees', 1_68_00_000_00, '₹1.68 Cr'],
    ['shortRupees', -9_40_000_00, '−₹9.40 L'],
    ['shortRupees', 12_340_00, '₹12,340'],
    ['gain', 500_00, '+₹500'],
    ['gain', 0, '₹0'],
    ['price', 1234.5, '1,234.50'],
    ['price', 0.0125, '0.0125'],
    ['price', 0, '–'],
    ['count', -1_25_000, '−1,25,000'],
    ['percent', 0.456, '46 %'],
    ['percent', 0.0512, '5.1 %'],
    ['age', 75, '75 s'],
    ['age', 3 * 3600 + 5 * 60, '3 h 05'],
    ['businessDate', 20261120, '20 Nov 2026'],
    ['spaced', 'insufficientMargin', 'insufficient margin'],
    ['spaced', 'PARTIALLY_FILLED', 'partially filled'],
  ] as const)('%s of %s is %s', (name, value, text) => {
    expect(format[name](value)).toBe(text);
  });
});

describe('words', () => {
  it('say what a client lacks, what is nearly used up, what is free', () => {
    const of = (requirement: number, available: number): unknown =>
      words.marginWords({
        requirement_paise: requirement,
        available_paise: available,
        excess_paise: available - requirement,
        needs_paise: Math.max(0, requirement - available),
      });
    expect(of(200_00, 100_00)).toMatchObject({ tone: 'loss', words: 'Needs ₹100.00 more' });
    expect(of(95_00, 100_00)).toMatchObject({ tone: 'warn', words: 'Only ₹5.00 free' });
    expect(of(10_00, 100_00)).toMatchObject({ tone: 'ok', words: '₹90.00 free' });
  });

  it('say a verdict with the figure that decided it', () => {
    const verdict = {
      code: 0,
      reject: null,
      requirement_before_paise: 100_00,
      requirement_after_paise: 150_00,
      available_paise: 500_00,
      shortfall_paise: 0,
      value: 0,
      limit: 0,
      level: '',
    };
    expect(words.verdictWords(verdict)).toMatchObject({ tone: 'ok', words: 'Would be accepted', more: 'Takes ₹50.00 of margin.' });
    expect(words.verdictWords({ ...verdict, requirement_after_paise: 40_00 }).more).toBe('Frees ₹60.00 of margin.');
    const short = { ...verdict, code: 26, shortfall_paise: 12_34_000, reject: { name: 'insufficientMargin', message: 'Margin is not sufficient' } };
    expect(words.verdictWords(short)).toMatchObject({ tone: 'loss', words: 'Needs ₹12,340.00 more' });
    const lot = {
      ...verdict,
      code: 13,
      requirement_before_paise: null,
      value: 770,
      limit: 775,
      level: 'instrument',
      reject: { name: 'lotSize', message: 'Quantity is not a multiple of the lot' },
    };
    expect(words.verdictWords(lot).more).toBe('Quantity is not a multiple of the lot. 770 against 775, set by the instrument.');
  });
});
