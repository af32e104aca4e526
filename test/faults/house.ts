// The small house of the gateway's tests, and what fault tests need besides: its removal, and calls to a running gateway.
import { rmSync } from 'node:fs';
import type { GatewayProcess } from '../../bench/gateway-process.ts';
import type { SmallHouse } from '../gateway/small-house.ts';

export { type SmallHouse, smallHouse } from '../gateway/small-house.ts';

/** Removes a house's folder; harmless when it was never built. */
export function removeHouse(house: SmallHouse | undefined): void {
  if (house !== undefined) rmSync(house.folder, { recursive: true, force: true });
}

/** An HTTP answer of the gateway. */
export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Asks a route, as the machine's admin unless `token` says otherwise; with a body it is a POST. */
export async function ask(gateway: GatewayProcess, path: string, body?: object, token: string = gateway.token): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, request);
  const { data, error } = (await response.json()) as { data: Answer['data']; error: { message: string } | null };
  return { status: response.status, data, message: error?.message ?? '' };
}
