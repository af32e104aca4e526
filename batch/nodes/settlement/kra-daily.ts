// KRA-DAILY: new and changed KYC to the KRA. While it is down records wait for a day, then operations have to act.
import type { NodeBody } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { registryBody } from './kra-upload.ts';

const WAIT_HOURS = 24;

/** Body of KRA-DAILY; see registryBody. */
export const kraDailyBody = (parts: DayParts): NodeBody => registryBody(parts, { registry: 'KRA', hours: WAIT_HOURS });
