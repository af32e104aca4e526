// Options of `tarazu-batch money`, and what an action of it is.
import type { parseArgs } from 'node:util';
import type { AskedScope } from '../nodes/settlement/funds-once.ts';
import type { FundsParts } from '../nodes/settlement/funds-ports.ts';

type MoneyOptionTypes = {
  readonly data: { readonly type: 'string'; readonly default: string };
  readonly id: { readonly type: 'string' };
  readonly client: { readonly type: 'string' };
  readonly account: { readonly type: 'string' };
  readonly amount: { readonly type: 'string' };
  readonly settlement: { readonly type: 'string' };
  readonly by: { readonly type: 'string' };
  readonly to: { readonly type: 'string' };
  readonly why: { readonly type: 'string' };
  readonly token: { readonly type: 'string' };
  readonly date: { readonly type: 'string' };
  readonly at: { readonly type: 'string' };
  readonly all: { readonly type: 'boolean'; readonly default: boolean };
  readonly json: { readonly type: 'boolean'; readonly default: boolean };
};

/** See the file's head. */
export const MONEY_OPTIONS: MoneyOptionTypes = {
  data: { type: 'string', default: 'data' },
  id: { type: 'string' },
  client: { type: 'string' },
  account: { type: 'string' },
  amount: { type: 'string' },
  settlement: { type: 'string' },
  by: { type: 'string' },
  to: { type: 'string' },
  why: { type: 'string' },
  token: { type: 'string' },
  date: { type: 'string' },
  at: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
};

/** Values as parsed. */
export type MoneyValues = ReturnType<typeof parseArgs<{ options: MoneyOptionTypes }>>['values'];

/** What an action works with; `words` are the positionals after its name. */
export interface MoneyAsked {
  readonly scope: AskedScope;
  readonly parts: FundsParts;
  readonly words: readonly string[];
  readonly values: MoneyValues;
}

/** One action: what it needs, and what it says. */
export interface MoneyAction {
  readonly needs: readonly (keyof MoneyOptionTypes)[];
  readonly run: (asked: MoneyAsked) => Promise<{ readonly said: string; readonly value: unknown; readonly failed?: boolean }>;
}
