// `tarazu-batch tax-reconcile --trades FILE.json --date D [--stt FILE.csv[.gz]] [--stamp FILE.csv[.gz]] [--json]`: STT and stamp duty of our notes, client by
// client (each trade names its "client"), against the clearing corporation's files. Exit code 1 when anything differs.
import { parseArgs } from 'node:util';
import { type NoteCharges, paiseText, reconcileTax, type TaxLine, type TaxReconciliation } from '../../engine/index.ts';
import { type ClearingTax, readClearingTaxes } from '../charges/clearing-tax-file.ts';
import { chargesByClient } from '../charges/note-from-files.ts';
import { dateOption } from './date-option.ts';

interface Compared extends TaxReconciliation {
  readonly tax: ClearingTax;
  readonly byState: Readonly<Record<string, string>>;
}

/** Prints the lines that differ and the sums; with --json everything. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trades: { type: 'string' },
      date: { type: 'string' },
      stt: { type: 'string' },
      stamp: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.trades === undefined || values.date === undefined || (values.stt === undefined && values.stamp === undefined)) {
    process.stderr.write('tarazu-batch tax-reconcile: --trades FILE.json, --date YYYY-MM-DD and --stt FILE or --stamp FILE are needed\n');
    return 2;
  }
  const notes = await chargesByClient({ trades: values.trades, date: dateOption(values.date), plan: undefined });
  const compared: Compared[] = [];
  for (const [tax, file] of [
    ['stt', values.stt],
    ['stamp', values.stamp],
  ] as const)
    if (file !== undefined) compared.push(await compare(tax, file, notes));
  process.stdout.write(values.json ? `${JSON.stringify(compared.map(asJson))}\n` : compared.map(asText).join('\n'));
  return compared.every((one) => one.lines.every((line) => line.status === 'equal')) ? 0 : 1;
}

async function compare(tax: ClearingTax, file: string, notes: ReadonlyMap<string, NoteCharges>): Promise<Compared> {
  const clearing = await readClearingTaxes(file, tax);
  const ours = new Map([...notes].map(([client, charges]) => [client, charges[tax].note]));
  const byState = Object.fromEntries([...clearing.byState].map(([state, amount]) => [state, paiseText(amount)]));
  return { tax, byState, ...reconcileTax(ours, clearing.byClient) };
}

const lineJson = ({ client, status, ...amounts }: TaxLine): object => ({
  client,
  ours: paiseText(amounts.ours),
  clearing: paiseText(amounts.clearing),
  difference: paiseText(amounts.difference),
  status,
});

function asJson(one: Compared): object {
  const sums = { ours: paiseText(one.ours), clearing: paiseText(one.clearing), difference: paiseText(one.difference) };
  return { tax: one.tax, ...sums, byState: one.byState, lines: one.lines.map(lineJson) };
}

function asText(one: Compared): string {
  const findings = one.lines.filter((line) => line.status !== 'equal');
  const width = Math.max(6, ...findings.map((line) => line.client.length));
  const cells = (line: TaxLine): string =>
    `  ${line.client.padEnd(width)}  ours ${paiseText(line.ours).padStart(12)}  clearing ${paiseText(line.clearing).padStart(12)}  difference ${paiseText(line.difference).padStart(10)}  ${line.status}`;
  const states = Object.entries(one.byState).map(([state, amount]) => `  state ${state === '' ? '(none)' : state}: ${amount}`);
  const head = `${one.tax}: ours ${paiseText(one.ours)}, clearing ${paiseText(one.clearing)}, difference ${paiseText(one.difference)}; ${one.lines.length} clients, ${findings.length} not equal`;
  return `${[head, ...findings.map(cells), ...states].join('\n')}\n`;
}
