// What the HTTP routes ask of the risk side. Amounts in paise, quantities in units, prices in ticks unless a name says otherwise.
import type { KillSwitchOrder, WhatIfOrder } from './routes.ts';

/** Is the gateway able to judge orders, and if not, what is missing? */
export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly string[];
}

/** A verdict without effect. */
export interface WhatIfVerdict {
  /** RejectCode; 0 = would be accepted. */
  readonly code: number;
  /** Margin figures: null when an earlier check refused the order, before margin was weighed. */
  readonly requirementBeforePaise: number | null;
  readonly requirementAfterPaise: number | null;
  readonly availablePaise: number | null;
  /** What is missing, 0 when nothing. */
  readonly shortfallPaise: number | null;
  readonly value: number;
  readonly limit: number;
  readonly level: number;
}

/** The risk side as the API sees it. Undefined answers mean "no such account or order". */
export interface RiskDesk {
  readiness(): Readiness;
  status(): object;
  margin(account: string): Promise<object | undefined>;
  positions(account: string): Promise<object | undefined>;
  whatIf(order: WhatIfOrder): Promise<WhatIfVerdict | undefined>;
  explain(orderId: string): Promise<object | undefined>;
  /** Open breaks of all slots: how many, the first thousand by time, and how many no slot had room to keep. Prices in ticks. */
  breaks(): Promise<object>;
  killSwitch(order: KillSwitchOrder): Promise<object>;
  /** Expires what is open and closes the day. */
  closeDay(): Promise<object>;
  loadParameters(file: string, elm: string | undefined): Promise<object>;
}
