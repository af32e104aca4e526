// Exceptions of money on the command line: the list, who looks after one, and closing by two persons, each known by a token (--token or TARAZU_TOKEN).
import { paise, paiseText } from '../../engine/index.ts';
import { nightDirectory } from '../night/night.ts';
import { People } from '../night/people.ts';
import { isOpen, MONEY_BREAKS, type MoneyBreak, MoneyBreaks } from '../nodes/settlement/funds-breaks.ts';
import { dayOption } from './day-option.ts';
import type { MoneyAction, MoneyAsked, MoneyValues } from './money-options.ts';

/** The person whose token it is. Throws when there is none, or it may not act. */
function personOf({ data, token = process.env['TARAZU_TOKEN'] }: MoneyValues): string {
  if (token === undefined)
    throw new Error('closing a break is two persons’ act: give --token or TARAZU_TOKEN (tarazu-batch person add NAME makes one)');
  const person = new People(nightDirectory(data)).personOf(token);
  if (person?.may !== 'act') throw new Error('this token is nobody’s who may act');
  return person.name;
}

const changed = (one: MoneyBreak): Awaited<ReturnType<MoneyAction['run']>> => ({
  said: `${one.id} is ${one.state}${one.assigned === '' ? '' : `, ${one.assigned}'s`}${one.reason === '' ? '' : `: ${one.reason}`}`,
  value: one,
});

const act =
  (work: (breaks: MoneyBreaks, id: string, values: MoneyValues) => MoneyBreak): MoneyAction['run'] =>
  async ({ scope, words, values }: MoneyAsked) => {
    const [id] = words;
    if (id === undefined) throw new Error('name the break');
    return changed(work(new MoneyBreaks(scope.store.root), id, values));
  };

function lineOf({ id, state, owner, assigned, kind, ours, theirs, text, proposedBy, reason }: MoneyBreak): string {
  const rupees = (amount: number): string => paiseText(paise(amount));
  const closing = state === 'proposed' ? `\n    ${proposedBy} proposes to close it: ${reason}` : '';
  const who = assigned === '' ? owner : assigned;
  return `${id}  ${state}, ${who}\n    ${MONEY_BREAKS[kind].meaning}: ours ${rupees(ours)}, theirs ${rupees(theirs)}\n    ${text}${closing}`;
}

/** Actions by name. */
export const BREAK_ACTIONS: Readonly<Record<string, MoneyAction>> = {
  breaks: {
    needs: [],
    run: async ({ scope, values }) => {
      const all = new MoneyBreaks(scope.store.root).all(values.date === undefined ? undefined : dayOption(values.date));
      const shown = values.all ? all : all.filter(isOpen);
      return { said: shown.map(lineOf).join('\n') || 'no open break', value: shown, failed: all.some(isOpen) };
    },
  },
  assign: { needs: ['to'], run: act((breaks, id, { to = '' }) => breaks.assign(id, to)) },
  close: { needs: ['why'], run: act((breaks, id, values) => breaks.propose(id, personOf(values), values.why ?? '')) },
  approve: { needs: [], run: act((breaks, id, values) => breaks.approve(id, personOf(values))) },
};
