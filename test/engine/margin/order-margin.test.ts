// What one order does to a client's margin, as trees: the figures are those of the decision, and a refusal shows what the order would have asked.
import { describe, expect, it } from 'vitest';
import { type MarginNode, orderMargin } from '../../../engine/index.ts';
import { marginTable } from '../../../gateway/commands/margin-table.ts';
import { marginLines } from '../../../gateway/risk/margin-lines.ts';
import { CE, cancelOrder, FUT, placeOrder, replaceOrder } from '../builders.ts';
import { type Desk, openDesk } from '../desk.ts';

const rupees = (node: MarginNode | undefined): number => (node?.amount ?? Number.NaN) / 100;
const part = (tree: MarginNode | undefined, label: string): MarginNode | undefined => tree?.children.find((child) => child.label.startsWith(label));

/** A client with Rs 50,000. */
function poorDesk(): Desk {
  const desk = openDesk();
  desk.account('POOR', 50_000);
  return desk;
}

describe('the margin behind one order', () => {
  it('shows what a refused order would have asked, as working and as filled, and what would let it pass', () => {
    const desk = poorDesk();
    const order = placeOrder({ account: 'POOR', id: 'o1', of: FUT, side: 'sell', quantity: 1_000 });
    const explained = desk.fold.explain(desk.state, order);
    const before = desk.state.hash();
    const margin = orderMargin(desk.fold, desk.state, order);
    expect(desk.state.hash()).toBe(before);
    expect(explained.code).not.toBe(0);
    expect([margin?.before.requirement.amount, margin?.after.requirement.amount]).toEqual([explained.requirementBefore, explained.requirementAfter]);
    expect(rupees(part(margin?.after.requirement, 'positions'))).toBe(0);
    expect(rupees(part(margin?.after.requirement, 'working orders'))).toBe(rupees(margin?.after.requirement));
    expect(rupees(part(margin?.filled.requirement, 'positions'))).toBe(rupees(margin?.filled.requirement));
    expect(margin?.fix?.add).toBe(explained.requirementAfter - explained.available);
  });

  it('takes the filled quantity off what a replace would leave, and moves premium when an option fills', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'o1', of: CE, side: 'buy', quantity: 100, price: 40 }));
    const change = replaceOrder({ id: 'o2', orig: 'o1', quantity: 200, price: 40 });
    const margin = orderMargin(desk.fold, desk.state, change);
    const explained = desk.fold.explain(desk.state, change);
    expect(margin?.after.requirement.amount).toBe(explained.requirementAfter);
    const premium = (tree: MarginNode | undefined): number => rupees(part(tree, 'premium and what was closed'));
    expect([premium(margin?.before.available), premium(margin?.filled.available)]).toEqual([0, -8_000]);
    expect(part(margin?.filled.requirement, 'working orders')?.children).toEqual([]);
  });

  it('has nothing to show for a cancel, or where another check refused first', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'o1' }));
    expect(orderMargin(desk.fold, desk.state, cancelOrder({ id: 'c1', orig: 'o1' }))).toBeUndefined();
    expect(orderMargin(desk.fold, desk.state, placeOrder({ id: 'o1' }))).toBeUndefined();
  });

  it('reads as a table: lines that are zero throughout left out, each line under its parent', () => {
    const desk = openDesk();
    const margin = orderMargin(desk.fold, desk.state, placeOrder({ id: 'o1', of: FUT, side: 'sell', quantity: 100 }));
    const { before, after, filled } = margin ?? expect.fail('no margin');
    const trees = { before: marginLines(before.requirement), after: marginLines(after.requirement), filled: marginLines(filled.requirement) };
    const text = marginTable(trees).map((line) => line.replaceAll(/ +/g, ' ').trim());
    expect(text[0]).toBe('margin before working filled');
    expect(text[1]).toMatch(/^requirement Rs 0.00 Rs [\d,.]+ Rs [\d,.]+$/);
    expect(text.findIndex((line) => line.startsWith('positions'))).toBeLessThan(text.findIndex((line) => line.startsWith('INFY')));
    expect(text.some((line) => line.startsWith('house multiplier'))).toBe(false);
  });
});
