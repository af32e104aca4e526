// The gateway is killed with SIGKILL at random moments under load and started again on the same directory, with changing numbers of shard threads.
// The OMS resumes its session without a reset. After each round: nothing lost, nothing doubled, the state is the fold of the journal. CRASH_ROUNDS
// sets the number of rounds, CRASH_SEED the course of events; a failure prints both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, killDuringStart, startGateway } from '../../bench/gateway-process.ts';
import { fundedTemplates, type MarketDay, marketDay, orderTemplates } from '../../bench/market-day.ts';
import { SeededRandom } from '../../gateway/market-data/seeded-random.ts';
import { findDayFiles } from '../../workers/reference/index.ts';
import { CrashLoad } from './crash-load.ts';
import { type JournalFacts, readJournalFacts } from './journal-facts.ts';
import { OmsClient } from './oms-client.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 10);
const SEED = Number(process.env['CRASH_SEED'] ?? 20261120);
/** Rounds on one directory before a fresh one: the fold from nothing grows with it. */
const ROUNDS_PER_DIRECTORY = 20;
const IDS = { sender: 'OMS', target: 'TARAZU' };
const SHARDS = [2, 0, 1];
const SETTLE_LIMIT = 60_000;

const root = mkdtempSync(join(tmpdir(), 'tarazu-crash-'));
const worlds: CrashWorld[] = [];
afterAll(async () => {
  // A round that failed leaves its gateway up.
  for (const world of worlds) await world.kill();
  rmSync(root, { recursive: true, force: true });
});

/** One directory's life: gateway after gateway, one OMS. */
class CrashWorld {
  readonly client = new OmsClient(IDS);
  readonly load: CrashLoad;
  private readonly folder: string;
  private readonly day: MarketDay;
  private readonly random: SeededRandom;
  private gateway: GatewayProcess | undefined;

  constructor(folder: string, day: MarketDay, random: SeededRandom) {
    this.folder = folder;
    this.day = day;
    this.random = random;
    this.load = new CrashLoad(random, this.client, [...orderTemplates(day, 200), ...fundedTemplates(day, 60)]);
  }

  get dataDirectory(): string {
    return join(this.folder, 'data');
  }

  /** Starts a gateway, resumes the session, waits until every request ever sent has its verdict and every trade its report. */
  async resume(shards: number, durability: 'process' | 'power'): Promise<void> {
    const settings = { policy: { confirmWithinSeconds: 600, fundingLimit: 2_000_000, fundingTotal: 20_000_000 } };
    const options = { dataDirectory: this.dataDirectory, day: this.day.directory, shards, durability, ...IDS, settings };
    if (this.random.chance(0.3)) await killDuringStart(options, 100 + this.random.integer(900));
    this.gateway = await startGateway(options);
    await this.client.logOn(this.gateway.fixPort);
    const limit = Date.now() + SETTLE_LIMIT;
    while (openEnds(this).length > 0 && Date.now() < limit) await pause(5);
  }

  /** Loads for a random while, perhaps swaps the SPAN file, kills. */
  async loadAndKill(swap: boolean): Promise<void> {
    const until = Date.now() + 60 + this.random.integer(300);
    // In most rounds the last reports are lost on the way: they left, so they must come again, with the same content.
    const deafFrom = this.random.chance(0.7) ? until - 10 - this.random.integer(50) : until;
    if (swap) this.swapParameters();
    while (Date.now() < until && this.client.connected) {
      this.client.deaf = Date.now() >= deafFrom;
      for (let i = 0; i < 12; i++) this.load.act();
      await pause(2);
    }
    await this.kill();
  }

  /** Ends the gateway as a crash does. */
  async kill(): Promise<void> {
    await this.gateway?.end('SIGKILL');
    this.client.drop();
  }

  /** Loads, lets everything be answered, stops in the orderly way. */
  async stop(): Promise<void> {
    this.client.drop();
    await this.gateway?.end('SIGTERM');
  }

  output(): string {
    return this.gateway?.output() ?? '';
  }

  private swapParameters(): void {
    const { span, elm } = findDayFiles(this.day.directory);
    const file = span[1 + this.random.integer(span.length - 1)];
    const headers = { authorization: `Bearer ${this.gateway?.token}`, 'content-type': 'application/json' };
    // Nobody waits for the answer: the kill comes somewhere in the middle.
    fetch(`http://127.0.0.1:${this.gateway?.httpPort}/v1/parameters`, { method: 'POST', headers, body: JSON.stringify({ file, elm }) }).catch(
      () => {},
    );
  }
}

/** Everything that must hold of the journal of a killed gateway and what the OMS has seen. */
function breaches(world: CrashWorld, facts: JournalFacts): string[] {
  const found = [...world.client.problems, ...facts.differences];
  for (const [slot, hash] of facts.folded)
    if (facts.restored.get(slot) !== hash) found.push(`slot ${slot}: restart gives ${facts.restored.get(slot)}, the fold ${hash}`);
  if (facts.folded.size === 0) found.push('the journal holds nothing');
  for (const request of world.load.answeredTwice)
    found.push(`${request.clOrdId} has ${request.verdicts.length} verdicts: ${request.verdicts.join(', ')}`);
  for (const [key, verdicts] of facts.verdicts)
    if (verdicts.length > 1) found.push(`${key} has ${verdicts.length} verdicts in the journal: ${verdicts.map((one) => one.execId).join(', ')}`);
  for (const report of world.client.received.values()) {
    const execId = report.get(17);
    if (execId === '') continue;
    const event = facts.events.get(execId);
    if (event === undefined) found.push(`ExecID ${execId} (${report.get(11)}, 150=${report.get(150)}) reached the OMS and is not in the journal`);
    else if (event.clOrdId !== report.get(11) || `${event.rejectCode}` !== (report.get(10100) || '0'))
      found.push(`ExecID ${execId} says ${report.get(11)} code ${report.get(10100)}, the journal ${event.clOrdId} code ${event.rejectCode}`);
  }
  return found;
}

/** What must hold once everything is answered. */
function openEnds(world: CrashWorld): string[] {
  const found = world.load.unanswered.map((request) => `${request.type} ${request.clOrdId} never got a verdict`);
  for (const [orderId, units] of world.load.tradedUnits) {
    const reported = world.load.reportedUnits.get(orderId);
    if (reported !== units) found.push(`order ${orderId}: ${units} units traded, the last report says ${reported}`);
  }
  return found;
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const first = (found: readonly string[]): string => found.slice(0, 8).join('\n');

describe('kill -9 under load', () => {
  it(
    `loses and doubles nothing in ${ROUNDS} rounds`,
    async () => {
      const day = await marketDay({ seed: 7, clients: 120, underlyings: 3, strikes: 5, funded: true }, false);
      let verdicts = 0;
      let [filled, funded] = [0, 0];
      for (let done = 0; done < ROUNDS; done += ROUNDS_PER_DIRECTORY) {
        const random = new SeededRandom(SEED + done);
        const world = new CrashWorld(mkdtempSync(join(root, 'rounds-')), day, random);
        worlds.push(world);
        const rounds = Math.min(ROUNDS_PER_DIRECTORY, ROUNDS - done);
        for (let round = 0; round < rounds; round++) {
          const where = `seed ${SEED}, round ${done + round}`;
          const durability = round % ROUNDS_PER_DIRECTORY === 4 ? 'power' : 'process';
          await world.resume(SHARDS[round % SHARDS.length] ?? 0, durability);
          expect(first(openEnds(world)), `${where}\n${world.output()}`).toBe('');
          await world.loadAndKill(round % 4 === 3);
          expect(first(breaches(world, await readJournalFacts(world.dataDirectory))), `${where}\n${world.output()}`).toBe('');
        }
        await world.resume(1, 'process');
        expect(first(openEnds(world)), `seed ${SEED}, last start`).toBe('');
        await world.stop();
        expect(first(breaches(world, await readJournalFacts(world.dataDirectory))), `seed ${SEED}, after the orderly stop`).toBe('');
        verdicts += world.load.requests.size;
        filled += world.client.filled;
        funded += world.load.fundedTrades;
      }
      // A test that sent nothing would prove nothing.
      expect(verdicts).toBeGreaterThan(ROUNDS * 20);
      expect(filled, 'reports that were missed and came again').toBeGreaterThan(ROUNDS);
      expect(funded, 'trades with funding').toBeGreaterThan(ROUNDS / 2);
    },
    120_000 + ROUNDS * 60_000,
  );
});
