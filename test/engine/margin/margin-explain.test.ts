// The tree of a client's margin adds up to the live figures, and goes down to each position's sixteen losses.
import { expect, it } from 'vitest';
import { clientView, type MarginNode, marginExplanation } from '../../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, placeOrder } from '../builders.ts';
import { openDesk } from '../desk.ts';

const sum = (nodes: readonly MarginNode[]): number => nodes.reduce((total, { amount }) => total + amount, 0);
const all = (node: MarginNode): MarginNode[] => [node, ...node.children.flatMap(all)];

it('adds up to what the client must have and has, with each step named', () => {
  const desk = openDesk();
  desk.send(exchangeReport({ type: 'TRADE', trade: 'T1', quantity: 300, price: 990, of: FUT, side: 'buy', product: 'NRML' }));
  desk.send(exchangeReport({ type: 'TRADE', trade: 'T2', quantity: 200, price: 41, of: CE, side: 'sell', product: 'NRML' }));
  desk.send(exchangeReport({ type: 'TRADE', trade: 'T3', quantity: 10, price: 1000, of: EQ, side: 'buy', product: 'MIS' }));
  desk.send(placeOrder({ id: 'W1', of: FUT, side: 'buy', quantity: 100 }));
  const before = desk.state.hash();
  const found = marginExplanation(desk.state, 'A1');
  const client = clientView(desk.state, 'A1');
  expect(desk.state.hash()).toBe(before);
  expect(found?.requirement.amount).toBe(client?.requirement);
  expect(sum(found?.requirement.children ?? [])).toBe(client?.requirement);
  expect(found?.available.amount).toBe(client?.available);
  expect(sum(found?.available.children ?? [])).toBe(client?.available);
  const nodes = found === undefined ? [] : all(found.requirement);
  const positions = nodes.filter(({ losses, label }) => losses !== undefined && /^-?\d+ x /.test(label));
  expect(positions.map(({ label }) => label).sort()).toEqual(['-200 x INFY26DEC1000CE', '300 x INFY26DECFUT']);
  expect(positions.every(({ losses }) => losses?.length === 16)).toBe(true);
  for (const label of ['SPAN', 'scan risk', 'exposure (ELM)', 'net option value', 'working orders', 'house multiplier'])
    expect(nodes.map((node) => node.label)).toContain(label);
  expect(nodes.find(({ label }) => label === 'INFY: 1 working')?.amount).toBeGreaterThan(0);
  expect(marginExplanation(desk.state, 'NOBODY')).toBeUndefined();
});
