// What bank and clearing corporations show a member over HTTP, and where practice sends money from outside: statement, acknowledgements, placed
// collateral, credits of clients, cheques that clear or come back. Reading changes nothing.
import type { MoneyBooks } from './bank-money.ts';

type Body = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Answers a GET below /bank or /clearing; undefined when there is no such page. */
export function moneyPage(books: MoneyBooks, target: string, name: string, query: URLSearchParams): unknown {
  const { bank, clearing } = books;
  const key = query.get('key');
  switch (`${target}/${name}`) {
    case 'bank/statement': {
      if (key !== null) return { lines: bank.linesOf(key) };
      const account = query.get('account') ?? '';
      return { lines: bank.statement(account, Number(query.get('after') ?? 0)), balance: bank.balance(account) };
    }
    case 'bank/accounts':
      return { balances: bank.balances };
    case 'bank/uncleared':
      return { credits: bank.uncleared };
    case 'clearing/acknowledgements':
      return { lines: clearing.acknowledgements.filter((one) => (key === null ? one.number > Number(query.get('after') ?? 0) : one.key === key)) };
    case 'clearing/collateral':
      return { placed: clearing.collateral, settlements: clearing.all };
    default:
      return undefined;
  }
}

/** Takes a POST that only practice makes; the reason why not, '' when done, undefined when there is no such page. */
export function practiceMoney(books: MoneyBooks, target: string, name: string, body: Body): string | undefined {
  const paise = typeof body['paise'] === 'number' ? body['paise'] : 0;
  if (`${target}/${name}` === 'bank/credits') {
    const credit = { to: text(body['to']), from: text(body['from']), name: text(body['name']), reference: text(body['reference']), paise };
    if (credit.to === '' || credit.reference === '' || !Number.isSafeInteger(paise) || paise <= 0) return 'to, reference and paise are needed';
    books.change(({ bank }) => bank.receive({ ...credit, isUncleared: body['uncleared'] === true }));
    return '';
  }
  if (`${target}/${name}` === 'bank/cheques') {
    books.change(({ bank }) => bank.clear(text(body['reference']), body['paid'] === true));
    return '';
  }
  if (`${target}/${name}` === 'clearing/obligations') {
    books.change(({ clearing }) => clearing.oblige(text(body['clearing']), text(body['number']), paise));
    return '';
  }
  return undefined;
}
