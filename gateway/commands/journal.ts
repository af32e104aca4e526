// `tarazu journal verify` and `tarazu journal list`: is the journal what was written, and what does it hold.
import { parseArgs } from 'node:util';
import { inspectJournal, listJournal } from '../../workers/index.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu journal verify|list --data DIR [--json]\n';

/** Exit code 0 when sound, 1 when damaged (each flaw on a line of stderr: file, offset, batch), 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [what] = positionals;
  if (values.data === undefined || positionals.length !== 1 || (what !== 'verify' && what !== 'list')) {
    process.stderr.write(USAGE);
    return 2;
  }
  return what === 'list' ? list(values.data, values.json === true) : verify(values.data, values.json === true);
}

async function verify(dataDir: string, json: boolean): Promise<number> {
  const report = await inspectJournal(dataDir);
  if (report.segments === 0 && report.problems.length === 0 && report.unfinished.length === 0) {
    process.stderr.write(`tarazu journal: no journal in ${dataDir}\n`);
    return 1;
  }
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const { segments, batches, commands, events, bytes } = report;
    process.stdout.write(`${segments} segments, ${batches} batches, ${commands} commands, ${events} events, ${bytes} bytes\n`);
    for (const line of report.unfinished) process.stdout.write(`unfinished: ${line}; it was never answered and goes at the next start\n`);
    process.stdout.write(report.problems.length === 0 ? 'sound\n' : `${report.problems.length} flaws\n`);
  }
  for (const problem of report.problems) process.stderr.write(`${problem}\n`);
  return report.problems.length === 0 ? 0 : 1;
}

function list(dataDir: string, json: boolean): number {
  for (const segment of listJournal(dataDir)) {
    if (json) process.stdout.write(`${JSON.stringify(segment)}\n`);
    else
      process.stdout.write(
        `${segment.path}  epoch ${segment.epoch}  shard ${segment.shard}/${segment.shardCount}  from batch ${segment.firstBatch}  rule set ${segment.ruleSet}\n`,
      );
  }
  return 0;
}
