// A client's peak margin as the API shows it. Snake case, amounts in paise, exchange segments by name.
import type { ClientView, PeakView } from '../../engine/index.ts';
import type { Peak } from './peak-watch.ts';
import { segmentName } from './symbol-index.ts';

/** See the fields of the route; times in microseconds since 1970. */
export interface PeakAnswer {
  readonly account: string;
  readonly peak_paise: number;
  readonly peak_number: number;
  readonly peak_time_micros: number;
  readonly shortfall_paise: number;
  readonly seen_peak_paise: number;
  readonly seen_peak_time_micros: number;
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly snapshots: readonly {
    readonly number: number;
    readonly time_micros: number;
    readonly required_paise: number;
    readonly available_paise: number;
    readonly shortfall_paise: number;
    readonly segments: readonly {
      readonly exchange: string;
      readonly required_paise: number;
      readonly available_paise: number;
      readonly shortfall_paise: number;
      readonly parameters: 'opening' | 'in force' | 'incomplete';
    }[];
  }[];
}

/** The engine's snapshots beside what the gateway has seen. */
export function peakAnswer(client: ClientView, peak: PeakView, seen: Peak): PeakAnswer {
  return {
    account: client.account,
    peak_paise: peak.required,
    peak_number: peak.number,
    peak_time_micros: Math.floor(peak.time),
    shortfall_paise: peak.shortfall,
    seen_peak_paise: seen.paise,
    seen_peak_time_micros: Math.floor(seen.timeMicros),
    requirement_paise: client.requirement,
    available_paise: client.available,
    snapshots: peak.snapshots.map(({ number, time, required, available, shortfall, segments }) => ({
      number,
      time_micros: Math.floor(time),
      required_paise: required,
      available_paise: available,
      shortfall_paise: shortfall,
      segments: segments.map((each) => ({
        exchange: segmentName(each.segment),
        required_paise: each.required,
        available_paise: each.available,
        shortfall_paise: each.shortfall,
        parameters: each.parameters,
      })),
    })),
  };
}
