// Bodies that follow TARAZU_SCRIPT instead of those that ship: ok unless told otherwise. Words: fail, slow (two seconds), hang (until a file
// DATA/go is there), transient, gate.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dayGraph } from '../../../batch/graph/index.ts';
import { type NodeBody, type NodeContext, type Outcome, PermanentFault, TransientFault } from '../../../batch/runner/index.ts';

const words = new Map(
  (process.env['TARAZU_SCRIPT'] ?? '')
    .split(',')
    .map((pair) => pair.split('='))
    .map(([key = '', word = '']) => [key, word]),
);

export function nightBodies({ dataDirectory }: { readonly dataDirectory: string }): ReadonlyMap<string, NodeBody> {
  const body = (id: string): NodeBody => {
    return (context) => scripted(words.get(context.key) ?? words.get(id) ?? 'ok', context, dataDirectory);
  };
  return new Map([...dayGraph().nodes.keys()].map((id) => [id, body(id)]));
}

async function scripted(word: string, { key }: NodeContext, data: string): Promise<Outcome> {
  switch (word) {
    case 'fail':
      throw new PermanentFault(`${key}.csv:7: column TradQty: "x" is not a number`);
    case 'transient':
      throw new TransientFault('connection refused');
    case 'gate':
      return { gates: [{ name: 'trades = notes', left: 100, right: 99 }] };
    case 'slow':
      await sleep(1_500);
      return {};
    case 'hang':
      while (!existsSync(join(data, 'go'))) await sleep(20);
      return {};
    default:
      return { outputs: { done: key } };
  }
}
