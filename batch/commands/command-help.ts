// What `tarazu-batch COMMAND --help` says of the options of each command. A test holds it against what the commands take.

const NIGHT = '[--data data] [--date D] [--by NAME] [--token TOKEN, else TARAZU_TOKEN] [--json]';
/** Acts on a node; proposals want a token, and another person's `approve`. */
const act = (more = ''): readonly string[] => [`NODE --run DATE/PHASE/CYCLE --by NAME --why TEXT${more}`, NIGHT];

/** Arguments of each command, a line each. Dates are YYYY-MM-DD. */
const COMMAND_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  charges: [
    '--trades FILE.json --date D [--plan FILE.json] [--member-state MH --client-state KA] [--json]',
    'with both states GST is split into CGST, SGST and IGST',
  ],
  'tax-reconcile': ['--trades FILE --date D --stt FILE [--stamp FILE] [--json]'],
  run: [
    'bod|th|eod|set --date D [--watch]',
    NIGHT,
    'ends with 0 when the run is green, 3 when people or the clock are needed; --watch waits for the clock',
  ],
  serve: ['[--port 0]', NIGHT],
  status: ['--date D', NIGHT],
  graph: ['bod|th|eod|set --date D [--svg]', NIGHT],
  explain: ['NODE --date D', NIGHT, 'NODE as in EOD-READY, of one segment EOD-RECON@CM'],
  retry: act(),
  clear: act(' [--scope one|below|failed]'),
  hold: act(),
  release: act(),
  start: act(),
  skip: act(),
  resolve: act(' [--set NAME=VALUE …]'),
  fail: act(),
  again: act(),
  'explain-gate': act(),
  approve: act(),
  withdraw: act(),
  assign: act(' --owner NAME'),
  correct: ['bod|th|eod|set --date D --roles A,B --by NAME --why TEXT', NIGHT],
  backfill: ['bod|th|eod|set --from D --to D [--go]', NIGHT, 'without --go it only lists'],
  diff: ['DATE/PHASE/CYCLE DATE/PHASE/CYCLE', NIGHT],
  audit: ['--run DATE/PHASE/CYCLE', NIGHT],
  breaks: [
    '--date D [--data data] [--segment CM] [--all] [--json]',
    'assign ID --to NAME | close ID --why TEXT | approve ID | withdraw ID | send ID, each with --date D [--token TOKEN, else TARAZU_TOKEN]',
    'correct ID --why TEXT [--to ACCOUNT] [--product CNC|MIS] --date D [--token TOKEN, else TARAZU_TOKEN]',
  ],
  'demo-day': ['[--days 1] [--first 2026-09-30] [--clients 60] [--seconds 8] [--rate 60] [--seed 7] [--faults LIST] [--data .tarazu/days]'],
  sandbox: ['--day DIR [--data data] [--seed 7] [--faults A,B] [--trades FILE] [--books FILE] [--port-file FILE]'],
  person: ['add NAME [--may read|act] | remove NAME | list', '[--data data] [--json]'],
  notes: ['list|progress|bounces|paper|resend --date D [--client C] [--data data]', 'resend needs --client'],
  statement: ['ledger|holdings|margin|obligation|tax|delivery --client C --from D --to D [--out .] [--data data]'],
  money: [
    'bank|receipts|withdraw|withdrawals|early-pay-in|send-back|identify|opening|state|breaks|assign|close|approve',
    '[--data data] [--id ID] [--client C] [--account A] [--amount RUPEES] [--settlement S] [--date D] [--at TIME] [--by NAME] [--to NAME] [--why TEXT]',
    '[--token TOKEN, else TARAZU_TOKEN] [--all] [--json]',
  ],
  units: [
    'early-pay-in|early-pay-ins|pool',
    '[--data data] [--id ID] [--client C] [--isin I] [--units N] [--settlement S] [--date D] [--at TIME] [--json]',
  ],
  ledger: [
    'post --file FILE.json | statement --account A [--after ENTRY] [--limit N] | trial-balance | verify | expire --date D',
    'settle|void|reverse --entry N --key KEY --date D [--why TEXT] | close --date D [--breaks FILE.json]',
    '--data DIR [--by NAME …] [--json]',
  ],
};

/** The text of one command. */
export function commandHelp(name: string, summary: string): string {
  const [first = '', ...more] = COMMAND_ARGUMENTS[name] ?? [];
  return [`tarazu-batch ${name}: ${summary}`, `usage: tarazu-batch ${name} ${first}`, ...more.map((line) => `       ${line}`), ''].join('\n');
}

/** What was asked for goes to stdout. */
export function tell(text: string): void {
  process.stdout.write(text);
}
