// The gate with a red light: closed until two persons go on without it, then open to reducing orders in their names, and open to all once the cause is gone.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NIGHT_ORIGIN, readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { CommandKind, CommandView, ExchangeSegment, SegmentGate, type SetSegmentStateBody } from '../../../engine/index.ts';
import { decodeRareBody, InboxStore } from '../../../workers/index.ts';
import { Morning, makeDay } from './practice.ts';

let day = '';
let morning: Morning;
beforeAll(async () => {
  day = await makeDay();
  morning = await Morning.begin(day);
});
afterAll(async () => {
  await morning.end();
  rmSync(day, { recursive: true, force: true });
});

/** Day open, and the gates of NSE and NFO as they are to be from their time on, over all slots. */
async function standing(): Promise<unknown> {
  const { slots } = await readEngine(morning.directory);
  return [...new Set(slots.map(({ isOpen, coming }) => `${isOpen} ${coming[1]} ${coming[2]}`))];
}

/** What the gates told the engine of the segments, in order: segment, state, and whether a pre-open session goes before it. */
async function told(): Promise<unknown[]> {
  const inbox = new InboxStore(morning.directory, NIGHT_ORIGIN, 'read');
  const found: unknown[] = [];
  inbox.readFrom(1, (_number, bytes) => {
    const view = new CommandView().wrap(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0);
    const body = decodeRareBody(view) as SetSegmentStateBody;
    if (view.kind === CommandKind.SetSegmentState) found.push([body.segment, body.state, body.preOpen === true]);
    return true;
  });
  await inbox.close();
  return found;
}

function approvalUntil(date: string): void {
  const file = join(morning.directory, 'health.json');
  const health = JSON.parse(readFileSync(file, 'utf8')) as { ctcl: { validUntil: string }[] };
  writeFileSync(file, JSON.stringify({ ...health, ctcl: health.ctcl.map((one) => ({ ...one, validUntil: date })) }));
}

it('keeps closed, reduces by two names, opens when it is green', async () => {
  approvalUntil('2026-11-01');
  const night = await morning.night();
  const run = await morning.run(night);
  const state = (key: string) => night.runner.states.state(run, key);
  expect(state('BOD-HC-CTCL_STATUS')).toMatchObject({ status: 'failed', error: 'NSE: terminal approval CTCL-PRACTICE ended on 2026-11-01' });
  expect(state('BOD-MARKET_OPEN_GATE@CM').status).toBe('waiting');
  expect(await standing()).toEqual(['false 0 0']);

  night.operator.propose(run, 'BOD-HC-CTCL_STATUS', 'skip', { by: 'asha', reason: 'renewal is under way' });
  expect(() => night.operator.approve(run, 'BOD-HC-CTCL_STATUS', 'asha')).toThrow('another person');
  night.operator.approve(run, 'BOD-HC-CTCL_STATUS', 'ravi');
  await morning.goOn(night);
  expect(state('BOD-MARKET_OPEN_GATE@FO')).toMatchObject({
    status: 'done',
    note: 'open to reducing orders only, by asha and ravi: without BOD-HC-CTCL_STATUS, from 09:15:00',
  });
  expect(await standing()).toEqual([`true ${SegmentGate.REDUCE_ONLY} ${SegmentGate.REDUCE_ONLY}`]);

  approvalUntil('2027-03-31');
  night.operator.clear(run, 'BOD-HC-CTCL_STATUS', 'below', { by: 'asha', reason: 'renewed' });
  await morning.goOn(night);
  expect(night.runner.isGreen(run)).toBe(true);
  expect(await standing()).toEqual([`true ${SegmentGate.OPEN} ${SegmentGate.OPEN}`]);
  // Shares and futures have a session before continuous trading, currency and commodity do not; an override to reducing orders has none either.
  const { NSE, NFO, CDS, MCX } = ExchangeSegment;
  const tellings = await told();
  for (const segment of [NSE, NFO])
    expect(tellings).toEqual(
      expect.arrayContaining([
        [segment, 'REDUCE_ONLY', false],
        [segment, 'OPEN', true],
      ]),
    );
  for (const segment of [CDS, MCX]) expect(tellings).toContainEqual([segment, 'OPEN', false]);

  // Gone on without after it was joined, and only the gate runs again: it does not rest on what the join said then.
  night.operator.clear(run, 'BOD-HC-CTCL_STATUS', 'one', { by: 'asha', reason: 'withdrawn' });
  night.operator.propose(run, 'BOD-HC-CTCL_STATUS', 'skip', { by: 'asha', reason: 'asked again' });
  night.operator.approve(run, 'BOD-HC-CTCL_STATUS', 'ravi');
  night.operator.clear(run, 'BOD-MARKET_OPEN_GATE@FO', 'one', { by: 'asha', reason: 'as things stand now' });
  await morning.goOn(night);
  expect(await standing()).toEqual([`true ${SegmentGate.OPEN} ${SegmentGate.REDUCE_ONLY}`]);
});
