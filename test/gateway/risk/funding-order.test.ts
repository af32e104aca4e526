// Margin trading funding over FIX and HTTP as a broker meets it: the list of shares lies with the day's files, the desk sanctions a client, its order
// system buys with a quarter of the price, and the API says what is drawn. Without a sanction, or in a share on no list, the order comes back with
// its reason.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RejectCode } from '../../../engine/index.ts';
import { type Gateway, parseConfig } from '../../../gateway/index.ts';
import { type Answer, askApi } from '../http/api-client.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { fundLots, type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';

const MTF = [10001, 'MTF'] as const;
const QUANTITY = 100;
let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let token = '';

/** ISIN of the house's share, as the day's own VaR file names it. */
function isinOf({ day, share }: SmallHouse): string {
  const file = readdirSync(day).find((name) => /^C_VAR1_/.test(name)) ?? '';
  const line = readFileSync(join(day, file), 'latin1')
    .split('\n')
    .find((text) => text.startsWith(`20,${share.symbol.replace(/-EQ$/, '')},`));
  return line?.split(',')[3] ?? '';
}

beforeAll(async () => {
  house = await smallHouse();
  writeFileSync(join(house.day, 'mtf_20261120.csv'), `isin,margin\n${isinOf(house)},40\n`);
  fundLots(house, 'SMALL', [
    { boughtOn: 20261119, pledged: 40 },
    { boughtOn: 20261117, pledged: 10 },
    { boughtOn: 20261113, pledged: 39 },
  ]);
  gateway = await startHouse(house, 'data', { policy: { fundingLimit: 5_000_000 } });
  oms = await OmsClient.logon(gateway.fixPort);
  token = await tokenFor(join(house.folder, 'data'), { role: 'admin', subject: 'asha' });
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown): Promise<Answer> => askApi(gateway, method, path, { token, body });
let numbers = 0;
/** An order; its reject code, 0 when accepted, and its text. */
async function order(side: 1 | 2, traded = house.share, quantity = QUANTITY): Promise<[code: number, text: string]> {
  numbers += 1;
  oms.send('D', newOrder(`M${numbers}`, traded, { side, quantity, more: [MTF] }));
  const answer = await oms.report(`M${numbers}`);
  return [Number(answer.get(10100) ?? 0), answer.get(58) ?? ''];
}

it('a client is refused until the desk sanctions it, then buys with the margin of the list', async () => {
  const [code, text] = await order(1);
  expect([code, text]).toEqual([RejectCode.fundingNotAllowed, expect.stringContaining('not enabled for margin trading funding')]);
  expect((await ask('PUT', '/v1/clients/RICH/limits', { max_funded_paise: 300_000_000 })).data).toMatchObject({ max_funded_paise: 300_000_000 });
  expect(await order(1)).toEqual([0, expect.anything()]);
  const { share } = house;
  oms.send('8', execution('F', 'TM', `M${numbers}`, share, { status: '2', quantity: QUANTITY, last: [QUANTITY, share.close] }));
  await oms.quiet();
  const value = Math.round(QUANTITY * share.close * 100);
  const funding = (await ask('GET', '/v1/clients/RICH/funding')).data;
  expect(funding).toMatchObject({ house_limit_paise: 500_000_000, sanctioned_paise: 300_000_000, lent_paise: 0, lots: [] });
  const { bought, drawn_paise: drawn } = funding as { bought: { units: number; cost_paise: number; margin_percent: number }[]; drawn_paise: number };
  expect(bought).toMatchObject([{ symbol: share.symbol, units: QUANTITY, cost_paise: value, margin_percent: 40 }]);
  expect(drawn).toBe(Math.floor(value * 0.6));
});

it('what is funded is sold as such, and nothing more', async () => {
  expect(await order(2, house.share, QUANTITY + 1)).toEqual([RejectCode.insufficientHoldings, expect.anything()]);
  expect(await order(2)).toEqual([0, expect.anything()]);
});

it('beyond what is sanctioned the answer says how many would pass, and these do', async () => {
  const { symbol, close } = house.share;
  const leg = (quantity: number): object => ({ exchange: 'NSE', symbol, side: 'BUY', quantity, price: close, product: 'MTF' });
  const asked = async (quantity: number): Promise<Answer['data']> =>
    (await ask('POST', '/v1/margins/what-if', { account: 'RICH', legs: [leg(quantity)] })).data;
  // Rs 30,00,000 are sanctioned, 60 % of a purchase is lent, also of the units that are on sale.
  const most = Math.floor(3_000_000 / 0.6 / close) - QUANTITY;
  expect(await asked(most + 50)).toMatchObject({ fix: { leg: 1, text: `buy ${most} at most with funding (MTF)`, add_paise: 0, hedge: null } });
  expect(await asked(most)).toMatchObject({ fix: null, legs: [{ alone: { accepted: true } }] });
});

it('a derivative is not bought with it', async () => {
  expect((await order(1, house.future, house.future.lot))[0]).toBe(RejectCode.orderTypeNotAllowed);
});

it('lots from elsewhere come with the clients file; their pledges are followed until they are whole, or sold on the fourth day', async () => {
  const unpledged = async (): Promise<unknown> => {
    const { data } = await ask('GET', '/v1/funding/unpledged');
    return (data as unknown as { bought_on: string; unpledged: number; days: number; step: string }[]).map(
      ({ bought_on, unpledged: left, days, step }) => [bought_on, left, days, step],
    );
  };
  expect(await unpledged()).toEqual([
    ['2026-11-13', 1, 5, 'squareOff'],
    ['2026-11-17', 30, 3, 'lastDay'],
  ]);
  const { clients: due } = (await ask('GET', '/v1/square-off/due')).data as unknown as { clients: unknown };
  expect(due).toMatchObject([
    {
      account: 'SMALL',
      reasons: [{ cause: 'unpledged', value: 1, limit: 120 }],
      positions: [{ side: 'SELL', units: 1, net: 120, cause: 'unpledged' }],
    },
  ]);
  const { symbol } = house.share;
  const pledge = (quantity: number): Promise<Answer> =>
    ask('POST', '/v1/clients/SMALL/funding/pledges', { exchange: 'NSE', symbol, bought_on: '2026-11-17', quantity, reference: 'PSN 7' });
  expect((await pledge(31)).status).toBe(409);
  expect((await pledge(30)).data).toMatchObject({
    account: 'SMALL',
    lent_paise: 9_000_000,
    lots: [{ pledged: 39 }, { pledged: 40 }, { pledged: 40 }],
  });
  expect(await unpledged()).toEqual([['2026-11-13', 1, 5, 'squareOff']]);
});

it('a client that repays has its shares for delivery, the oldest first; intraday and funded do not convert', async () => {
  const { symbol } = house.share;
  const convert = (from: string, to: string, quantity: number): Promise<Answer> =>
    ask('POST', '/v1/clients/SMALL/positions/convert', { exchange: 'NSE', symbol, from, to, quantity });
  expect((await convert('MTF', 'CNC', 2)).status).toBe(200);
  expect((await ask('GET', '/v1/clients/SMALL/funding')).data).toMatchObject({
    lent_paise: 8_850_000,
    lots: [{ units: 38 }, { units: 40 }, { units: 40 }],
  });
  expect((await convert('MIS', 'MTF', 1)).status).toBe(422);
  expect((await convert('MTF', 'CNC', 119)).status).toBe(409);
});

it('what the house lends in all is at least ten times what it lends one client (SEBI CIR/MRD/DP/54/2017)', () => {
  const config = (policy: object): object => ({ dataDirectory: 'x', fix: { sessions: [{ SenderCompID: 'A', TargetCompID: 'B' }] }, policy });
  expect(() => parseConfig(config({ fundingLimit: 1_000, fundingTotal: 9_999 }))).toThrow('fundingTotal: goes with a fundingLimit');
  expect(() => parseConfig(config({ fundingTotal: 9_999 }))).toThrow('fundingTotal: goes with a fundingLimit');
  expect(() => parseConfig(config({ fundingLimit: 1_000, fundingTotal: 10_000 }))).not.toThrow();
});
