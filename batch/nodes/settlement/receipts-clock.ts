// Client money on the clock of a serving night: what came to the bank is taken in every few minutes (money.json, receiptsMinutes), one look at a
// time. A bank that cannot be asked is said once and asked again at the next look; nothing is lost by a missed one, because every look goes on where
// the last ended.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PORTS_FILE, readPortsFile } from '../../ports/ports-file.ts';
import { deliverCredits } from './funds-engine.ts';
import { readFundsHouse } from './funds-house.ts';
import type { FundsParts } from './funds-ports.ts';
import { type MoneyScope, type Receipts, takeReceipts } from './funds-receipts.ts';

const MICROS_PER_MINUTE = 60e6;

/** Takes in what came to the client bank account, and tells the engine. */
export async function takeAndTell(parts: FundsParts, scope: MoneyScope): Promise<Receipts> {
  const found = await takeReceipts(parts, scope, readFundsHouse(parts.dataDirectory).client);
  await deliverCredits(parts.dataDirectory, scope.root);
  return found;
}

/** See the file's head. */
export class ReceiptsClock {
  private readonly parts: FundsParts;
  private readonly scope: MoneyScope;
  private readonly say: (line: string) => void;
  private nextAt = 0;
  private looking: Promise<void> | undefined;
  private lastFault = '';

  /** `say` gets a line for every look that found something, and for a fault that was not the last look's. */
  constructor(parts: FundsParts, scope: MoneyScope, say: (line: string) => void) {
    this.parts = parts;
    this.scope = scope;
    this.say = say;
  }

  /** Begins a look when one is due; never rejects. Resolves when it has ended. */
  look(): Promise<void> {
    if (this.looking === undefined && this.scope.now() >= this.nextAt)
      this.looking = this.take().finally(() => {
        this.looking = undefined;
      });
    return this.ended();
  }

  /** Resolves when the look that is under way, if any, has ended. */
  ended(): Promise<void> {
    return this.looking ?? Promise.resolve();
  }

  private async take(): Promise<void> {
    try {
      const minutes = readFundsHouse(this.parts.dataDirectory).receiptsMinutes;
      this.nextAt = this.scope.now() + Math.max(1, minutes) * MICROS_PER_MINUTE;
      if (minutes === 0 || !this.hasBank()) return;
      const { credited, suspense, uncleared, returned } = await takeAndTell(this.parts, this.scope);
      this.lastFault = '';
      if (credited + suspense + uncleared + returned > 0)
        this.say(`receipts: ${credited} paise credited to clients, ${suspense} in suspense, ${uncleared} not cleared, ${returned} came back`);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.lastFault) this.say(`receipts: ${fault}; asked again at the next look`);
      this.lastFault = fault;
    }
  }

  /** A night without a bank has no receipts: that is no fault. */
  private hasBank(): boolean {
    const { dataDirectory } = this.parts;
    return existsSync(join(dataDirectory, PORTS_FILE)) && readPortsFile(dataDirectory).calls?.bank !== undefined;
  }
}
