// `tarazu-batch charges --trades FILE.json --date D [--plan FILE.json] [--member-state S --client-state S] [--json]`: charges of all trades of a file as one
// contract note. With the two states the GST is split into CGST, SGST and IGST.
import { parseArgs } from 'node:util';
import { CHARGE_PARTS, exactText, type NoteCharges, paiseText, splitGst } from '../../engine/index.ts';
import { chargesJson } from '../charges/charges-json.ts';
import { chargesOfFile } from '../charges/note-from-files.ts';
import { dateOption } from './date-option.ts';

/** Prints a table, or with --json one object. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trades: { type: 'string' },
      date: { type: 'string' },
      plan: { type: 'string' },
      'member-state': { type: 'string' },
      'client-state': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.trades === undefined || values.date === undefined) {
    process.stderr.write('tarazu-batch charges: --trades FILE.json and --date YYYY-MM-DD are needed\n');
    return 2;
  }
  const charges = await chargesOfFile({ trades: values.trades, date: dateOption(values.date), plan: values.plan });
  const states = [values['member-state'], values['client-state']] as const;
  const split = states[0] === undefined || states[1] === undefined ? undefined : splitGst(charges.gst, states[0], states[1]);
  const gst = split === undefined ? {} : { cgst: split.cgst, sgst: split.sgst, igst: split.igst };
  process.stdout.write(values.json ? `${JSON.stringify(asJson(charges, gst))}\n` : asTable(charges, gst));
  return 0;
}

type Lines = Readonly<Record<string, NoteCharges['gst']>>;

function asJson(charges: NoteCharges, gst: Lines): object {
  const split = Object.fromEntries(Object.entries(gst).map(([name, { exact, note }]) => [name, { exact: exactText(exact), note: paiseText(note) }]));
  return { ...chargesJson(charges), ...split };
}

function asTable(charges: NoteCharges, gst: Lines): string {
  const rows = [
    ['rupees', 'exact', 'note'],
    ...CHARGE_PARTS.map((part) => [part, exactText(charges[part].exact), paiseText(charges[part].note)]),
    ...Object.entries(gst).map(([name, { exact, note }]) => [`  ${name}`, exactText(exact), paiseText(note)]),
    ['total', exactText(charges.total.exact), paiseText(charges.total.note)],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}\n`)
    .join('');
}
