// `tarazu haircuts`: brings a day's list of approved securities into force through the running gateway. The file is read to its last line first.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readApprovedSecurities } from '../../workers/reference/index.ts';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu haircuts --file approved-securities-YYYYMMDD.csv [--date YYYYMMDD] [--check] [--config tarazu.json]
       columns: kind, isin, price, haircut [, house_haircut, class, cap, security_share, counts_until]; percent and rupees
       kinds: EQUITY, FUND, OVERNIGHT_FUND, GSEC by ISIN; without ISIN a line is for the kind as a whole (also FDR, BANK_GUARANTEE, …)
`;
const ROWS_A_REQUEST = 500;

/** Exit code 0 when every slot goes by the list, or with --check when the file can be used. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      file: { type: 'string' },
      date: { type: 'string' },
      check: { type: 'boolean' },
    },
  });
  const { file } = values;
  const date = values.date ?? /(?<!\d)(\d{8})(?!\d)/.exec(basename(file ?? ''))?.[1] ?? '';
  if (file === undefined || !/^\d{8}$/.test(date)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { rows } = await readApprovedSecurities(file);
  const securities = rows.filter(({ isin }) => isin !== undefined).length;
  const what = `${securities} securities, ${rows.length - securities} kinds, list of ${date}`;
  if (values.check === true) {
    process.stdout.write(`${file} can be used: ${what}\n`);
    return 0;
  }
  for (let at = 0; at < rows.length; at += ROWS_A_REQUEST) {
    const part = { date: Number(date), rows: rows.slice(at, at + ROWS_A_REQUEST), replace: at === 0, revalue: at + ROWS_A_REQUEST >= rows.length };
    await askGateway(values.config, '/v1/collateral/haircuts', part);
  }
  process.stdout.write(`in force: ${what}\n`);
  return 0;
}
