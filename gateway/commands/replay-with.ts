// `tarazu replay --data DIR --day DIR --with FILE.spn` or `--rule-date YYYY-MM-DD`: the directory's clients under another SPAN file, or under the rules of
// another date, beside what they must have now; names who breaks. Changes nothing.
import { NightPool, type StoodClient, type StoodUnder } from '../../workers/index.ts';
import { findDayFiles, loadRiskParameters, parameterFilesOf, withNextSpans } from '../../workers/reference/index.ts';

/** What is asked. */
export interface ReplayWith {
  readonly data: string;
  /** Folder of the day's other files. */
  readonly day: string;
  readonly span: readonly string[];
  readonly ruleDate: string | undefined;
  readonly json: boolean;
}

const SHOWN = 20;
const rupees = (paise: number): string => (paise / 100).toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const isShort = ({ available, after }: StoodClient): boolean => after > available;
const wasShort = ({ available, before }: StoodClient): boolean => before > available;

/** Exit code of an answer that names somebody who breaks: the command did its work, so it is none of the codes of a failure. */
export const BREAKS = 3;

/** Exit code 0 when nobody breaks who stood before, BREAKS when somebody does; what fails throws (exit code 1). */
export async function replayWith(asked: ReplayWith): Promise<number> {
  const { bans, ...files } = parameterFilesOf(findDayFiles(asked.day));
  const businessDate = asked.ruleDate === undefined ? undefined : Number(asked.ruleDate.replaceAll('-', ''));
  const table = await loadRiskParameters({
    ...files,
    ...(asked.span.length === 0 ? {} : { span: withNextSpans(files.span, asked.span) }),
    // A list of bans is for its own day, and changes no margin.
    ...(businessDate === undefined ? (bans === undefined ? {} : { bans }) : { businessDate }),
  });
  const pool = new NightPool();
  try {
    const stood = await pool.standUnder(asked.data, table);
    const broken = stood.clients.filter((client) => isShort(client) && !wasShort(client));
    if (asked.json) process.stdout.write(`${JSON.stringify({ ...stood, breaks: broken.map(({ account }) => account) })}\n`);
    else process.stdout.write(asText(stood, broken));
    return broken.length === 0 ? 0 : BREAKS;
  } finally {
    await pool.close();
  }
}

function asText({ clients, commands, seconds }: StoodUnder, broken: readonly StoodClient[]): string {
  const line = (client: StoodClient): string =>
    `  ${client.account.padEnd(16)} needs ${rupees(client.after - client.available).padStart(18)} more   ${rupees(client.before)} -> ${rupees(client.after)}, has ${rupees(client.available)}\n`;
  const sum = (of: (client: StoodClient) => number): string => rupees(clients.reduce((total, client) => total + of(client), 0));
  const changed = clients.filter(({ before, after }) => before !== after).length;
  const worse = clients.filter((client) => wasShort(client) && isShort(client)).length;
  const more = broken.length > SHOWN ? `  and ${broken.length - SHOWN} more (--json has all)\n` : '';
  return (
    `${commands} commands folded in ${seconds.toFixed(2)} s; ${clients.length} clients with margin, ${changed} change: Rs ${sum(({ before }) => before)} -> Rs ${sum(({ after }) => after)}\n` +
    `${broken.length} break, ${worse} were short already and stay so\n` +
    broken.slice(0, SHOWN).map(line).join('') +
    more
  );
}
