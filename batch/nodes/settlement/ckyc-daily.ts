// CKYC-DAILY: new and changed KYC to the central registry within seven days. What the next day waits for is that records were submitted, or may still be: the
// registry's own number comes days later and is asked for by the nights that follow.
import type { NodeBody } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { registryBody } from './kra-upload.ts';

const WAIT_HOURS = 7 * 24;

/** Body of CKYC-DAILY; see registryBody. */
export const ckycDailyBody = (parts: DayParts): NodeBody => registryBody(parts, { registry: 'CKYC', hours: WAIT_HOURS });
