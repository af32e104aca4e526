// The preview against a running gateway: the file's own figure where nothing moved, another where the underlying did, and the state untouched.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { askApi } from '../http/api-client.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let token = '';

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house);
  token = adminToken(join(house.folder, 'data'));
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

interface Preview {
  readonly as_of_file_paise: number;
  readonly live_paise: number;
  readonly available_paise: number;
  readonly needs_paise: number;
  readonly prices: readonly { readonly source: string; readonly file_price: number; readonly live_price: number; readonly model_residual: number }[];
}
const preview = async (query: string): Promise<{ status: number; data: Preview }> =>
  askApi<Preview>(gateway, 'GET', `/v1/margins/preview?${query}`, { token });

it('is the live figure while nothing moves, and rises with a price that goes against the client', async () => {
  const { symbol, lot, close } = house.future;
  const body = { account: 'RICH', exchange: 'NFO', symbol, side: 'SELL', quantity: lot, price: close };
  const placed = await askApi(gateway, 'POST', '/v1/orders', { token, body, key: 'preview' });
  const required = placed.data['requirement_after_paise'];
  const now = await preview('account=RICH');
  expect(now.data).toMatchObject({ as_of_file_paise: required, live_paise: required, needs_paise: 0 });
  expect(now.data.prices).toMatchObject([{ source: 'file' }]);
  const up = await preview('account=RICH&move=0.05');
  expect(up.data.as_of_file_paise).toBe(required);
  expect(up.data.live_paise / (required as number)).toBeCloseTo(1.05, 2);
  expect(up.data.prices[0]?.live_price).toBeCloseTo((up.data.prices[0]?.file_price ?? 0) * 1.05, 2);
  expect(up.data.prices[0]?.model_residual).toBeLessThan(0.001);
  expect((await preview('account=RICH')).data).toEqual(now.data);
  const margin = await askApi(gateway, 'GET', '/v1/clients/RICH/margin', { token });
  expect(margin.data['requirement_paise']).toBe(required);
  expect((await preview('account=NOBODY')).status).toBe(404);
});
