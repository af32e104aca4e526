// Every command of the night on a directory nobody serves: exit codes, sentences, data, a killed run that goes on, a directory that another process has.
// Runs and kills are processes of their own; what only asks runs here.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, type Said } from '../run-command.ts';
import { BatchProcess, batch } from './batch-process.ts';

/** Long past, so that every trigger is; a Tuesday. */
const DATE = '2026-01-20';
const EOD = `${DATE}/eod/1`;
let data: string;
const tokens = { asha: '', binod: '' };
const on = (...args: string[]): Promise<Said> => runCommand(...args, '--data', data);

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tarazu-night-'));
  expect(await batch(['run', 'th', '--date', DATE, '--json', '--data', data])).toMatchObject({ code: 0, err: '' });
  const env = { TARAZU_SCRIPT: 'EOD-TB-CD=fail,EOD-POS-FILE@CM=gate' };
  const ran = await batch(['run', 'eod', '--date', DATE, '--data', data], env);
  expect(ran.code).toBe(3);
  expect(ran.out).toMatch(/EOD-TB-CD@CD +failed: EOD-TB-CD@CD\.csv:7: column TradQty: "x" is not a number → failed/);
  expect(ran.out).toMatch(/to be looked at:[\s\S]*\[ops alert\] 2026-01-20\/eod\/1 EOD-TB-CD@CD: failed/);
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

it.each([['status'], ['graph', 'eod'], ['explain', 'EOD-READY'], ['retry', 'EOD-READY', '--run', EOD, '--by', 'asha', '--why', 'misspelt']])(
  '%s in a directory that is not there says so and makes none',
  async (...words) => {
    const missing = join(data, 'misspelt');
    const dated = words[0] === 'retry' ? words : [...words, '--date', DATE];
    expect(await runCommand(...dated, '--data', missing)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`--data ${missing}: no such directory`),
    });
    expect(existsSync(missing)).toBe(false);
  },
);

describe('wrong use is 2, a refusal 1, each with its sentence', () => {
  it.each<[string, number, RegExp]>([
    ['run', 2, /bod\|th\|eod\|set and --date YYYY-MM-DD are needed/],
    ['run lunch --date 2026-01-20', 2, /bod\|th\|eod\|set/],
    ['run eod --date 2026-13-40', 1, /--date/],
    ['run eod --date 2026-01-26', 1, /2026-01-26 is not a trading day/],
    ['run eod --date 2026-01-20 --loud', 2, /--loud/],
    ['status', 2, /--date/],
    ['graph tea --date 2026-01-20', 2, /bod\|th\|eod\|set/],
    ['graph set --date 2026-01-20', 1, /set was not run on 2026-01-20/],
    ['explain', 2, /NODE and --date/],
    ['explain NO-SUCH --date 2026-01-20', 1, /NO-SUCH: the graph has no such node/],
    ['explain EOD-RECON --date 2026-01-20', 1, /EOD-RECON stands more than once in the graph: say EOD-RECON@CM, EOD-RECON@FO, /],
    ['retry EOD-TB-CD@CD', 2, /NODE, --run DATE\/PHASE\/CYCLE/],
    [`retry EOD-TB-CD@CD --run ${EOD} --why again`, 1, /by/],
    [`withdraw EOD-TB-CD@CD --run ${EOD} --by asha`, 2, /--by NAME and --why TEXT are needed/],
    [`assign EOD-TB-CD@CD --run ${EOD} --by asha`, 2, /--by NAME and --owner NAME are needed/],
    [`retry EOD-TB-CM@CM --run ${EOD} --by asha --why again`, 1, /EOD-TB-CM@CM is done: there is nothing to retry/],
    [`skip EOD-TB-CD@CD --run ${EOD} --by asha --why holiday`, 1, /two persons' acts: give --token/],
    [`approve EOD-TB-CD@CD --run ${EOD} --by binod`, 1, /two persons' acts: give --token/],
    [`clear EOD-TB-CD@CD --run ${EOD} --by asha --why x1x --scope all`, 1, /scope/],
    ['correct eod --date 2026-01-20', 2, /--roles A,B/],
    ['diff 2026-01-20/eod/1', 2, /two runs/],
    ['diff 2026-01-20/eod/1 2026-01-19/eod/1', 1, /2026-01-19\/eod\/1 was never opened/],
    ['audit', 2, /--run/],
    ['audit --run 2026-01-19/eod/1', 1, /was never opened/],
    ['backfill eod', 2, /--from D and --to D/],
    ['backfill eod --from 2026-01-20 --to 2026-01-01', 1, /from 2026-01-20 is after to 2026-01-01/],
    ['person', 2, /add NAME/],
    ['person add Asha', 1, /small letters/],
    ['person remove nobody', 1, /nobody has that name/],
    ['serve --port seventy', 2, /--port seventy is not a port/],
  ])('%s', async (line, code, words) => {
    const ended = await on(...line.split(' '));
    expect(ended.err).toMatch(words);
    expect(ended.err.trimEnd().split('\n').length).toBe(1);
    expect(ended).toMatchObject({ code, out: '' });
  });
});

it('shows the night: grid, graph, node, audit, dates not run', async () => {
  const status = await on('status', '--date', DATE);
  expect(status).toMatchObject({ code: 0, err: '' });
  expect(status.out).toMatch(/2026-01-20\/th\/1 {2}20 of 20, green/);
  expect(status.out).toMatch(/≠ EOD-POS-FILE@CM +gate .*trades = notes: 100 against 99/);
  const view = JSON.parse((await on('status', '--date', DATE, '--json')).out) as { queue: { key: string }[] };
  expect(view.queue.map(({ key }) => key).sort()).toEqual(['EOD-POS-FILE@CM', 'EOD-TB-CD@CD']);
  expect((await on('graph', 'eod', '--date', DATE)).out).toMatch(/✗ EOD-TB-CD@CD\n +· EOD-RECON@CD/);
  const svg = (await on('graph', 'eod', '--date', DATE, '--svg')).out;
  expect(svg).toMatch(/^<svg [^>]*viewBox/);
  expect(svg.match(/<g>/g)?.length).toBe(48);
  const explained = (await on('explain', 'EOD-TB-CD@CD', '--date', DATE)).out;
  expect(explained).toMatch(
    /as the plan has it[\s\S]*retry +3×[\s\S]*in run 2026-01-20\/eod\/1[\s\S]*failed +\{"transient":false,"error":"EOD-TB-CD@CD\.csv:7/,
  );
  const lines = (await on('audit', '--run', EOD)).out.trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await on('backfill', 'th', '--from', '2026-01-15', '--to', DATE)).out).toBe(
    ['2026-01-16 th: not run', '2026-01-19 th: not run', '2026-01-20 th: green', ''].join('\n'),
  );
  expect(JSON.parse((await batch(['backfill', 'th', '--from', '2026-01-19', '--to', '2026-01-19', '--go', '--json', '--data', data])).out)).toEqual([
    { date: '2026-01-19', phase: 'th', state: 'green' },
  ]);
  expect((await on('diff', '2026-01-19/th/1', '2026-01-20/th/1')).out).toBe('no difference\n');
});

it('is acted on by people, two where two are needed', async () => {
  const say = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await on(...args);
    return `${code} ${out}${err}`.trimEnd();
  };
  const why = ['--run', EOD, '--why', 'checked by phone'];
  // Nobody has a token yet: a name is taken at its word where one person is enough.
  expect(await say('hold', 'EOD-RECON@CD', ...why, '--by', 'asha')).toBe('0 EOD-RECON@CD is held: checked by phone');
  tokens.asha = (await on('person', 'add', 'asha')).out.trim();
  tokens.binod = (await on('person', 'add', 'binod')).out.trim();
  const viewer = (await on('person', 'add', 'viewer', '--may', 'read')).out.trim();
  expect((await on('person', 'list')).out).toBe('asha act\nbinod act\nviewer read\n');
  expect(await say('release', 'EOD-RECON@CD', ...why, '--by', 'asha')).toMatch(/^1 .*a name alone is not enough/);
  expect(await say('release', 'EOD-RECON@CD', ...why, '--token', viewer)).toMatch(/^1 .*viewer may look, not act/);
  expect(await say('release', 'EOD-RECON@CD', ...why, '--token', 'x')).toMatch(/^1 .*nobody’s/);
  expect(await say('release', 'EOD-RECON@CD', ...why, '--token', tokens.asha, '--by', 'binod')).toMatch(/^1 .*the token is asha's, not binod's/);
  expect(await say('release', 'EOD-RECON@CD', ...why, '--token', tokens.asha)).toBe('0 EOD-RECON@CD is released');
  expect(await say('assign', 'EOD-TB-CD@CD', '--run', EOD, '--owner', 'binod', '--token', tokens.asha)).toBe("0 EOD-TB-CD@CD is binod's");
  expect(await say('explain-gate', 'EOD-POS-FILE@CM', ...why, '--token', tokens.asha)).toMatch(/^0 explain of EOD-POS-FILE@CM is proposed by asha/);
  expect(await say('approve', 'EOD-POS-FILE@CM', '--run', EOD, '--token', tokens.asha)).toMatch(
    /^1 .*asha proposed this; another person has to approve/,
  );
  expect(await say('withdraw', 'EOD-POS-FILE@CM', ...why, '--token', tokens.binod)).toBe('0 EOD-POS-FILE@CM: the proposal is withdrawn');
  expect(await say('explain-gate', 'EOD-POS-FILE@CM', ...why, '--token', tokens.asha)).toMatch(/^0 /);
  expect(await say('approve', 'EOD-POS-FILE@CM', '--run', EOD, '--token', tokens.binod)).toBe('0 EOD-POS-FILE@CM: approved by binod');
  const cleared = await on('clear', 'EOD-TB-CD@CD', ...why, '--scope', 'failed', '--token', tokens.asha, '--json');
  expect(JSON.parse(cleared.out)).toEqual({ said: 'cleared: EOD-TB-CD@CD' });
  expect(await say('correct', 'eod', '--date', DATE, '--roles', 'trades', '--why', 'came again', '--token', tokens.asha)).toMatch(
    /^1 .*no node of .* used trades/,
  );
  expect((await batch(['run', 'eod', '--date', DATE, '--data', data])).code).toBe(0);
});

it('says who has the directory, and goes on after a kill', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-night-'));
  const started = (): BatchProcess => new BatchProcess(['run', 'bod', '--date', DATE, '--data', folder], { TARAZU_SCRIPT: 'BOD-RMS-RELOAD=hang' });
  const first = started();
  await first.says(/BOD-RMS-RELOAD +started/);
  const second = await runCommand('status', '--date', DATE, '--data', folder);
  expect(second).toMatchObject({ code: 1, out: '' });
  expect(second.err).toMatch(new RegExp(`^tarazu-batch status: the night of ${folder} is open in process ${first.child.pid}: wait until that ends`));
  await first.end('SIGKILL');
  writeFileSync(join(folder, 'go'), '');
  const again = await started().end();
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/BOD-RMS-RELOAD +was running when the process ended; goes on\n/);
  expect(again.out.match(/BOD-START +started/g)).toBe(null);
  expect(again.out).toMatch(/2026-01-20\/bod\/1 {2}32 of 32, green/);
  rmSync(folder, { recursive: true, force: true });
});
