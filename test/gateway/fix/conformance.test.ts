// The 59 behaviours counterparties certify, as scripts, each delivered in three ways: what a message means must not depend on how TCP cut it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Delivery, ScriptRunner } from './script-runner.ts';

const directory = new URL('scripts/', import.meta.url);
const scripts = readdirSync(directory).filter((name) => name.endsWith('.fixscript'));
const deliveries: readonly Delivery[] = ['as written', 'one byte at a time', 'all at once'];

describe('FIX 4.4 acceptor conformance', () => {
  it('has a script for each of the 59 behaviours', () => {
    expect(scripts.length).toBe(59);
  });
  for (const name of scripts) {
    const script = readFileSync(new URL(name, directory), 'utf8');
    for (const delivery of deliveries) it(`${name.replace('.fixscript', '')}, ${delivery}`, () => new ScriptRunner(delivery).run(script));
  }
  it('notices a wrong answer', async () => {
    const script = 'connect\n> A 1 |98=0|108=30\n< A 1 |98=0|108=31\n';
    await expect(new ScriptRunner('as written').run(script)).rejects.toThrow('line 3');
  });
});
