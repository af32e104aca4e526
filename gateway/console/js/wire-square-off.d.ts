// What the square-off blotter reads, as the API documents it in /openapi.json. Types only; nothing here runs.

/** A client who is due to be squared off. */
export interface SquareOffDue {
  readonly account: string;
  readonly reasons: readonly { readonly cause: 'productTime' | 'marginShortfall' | 'lossLimit' | 'killed' | 'unpledged' | 'fundedLoss' }[];
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly orders: readonly string[];
  readonly positions: readonly { readonly symbol: string; readonly side: string; readonly units: number; readonly unpriced: string }[];
}

/** A plan to square off. Times in milliseconds since 1970. */
export interface SquareOffPlan {
  readonly id: string;
  readonly state: 'awaitingApproval' | 'running' | 'basket' | 'halted' | 'done' | 'needsPerson';
  readonly reason: string;
  readonly by: string;
  readonly approved_by: string | null;
  readonly made_at: number;
  readonly worth_paise: number;
  readonly clients: readonly {
    readonly account: string;
    readonly phase: string;
    readonly exits: readonly { readonly symbol: string; readonly state: string }[];
  }[];
}
