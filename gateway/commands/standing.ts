// How a client stands after a command that changed its margin, as the gateway answers and as a person reads it.
import { rupees } from './check-figures.ts';

/** The part of the answer that is read. */
export interface Standing {
  readonly requirement_paise: number;
  readonly available_paise: number;
}

/** "margin Rs 1,200.00 of Rs 5,000.00 available". */
export const standingText = ({ requirement_paise, available_paise }: Standing): string =>
  `margin ${rupees(requirement_paise)} of ${rupees(available_paise)} available`;
