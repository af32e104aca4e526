// Which clearing organisation's file margins which exchange segment, by the id the file gives itself. Needed only where two files list the
// same symbol; a symbol that one file alone lists belongs to that file.
import { ExchangeSegment } from '../../engine/index.ts';

const { NSE, NFO, CDS, BSE, BFO, BCD, MCX } = ExchangeSegment;

interface ClearingOrg {
  readonly segments: readonly number[];
  /** Segment of its derivatives, and of its currency contracts. */
  readonly derivatives: number;
  readonly currency: number;
}

const NSE_CLEARING: ClearingOrg = { segments: [NSE, NFO, CDS], derivatives: NFO, currency: CDS };
const ICCL: ClearingOrg = { segments: [BSE, BFO, BCD], derivatives: BFO, currency: BCD };
const MCX_CLEARING: ClearingOrg = { segments: [MCX], derivatives: MCX, currency: MCX };
const ORGS: Readonly<Record<string, ClearingOrg>> = {
  NSCCL: NSE_CLEARING,
  NCL: NSE_CLEARING,
  ICCL,
  BSE: ICCL,
  MCXCCL: MCX_CLEARING,
  MCX: MCX_CLEARING,
};

/** Underlyings of currency derivatives, where no instrument type says so. */
const CURRENCY_UNDERLYINGS: ReadonlySet<string> = new Set(['USDINR', 'EURINR', 'GBPINR', 'JPYINR', 'EURUSD', 'GBPUSD', 'USDJPY']);

/** Whether the organisation clears the segment. An id this program does not know clears none in particular. */
export function clears(clearingOrg: string, segment: number): boolean {
  return ORGS[clearingOrg]?.segments.includes(segment) ?? false;
}

/** Segment that a contract on `symbol` is listed in when only the organisation is known. */
export function segmentOf(clearingOrg: string, symbol: string): number {
  const org = ORGS[clearingOrg] ?? NSE_CLEARING;
  return CURRENCY_UNDERLYINGS.has(symbol) ? org.currency : org.derivatives;
}
