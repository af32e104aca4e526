// What the console reads from the gateway's routes and stream, as the API documents it in /openapi.json. Amounts are paise in fields that end in
// _paise, prices are rupees, times are milliseconds or microseconds since the epoch as named. Types only; nothing here runs.

export interface Me {
  readonly subject: string;
  readonly role: string;
  readonly scopes: readonly string[];
  /** Accounts the token names, or 'all'. */
  readonly accounts: readonly string[] | 'all';
}

/** One line of a margin breakdown. */
export interface Underlying {
  readonly symbol: string;
  readonly product?: string;
  readonly requirement_paise: number;
  readonly scan_paise?: number;
  readonly calendar_paise?: number;
  readonly exposure_paise?: number;
  readonly net_option_value_paise?: number;
  readonly cash_paise?: number;
  readonly working_orders?: number;
  /** Row of the underlying; -1 for a share. */
  readonly underlying?: number;
}

export interface Position {
  readonly symbol: string;
  readonly exchange: string;
  readonly product: string;
  readonly net: number;
  readonly average_price: number;
  readonly mark: number;
  readonly mtm_paise: number;
  readonly working_buys: number;
  readonly working_sells: number;
}

export interface Holding {
  readonly symbol: string;
  readonly exchange: string;
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
}

export interface Order {
  readonly id: string;
  readonly cl_ord_id?: string;
  readonly account: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly side: 'BUY' | 'SELL';
  readonly order_type?: string;
  readonly product?: string;
  readonly quantity: number;
  readonly filled?: number;
  readonly price: number;
  readonly average_price?: number;
  readonly state: string;
  readonly reject?: { readonly name: string; readonly message: string } | null;
  readonly time_micros?: number;
  readonly stuck?: boolean;
  /** Has the exchange answered? */
  readonly confirmed?: boolean;
}

/** The stream's state of `client:ACCOUNT`. */
export interface ClientState {
  readonly account: string;
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly excess_paise: number;
  readonly needs_paise: number;
  readonly span_paise: number;
  readonly exposure_paise: number;
  /** Margin of the positions alone, of shares, of working orders, and the house's part of it. */
  readonly position_paise?: number;
  readonly cash_margin_paise?: number;
  readonly working_paise?: number;
  readonly house_paise?: number;
  readonly premium_paise: number;
  readonly cash_paise: number;
  readonly collateral_paise: number;
  readonly mtm_paise: number;
  /** Gain of derivatives closed today; a loss of theirs counts whatever is open. */
  readonly closed_gain_paise?: number;
  readonly peak_paise: number;
  /** By arrays derived again from live prices; null or absent while nobody derives them. */
  readonly live_paise?: number | null;
  readonly live_needs_paise?: number | null;
  readonly open_orders: number;
  readonly as_of: number;
  readonly underlyings: readonly Underlying[];
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
}

export interface WhatIf {
  readonly code: number;
  readonly requirement_before_paise: number | null;
  readonly requirement_after_paise: number | null;
  readonly available_paise: number | null;
  readonly shortfall_paise: number | null;
  readonly margin_basis?: 'netted' | 'gross';
  readonly value: number;
  readonly limit: number;
  readonly level: string;
  readonly fix?: string | null;
  readonly reject: { readonly name: string; readonly message: string } | null;
}

export interface Instrument {
  readonly symbol: string;
  readonly exchange: string;
  readonly token: number;
  readonly kind: string;
  readonly underlying: string;
  readonly lot: number;
  readonly tick: number;
  readonly previous_close?: number;
  readonly band_low?: number;
  readonly band_high?: number;
  readonly freeze_quantity?: number;
}

/** One check of an explanation; value and limit in the check's own unit. */
export interface Check {
  readonly check: string;
  readonly passed: boolean;
  readonly decided: boolean;
  readonly value: number;
  readonly limit: number;
  readonly level: string;
}

export interface Explanation {
  readonly id: string;
  readonly verdict: string;
  readonly code: number;
  readonly message: string;
  readonly business_date: number;
  readonly rule_set: number;
  readonly parameter_files?: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
  readonly time_micros: number;
  readonly requirement_before_paise: number;
  readonly requirement_after_paise: number;
  readonly available_paise: number;
  readonly checks: readonly Check[];
  readonly agrees: boolean;
  readonly commands_folded: number;
}

/** One line of a margin tree, written down from the top. */
export interface MarginLine {
  readonly depth: number;
  readonly label: string;
  readonly amount_paise: number;
  readonly losses_paise: readonly number[] | null;
  readonly file: string | null;
  readonly row: string | null;
  readonly rule: string | null;
}

export interface MarginExplained {
  readonly as_of: number;
  readonly parameters_hash: string;
  readonly excess_paise: number;
  readonly lines: readonly MarginLine[];
}

/** What the next SPAN file would ask. */
export interface Preview {
  readonly file: string;
  readonly as_of_file_paise: number;
  readonly live_paise: number;
  readonly change_paise: number;
  readonly available_paise: number;
  readonly needs_paise: number;
  readonly prices: readonly {
    readonly symbol: string;
    readonly file_price: number;
    readonly live_price: number;
    readonly source: 'future' | 'share' | 'file' | 'asked';
  }[];
}

export interface Forecast {
  readonly next_file: { readonly requirement_paise: number; readonly shortfall_paise: number };
  readonly days: readonly {
    readonly ahead: number;
    readonly requirement_paise: number;
    readonly shortfall_paise: number;
    readonly added_paise: number;
    readonly rules: readonly string[];
    readonly expiring: readonly string[];
  }[];
}

/** What the day's executed orders cost; parts by name, in fields that end in _paise. */
export interface Charges {
  readonly orders: readonly {
    readonly id: string;
    readonly symbol: string;
    readonly side: string;
    readonly quantity: number;
    readonly average_price: number;
    readonly charges: Readonly<Record<string, number>> | null;
  }[];
  readonly total: Readonly<Record<string, number>>;
}

/** What would let a refused order pass. */
export interface Fix {
  readonly text: string;
  readonly add_paise: number;
  readonly hedge: { readonly exchange: string; readonly symbol: string; readonly quantity: number; readonly price: number } | null;
}

/** A position in a stock derivative that nears its delivery. */
export interface Delivery {
  readonly account: string;

  readonly symbol: string;
  readonly underlying: string;
  readonly expiry: number;
  readonly days_to_expiry: number;
  readonly net: number;
  readonly shares: number;
  readonly value_paise: number;
}

/** Margin and collateral of all clients at the clearing corporations. */
export interface MemberCollateral {
  readonly age_seconds: number | null;
  readonly corporations: readonly Corporation[];
  readonly short_clients: number;
  readonly short_paise: number;
}

export interface Corporation {
  readonly corporation: string;
  readonly required_paise: number;
  readonly effective_paise: number;
  readonly used: number | null;
  readonly mode: string;
}

/** Exchange segments and who set them last. Times in milliseconds since 1970. */
export interface Segments {
  readonly segments: readonly {
    readonly segment: string;
    readonly state: 'OPEN' | 'PRE_OPEN' | 'REDUCE_ONLY' | 'CLOSED';
    readonly last_change: { readonly reason: string; readonly by: readonly string[]; readonly at: number } | null;
  }[];
  readonly requests: readonly SegmentRequest[];
}

export interface SegmentRequest {
  readonly id: string;
  readonly segment: string;
  readonly state: string;
  readonly reason: string;
  readonly requested_by: string;
  readonly expires_at: number;
}

/** A client in a list. */
export interface ClientLine {
  readonly account: string;
  readonly status: string;
  readonly killed: boolean;
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly needs_paise: number;
  readonly mtm_paise: number;
  readonly open_orders: number;
}

/** Times in milliseconds since 1970. */
export interface Alert {
  readonly id: number;
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly subject: string;
  readonly text: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly count: number;
  readonly cleared_at: number | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: number | null;
}

/** Who did what to a switch last, as far as the gateway has seen it. Times in milliseconds since 1970. */
export interface KillChange {
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export interface ReleaseRequest {
  readonly id: string;
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account: string | null;
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly expires_at: number;
}

/** Answer of /v1/kill-switches. */
export interface KillSwitches {
  readonly firm: { readonly engaged: boolean; readonly last_change: KillChange | null };
  readonly accounts: readonly { readonly account: string; readonly last_change: KillChange | null }[];
  readonly releases: readonly ReleaseRequest[];
}

/** One line of a limit upload; limits by column, 0 = none. */
export interface LimitRow {
  readonly line: number;
  readonly account: string;
  readonly before: Readonly<Record<string, number>> | null;
  readonly after: Readonly<Record<string, number>> | null;
  readonly error: string | null;
}

export interface FixSession {
  readonly name: string;
  readonly logged_on: boolean;
  readonly next_inbound: number;
  readonly next_outbound: number;
  readonly incarnation?: number;
  readonly settled_inbound?: number;
}

/** The state of the market data; ages in seconds, null before the first price. */
export interface Feed {
  readonly source: string;
  readonly state: string;
  readonly detail: string;
  readonly age_seconds: number | null;
  readonly stale: boolean;
  readonly segments: readonly {
    readonly exchange: string;
    readonly instruments: number;
    readonly stale: number;
    readonly age_seconds: number | null;
  }[];
  readonly stale_instruments: readonly { readonly exchange: string; readonly symbol: string; readonly age_seconds: number | null }[];
  readonly halts: readonly string[];
}

export interface Parameters {
  readonly label: string;
  readonly hash: string;
  readonly sources?: readonly { readonly role: string; readonly file: string; readonly age_seconds: number | null }[];
}

/** Open positions of one underlying. */
export interface Concentration {
  readonly underlying: string;
  readonly gross_paise: number;
  /** Of the gross value of the house, 0 to 1. */
  readonly share: number;
  readonly clients: readonly { readonly account: string; readonly gross_paise: number }[];
}

export interface RejectCount {
  readonly code: number;
  readonly name: string;
  readonly message?: string;
  readonly count: number;
}

/** The stream's state of `desk`. */
export interface DeskState {
  readonly totals: {
    readonly clients: number;
    readonly short: number;
    readonly needs_paise: number;
    readonly requirement_paise: number;
    readonly available_paise: number;
    readonly mtm_paise: number;
    readonly open_orders: number;
  };
  readonly shortfalls: readonly ClientLine[];
  readonly mtm: readonly ClientLine[];
  readonly rejects: readonly RejectCount[];
  readonly stuck: readonly Order[];
  readonly sessions: readonly FixSession[];
  readonly parameters: Parameters;
  readonly feed: Feed;
  readonly kill_switches: readonly { readonly scope: 'FIRM' | 'ACCOUNT'; readonly account: string }[];
}
