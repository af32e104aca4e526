// Technical glitches: the gateway ticks once a second into the journal, so that a stretch of trading hours without a command is a stretch in which it did not
// work. Gaps are incidents, each reported to the exchange once by a key made of its beginning.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { visitCommands } from '../../../workers/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { istMicros, istTime, type NodeBody } from '../../runner/index.ts';
import type { FetchParts } from '../fetch-file.ts';
import { exchangeOf } from './block-deals.ts';

/** A stretch without a command; microseconds since 1970. */
export interface Incident {
  readonly from: number;
  readonly to: number;
}

const OPENS = 9 * 60 + 15;
const CLOSES = 15 * 60 + 30;
/** Stretches shorter than this are no glitch: SEBI counts from five minutes. */
const GLITCH_MICROS = 5 * 60 * 1e6;
const MICROS = 1e6;

/** Gaps of at least `least` microseconds between instants in [from, to]; instants in any order. */
export function gapsOf(instants: readonly number[], from: number, to: number, least: number): Incident[] {
  const inside = [from, ...instants.filter((at) => at > from && at < to).sort((a, b) => a - b), to];
  const gaps: Incident[] = [];
  for (let at = 1; at < inside.length; at++) {
    const [before = from, after = to] = [inside[at - 1], inside[at]];
    if (after - before >= least) gaps.push({ from: before, to: after });
  }
  return gaps;
}

/** Body of the detection: incidents of the date's trading hours so far. */
export function glitchBody({ dataDirectory, files }: FetchParts): NodeBody {
  return async (context) => {
    const [opens, closes] = [istMicros(context.date, OPENS), Math.min(istMicros(context.date, CLOSES), context.now())];
    const seconds = new Set<number>();
    if (existsSync(join(dataDirectory, 'journal')))
      visitCommands(dataDirectory, ({ time }) => {
        if (time >= opens && time <= closes) seconds.add(Math.floor(time / MICROS));
      });
    const incidents = gapsOf(
      [...seconds].map((second) => second * MICROS),
      opens,
      closes,
      GLITCH_MICROS,
    );
    const bytes = Buffer.from(`${JSON.stringify(incidents)}\n`, 'utf8');
    const kept = files.keep('incidents', context.date, { name: 'incidents.json', bytes, sha256: sha256Of(bytes) });
    return {
      outputs: { incidents: incidents.map(({ from, to }) => ({ from, to })), file: kept.path, sha256: kept.sha256 },
      note: incidents.map(({ from, to }) => `${istTime(from)} to ${istTime(to)}`).join(', '),
    };
  };
}

/** Body of the report: one instruction per incident. */
export function glitchReportBody({ dataDirectory }: FetchParts): NodeBody {
  return async (context) => {
    const incidents = (context.outputsOf('TH-TG-DETECT')['incidents'] ?? []) as unknown as readonly Incident[];
    for (const { from, to } of incidents)
      await context.instruct(exchangeOf(dataDirectory), `incident-${from}`, { kind: 'technical-glitch', date: context.date, from, to });
    return { outputs: { reported: incidents.length }, note: incidents.length === 0 ? 'no incident' : '' };
  };
}
