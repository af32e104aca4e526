// The small house with its gateway running, an OMS logged on and a browser: what every browser test of the console stands on.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { freePort } from '../../../bench/gateway-process.ts';
import type { Role } from '../../../gateway/http/auth/principal.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { startBrowser } from '../../browser.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder, type OrderWords } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse, type Traded } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';

/** No limits on request rates: a browser test presses faster than a person. */
const RATES = { rates: { address: { perSecond: 0 }, principal: { perSecond: 0 }, orders: { perSecond: 0 } } };

export class ConsoleHouse {
  readonly house: SmallHouse;
  readonly browser: Browser;
  gateway: Gateway;
  oms: OmsClient;
  private numbers = 0;

  private constructor(house: SmallHouse, gateway: Gateway, oms: OmsClient, browser: Browser) {
    this.house = house;
    this.gateway = gateway;
    this.oms = oms;
    this.browser = browser;
  }

  static async open(): Promise<ConsoleHouse> {
    const [house, browser] = await Promise.all([smallHouse(), startBrowser()]);
    // A port that is named from the start can be had again after a stop (SO_REUSEPORT), as an operator's is.
    const gateway = await startHouse(house, 'data', { http: { ...RATES, port: await freePort() } });
    return new ConsoleHouse(house, gateway, await OmsClient.logon(gateway.fixPort), browser);
  }

  get port(): number {
    return this.gateway.httpPort;
  }

  /** A token of this house. */
  token(role: Role, subject: string = role, accounts?: readonly string[], minutes = 30): Promise<string> {
    return tokenFor(join(this.house.folder, 'data'), { role, subject, minutes, ...(accounts === undefined ? {} : { accounts }) });
  }

  /** Sends an order over FIX and waits for the verdict; its ClOrdID and OrderID. */
  async order(traded: Traded, words: OrderWords = {}): Promise<{ readonly clOrdId: string; readonly orderId: string; readonly accepted: boolean }> {
    this.numbers += 1;
    const clOrdId = `T${this.numbers}`;
    this.oms.send('D', newOrder(clOrdId, traded, words));
    const report = await this.oms.report(clOrdId);
    return { clOrdId, orderId: report.get(37) ?? '', accepted: report.get(150) === '0' };
  }

  /** An order accepted and filled whole at its price. */
  async filled(traded: Traded, words: OrderWords = {}): Promise<void> {
    const { clOrdId, orderId } = await this.order(traded, words);
    const last: readonly [number, number] = [words.quantity ?? traded.lot, words.price ?? traded.close];
    this.oms.send('8', execution('F', `E-${clOrdId}`, clOrdId, traded, { ...words, orderId, status: '2', last }));
    await this.oms.quiet();
  }

  /** Engages the kill switch of an account over the API: a switch and an alert to look at. */
  async stop(account: string, token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ scope: 'ACCOUNT', account, reason: 'margin call not met' });
    await fetch(`http://127.0.0.1:${this.port}/v1/kill-switches`, { method: 'POST', headers, body });
  }

  /** Stops the gateway and starts it again on the same ports and data. */
  async restart(): Promise<void> {
    const { httpPort, fixPort } = this.gateway;
    const { memory } = this.oms;
    this.oms.drop();
    await this.gateway.stop();
    const sessions = ['OMS', 'OTHER'].map((TargetCompID) => ({ SenderCompID: 'TARAZU', TargetCompID }));
    this.gateway = await startHouse(this.house, 'data', { http: { ...RATES, port: httpPort }, fix: { SocketAcceptPort: fixPort, sessions } });
    this.oms = await OmsClient.logon(this.gateway.fixPort, memory);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.oms.drop();
    await this.gateway.stop();
    rmSync(this.house.folder, { recursive: true, force: true });
  }
}
