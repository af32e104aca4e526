// A note as XML. No public schema names the tags: these are our own, one element a fact, plain decimals, the same figures as on paper.
import type { Broker } from './broker.ts';
import { beforeLevies, type ContractNote, leviesTotal, netOf, obligationOf } from './contract-note.ts';
import { paiseOfTicks, plainPaise, plainTicks } from './figures.ts';

const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/g, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** One element with attributes only. */
const element = (name: string, facts: Readonly<Record<string, string | number>>): string =>
  `<${name}${Object.entries(facts)
    .map(([fact, value]) => ` ${fact}="${escaped(String(value))}"`)
    .join('')}/>`;

const list = (name: string, lines: readonly string[]): string[] => [`  <${name}>`, ...lines.map((line) => `    ${line}`), `  </${name}>`];

/** The whole document. */
export function noteXml(note: ContractNote, broker: Broker): string {
  const { number, version, reason, group, date, client } = note;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<ContractNote number="${escaped(number)}" version="${version}" group="${group}" tradeDate="${date}" reason="${escaped(reason)}">`,
    `  ${element('Broker', { name: broker.name, sebi: broker.sebiRegistration, gstin: broker.gstin, pan: broker.pan, sac: broker.sac })}`,
    `  ${element('Client', { code: client.code, name: client.name, pan: client.pan, state: client.state })}`,
    ...list(
      'Securities',
      note.rows.map(({ isFuture, ...row }) =>
        element('Row', {
          ...row,
          value: plainTicks(row.value),
          average: plainTicks(row.average),
          closing: closingOf(row),
          brokerage: plainTicks(row.brokerage),
          net: plainPaise(paiseOfTicks(beforeLevies({ ...row, isFuture }))),
        }),
      ),
    ),
    ...list(
      'Obligations',
      note.obligations.map((one) => element('Obligation', { ...one, amount: plainPaise(one.amount) })),
    ),
    ...list(
      'Charges',
      note.levies.map((levies) => chargesElement(note, levies)),
    ),
    `  ${element('Net', { amount: plainPaise(netOf(note)) })}`,
    ...list('Trades', note.trades.map(tradeElement)),
    '</ContractNote>',
  ];
  return `${lines.join('\n')}\n`;
}

function chargesElement(note: ContractNote, levies: ContractNote['levies'][number]): string {
  const { segment, ...amounts } = levies;
  const shown = Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, plainPaise(amount)]));
  const due = obligationOf(note, segment);
  return element('Segment', { segment, obligation: plainPaise(due), ...shown, net: plainPaise(due - leviesTotal(levies)) });
}

/** '' where there is none. */
const closingOf = ({ closing }: { readonly closing: number }): string => (closing === 0 ? '' : plainTicks(closing));

function tradeElement({ levies, isDelivery, isSameDay, isFuture, price, ...trade }: ContractNote['trades'][number]): string {
  const gross = trade.quantity * price;
  const shown = Object.fromEntries(
    Object.entries(levies).map(([name, amount]) => [name === 'exchange' ? 'exchangeCharge' : name, plainTicks(amount)]),
  );
  const net = plainPaise(paiseOfTicks(beforeLevies({ ...trade, isFuture, value: gross, brokerage: levies.brokerage })));
  return element('Trade', {
    ...trade,
    price: plainTicks(price),
    gross: plainTicks(gross),
    closing: closingOf(trade),
    ...shown,
    net,
    delivery: isDelivery ? 'Y' : 'N',
    t0: isSameDay ? 'Y' : 'N',
  });
}
