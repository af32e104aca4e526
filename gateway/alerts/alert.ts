// What an alert is: a condition of engine or gateway that a person should know of. Kinds are a table for ever: appended, never renamed, because rules,
// webhooks and dashboards key on them. No amount of one client and no PAN stands in an alert's text; the subject names the account.

/** How soon somebody must look. */
export type AlertSeverity = 'info' | 'warning' | 'critical';

/** Every kind of alert: its severity, and what the subject names. */
export const ALERT_KINDS = {
  /** Orders accepted and not confirmed within the verdict's validity. Subject: account. */
  stuckOrders: { severity: 'warning', subject: 'account' },
  /** A report did not fit what the engine knows. Subject: account. */
  breakOpened: { severity: 'warning', subject: 'account' },
  /** The requirement is above the available funds. Subject: account. */
  marginShortfall: { severity: 'critical', subject: 'account' },
  /** 80 % of the available funds are used. Subject: account. */
  utilisation80: { severity: 'info', subject: 'account' },
  /** 90 % of the available funds are used. Subject: account. */
  utilisation90: { severity: 'warning', subject: 'account' },
  /** No price for longer than a segment allows. Subject: segment, or 'feed' for the whole source. */
  feedStale: { severity: 'warning', subject: 'segment' },
  /** The SPAN file in force is older than it may be. Subject: the file's label. */
  parametersOld: { severity: 'warning', subject: 'file' },
  /** Tables on disk are far behind the journal: a restart would take long. Subject: 'checkpoint'. */
  checkpointLag: { severity: 'warning', subject: 'checkpoint' },
  /** A FIX session is down in trading hours. Subject: session. */
  sessionDown: { severity: 'critical', subject: 'session' },
  /** Many rejections in a short time. Subject: RejectCode name. */
  rejectBurst: { severity: 'warning', subject: 'code' },
  /** The disk of the journal is nearly full. Subject: 'journal'. */
  journalDiskLow: { severity: 'critical', subject: 'disk' },
  /** A kill switch is engaged. Subject: 'FIRM', or the account. */
  killSwitch: { severity: 'critical', subject: 'scope' },
  /** The exchange halted an index or a segment. Subject: segment or index. */
  marketHalt: { severity: 'critical', subject: 'segment' },
  /** The member uses most of what is placed at a clearing corporation. Subject: NCL, ICCL or MCXCCL. */
  memberUtilisation: { severity: 'warning', subject: 'corporation' },
  /** The member is in risk-reduction mode at a clearing corporation. Subject: NCL, ICCL or MCXCCL. */
  memberRiskReduction: { severity: 'critical', subject: 'corporation' },
  /** Less is placed for a client at a clearing corporation than its positions ask. Subject: account. */
  shortAllocation: { severity: 'warning', subject: 'account' },
  /** Shares bought with funding (MTF) are on the last day their pledge can be accepted. Subject: account. */
  pledgeLastDay: { severity: 'warning', subject: 'account' },
  /** Their pledge was not accepted in time: they are to be squared off. Subject: account. */
  pledgeLapsed: { severity: 'critical', subject: 'account' },
  /** They have lost most of the money behind them: they are to be squared off. Subject: account. */
  fundedLoss: { severity: 'critical', subject: 'account' },
} as const;

/** Name of a kind. */
export type AlertKind = keyof typeof ALERT_KINDS;

/** One alert as it stands. Times are milliseconds since 1970. */
export interface Alert {
  /** Grows with every alert raised; unique for ever in a data directory. */
  readonly id: number;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** What it is about: account, session, segment … (see ALERT_KINDS). */
  readonly subject: string;
  /** A sentence for a person. */
  readonly text: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** How often the condition was seen since firstSeen. */
  readonly count: number;
  /** When the condition ended; null while it lasts. */
  readonly clearedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
}

/** What became of an alert, for listeners. */
export type AlertChange = 'raised' | 'repeated' | 'cleared' | 'acknowledged';

/** One page of alerts. */
export interface AlertPage {
  /** Newest first. */
  readonly alerts: readonly Alert[];
  /** Cursor of the next (older) page; undefined on the last. */
  readonly next: string | undefined;
}

/** What routes and streams ask of the alerts. */
export interface AlertStore {
  /** Newest first, active and cleared. `cursor` is a page's `next`; anything else is refused with a RangeError. */
  recent(cursor: string | undefined, limit: number): AlertPage;
  /** Marks an alert as seen by a person; the first one stands. Undefined when there is none of that id (any more). */
  acknowledge(id: number, by: string): Alert | undefined;
  /** Calls back after every change; the returned function stops it. */
  onChange(listener: (alert: Alert, change: AlertChange) => void): () => void;
}
