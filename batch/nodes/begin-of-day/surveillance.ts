// BOD-SURV-ARM: the three lists become one file of stages, by the names of the exchange's own indicator file, which the parameter loader margins by.
// Lists that had to be yesterday's tag everything that rests on them.
import { readFileSync } from 'node:fs';
import { sha256Of } from '../../ports/fetched-file.ts';
import type { NodeBody } from '../../runner/index.ts';
import type { FetchParts } from '../fetch-file.ts';
import { readList } from './list-check.ts';
import { takenFile } from './reload.ts';

/** Lists by node, and the measure their stage stands for. */
const LISTS = [
  ['BOD-SURV-GSM_LIST', 'gsm', 'GSM'],
  ['BOD-SURV-ASM_LIST', 'asm', 'Long Term ASM'],
  ['BOD-SURV-T2T_LIST', 't2t', 'T2T'],
] as const;
/** No stage. */
const NOT_LISTED = 100;

/** Body of the node. */
export function surveillanceBody({ files }: FetchParts): NodeBody {
  return async (context) => {
    const stages = new Map<string, { symbol: string; series: string; GSM?: string; 'Long Term ASM'?: string; T2T?: string }>();
    const stale: string[] = [];
    for (const [node, role, measure] of LISTS) {
      const taken = takenFile(context, node, role);
      if (taken.of !== context.date) stale.push(`${role} of ${taken.of}`);
      await readList(
        taken.file,
        ['Symbol', 'Series', 'Stage'],
        (row) => `${row.needed('Symbol')} ${row.text('Series')}`,
        (row) => {
          const [symbol, series] = [row.text('Symbol'), row.text('Series')];
          const known = stages.get(`${symbol} ${series}`) ?? { symbol, series };
          stages.set(`${symbol} ${series}`, { ...known, [measure]: row.text('Stage') || '1' });
        },
      );
    }
    const rows = [...stages.values()].sort((a, b) => (`${a.symbol} ${a.series}` < `${b.symbol} ${b.series}` ? -1 : 1));
    const lines = rows.map((row) => [row.symbol, row.series, row.GSM ?? NOT_LISTED, row['Long Term ASM'] ?? NOT_LISTED].join(','));
    const bytes = Buffer.from(`${['Symbol,Series,GSM,Long Term ASM', ...lines].join('\n')}\n`, 'latin1');
    const kept = files.keep('surveillance', context.date, { name: 'surveillance.csv', bytes, sha256: sha256Of(bytes) });
    const isStale = stale.length > 0;
    return {
      outputs: {
        surveillance: { file: kept.path, sha256: sha256Of(readFileSync(kept.path)) },
        securities: rows.length,
        tradeForTrade: rows.filter(({ T2T }) => T2T !== undefined).length,
        stale: isStale,
      },
      stale: isStale,
      note: isStale ? `rests on ${stale.join(', ')}: today's trades in listed securities are for review` : '',
    };
  };
}
