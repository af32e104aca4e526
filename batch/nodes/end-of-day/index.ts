// Bodies of the end of day, by node id.
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { NodeBody } from '../../runner/index.ts';
import { segmentCloseBody } from '../engine/day-edges.ts';
import { NightFiles } from '../night-files.ts';
import { chargeBody } from './charge-compute.ts';
import { complianceReportBody } from './compliance-reports.ts';
import type { DayParts } from './day-parts.ts';
import { markToMarketBody } from './mark-to-market.ts';
import { obligationFetchBody, obligationProcessBody } from './obligations.ts';
import { peakMarginFetchBody, peakMarginReconcileBody } from './peak-margin.ts';
import { positionFileBody, positionUploadBody } from './position-upload.ts';
import { reconcileBody } from './reconcile.ts';
import { tradeFileBody } from './trade-files.ts';

/** Bodies by node id, for one data directory. */
export function endOfDayBodies(dataDirectory: string): Readonly<Record<string, NodeBody>> {
  const parts: DayParts = { dataDirectory, files: new NightFiles(dataDirectory), calendar: new BusinessCalendar() };
  const tradeFile = tradeFileBody(parts);
  return {
    'EOD-START': segmentCloseBody(dataDirectory),
    'EOD-TB-CM': tradeFile,
    'EOD-TB-FO': tradeFile,
    'EOD-TB-CD': tradeFile,
    'EOD-TB-COM': tradeFile,
    'EOD-RECON': reconcileBody(parts),
    'EOD-CHARGE-COMPUTE': chargeBody(parts),
    'EOD-MTM-EOD': markToMarketBody(parts),
    'EOD-POS-FILE': positionFileBody(parts),
    'EOD-POS-UPLOAD': positionUploadBody(parts),
    'EOD-OBLIG-FETCH': obligationFetchBody(parts),
    'EOD-OBLIG-PROCESS': obligationProcessBody(parts),
    'EOD-PMR-FETCH': peakMarginFetchBody(parts),
    'EOD-DMF-RECONCILE': peakMarginReconcileBody(parts),
    'EOD-COMP-REPORT': complianceReportBody(parts),
  };
}
