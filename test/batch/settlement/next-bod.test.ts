// The evening's last node: a backup is one only when it has been restored and says what went in. A flipped byte, a missing file, a stray one are
// found and named.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { proveBackup, proveRestore } from '../../../batch/nodes/settlement/restore-proof.ts';
import { NightStore } from '../../../batch/runner/index.ts';
import { freeAccount, OUTSIDE } from '../../../batch/securities/unit-accounts.ts';
import { UnitsLedger } from '../../../batch/securities/units-ledger.ts';
import { LoneNodes } from './lone-nodes.ts';

const DATE = '2026-11-19';
let night: LoneNodes;
afterEach(() => night.end());

/** Books with a posting of each kind, a log, a kept file. */
function begin(): LoneNodes {
  night = new LoneNodes('PREP-NEXT-BOD');
  const transfers = [{ debit: 'USCNBA/HDFC', credit: 'CLIENT/C1', amount: 12_345 }];
  new Ledger(night.store.root).transact((books) =>
    books.post({ key: 'R1', kind: 'RECEIPT', businessDate: 20261119, narration: '', at: 1, transfers }),
  );
  const moves = [{ isin: 'INE002A01018', from: OUTSIDE, to: freeAccount('C1'), units: 7 }];
  new UnitsLedger(night.store.root).post([{ key: 'O1', kind: 'OPENING', date: DATE, moves }]);
  mkdirSync(join(night.data, 'logs'));
  writeFileSync(join(night.data, 'logs', 'gateway.log'), 'a line\n');
  mkdirSync(join(night.data, 'night', 'files'), { recursive: true });
  writeFileSync(join(night.data, 'night', 'files', 'obligation.csv'), 'a,b\n');
  return night;
}

const place = (): string => join(night.data, 'backup', DATE);

describe('PREP-NEXT-BOD', () => {
  it('backs up, restores, compares, brings the replica level, rotates logs', async () => {
    begin();
    writeFileSync(join(night.data, 'backup.json'), JSON.stringify({ replica: join(night.data, 'replica') }));
    await night.night(DATE);
    const { status, outputs, error } = night.state('PREP-NEXT-BOD', DATE);
    expect([status, error]).toEqual(['done', '']);
    expect(outputs).toMatchObject({
      backup: place(),
      entries: 2,
      replicated: 2,
      logs: 1,
      trialBalanceRoot: new Ledger(night.store.root).trialBalance().root,
    });
    expect(existsSync(`${place()}.restored`)).toBe(false);
    expect(readdirSync(join(night.data, 'replica'))).toEqual([DATE]);
    expect(gunzipSync(readFileSync(join(night.data, 'logs', `gateway.${DATE}.log.gz`))).toString()).toBe('a line\n');
    expect(readFileSync(join(night.data, 'logs', 'gateway.log'), 'utf8')).toBe('');
    // Whoever restores it has the books.
    const to = join(night.data, 'elsewhere');
    expect((await proveRestore(place(), to)).problems).toEqual([]);
    const restored = new NightStore(join(to, 'night', 'state'), { readOnly: true });
    expect(new Ledger(restored.root).account('CLIENT/C1')?.balance).toBe(12_345);
    expect(new UnitsLedger(restored.root).units('FREE/C1', 'INE002A01018')).toBe(7);
    await restored.close();
  });

  it('names what is wrong with a backup: a flipped byte, a missing file, a stray one, another figure in the manifest', async () => {
    begin();
    await night.night(DATE);
    const state = join(place(), 'night', 'state', 'data.mdb');
    const whole = readFileSync(state);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
    writeFileSync(state, flipped);
    expect((await proveBackup(place())).problems).toEqual(['night/state/data.mdb: its content is not what was written']);
    writeFileSync(state, whole);
    writeFileSync(join(place(), 'stray'), 'x');
    expect((await proveBackup(place())).problems).toEqual(['stray: is not in the manifest']);
    rmSync(join(place(), 'stray'));
    const manifest = join(place(), 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/"unitsRoot": "./, '"unitsRoot": "x'));
    expect((await proveBackup(place())).problems.map((problem) => problem.split(':')[0])).toEqual(['unitsRoot']);
    writeFileSync(manifest, text);
    expect((await proveBackup(place())).problems).toEqual([]);
    rmSync(join(place(), 'night', 'files', 'obligation.csv'));
    expect((await proveBackup(place())).problems).toEqual(['night/files/obligation.csv: is missing']);
  });
});
