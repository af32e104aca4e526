// `tarazu-batch COMMAND --help`: every command tells every option its module takes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../../batch/main.ts';
import { runCommand } from '../run-command.ts';

/** Commands whose options stand in another file than their own. */
const ELSEWHERE: Readonly<Record<string, string>> = { diff: 'audit', backfill: 'audit', money: 'money-options' };
const ACTS = 'retry clear hold release start skip resolve fail again explain-gate approve withdraw assign correct'.split(' ');
const OPTION = /'?\b([a-z][a-z-]*)'?: (?:\{ (?:type: '|\.\.\.text)|text\b)/g;

it.each(Object.keys(COMMANDS).filter((name) => !ACTS.includes(name)))('%s', async (name) => {
  const { code, out } = await runCommand(name, '--help');
  expect(code).toBe(0);
  expect(out.startsWith(`tarazu-batch ${name}: ${COMMANDS[name]?.summary}\nusage: tarazu-batch ${name} `)).toBe(true);
  const source = readFileSync(new URL(`../../../batch/commands/${ELSEWHERE[name] ?? name}.ts`, import.meta.url), 'utf8');
  const options = [...source.matchAll(OPTION)]
    .map(([, option]) => option ?? '')
    .filter((option) => name !== 'diff' && (name !== 'audit' || option === 'run') && (name !== 'backfill' || option !== 'run'));
  expect(options.filter((option) => !out.includes(`--${option}`))).toEqual([]);
  if (source.includes('...NIGHT_OPTIONS') || source.includes('options: NIGHT_OPTIONS')) expect(out).toContain('--token');
});

it.each(ACTS)('%s, an act on a run', async (name) => {
  const { code, out } = await runCommand(name, '--help');
  expect(code).toBe(0);
  for (const option of ['--by', '--why', '--data', '--token']) expect(out).toContain(option);
});

it('lists every command on stdout when asked for help', async () => {
  const { code, out } = await runCommand('--help');
  expect(code).toBe(0);
  for (const name of Object.keys(COMMANDS)) expect(out).toContain(`\n  ${name} `);
});
