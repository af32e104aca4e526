// Topic alerts: the last alerts as they stand.
import type { Alert, AlertStore } from '../alerts/alert.ts';
import { type Principal, requireScope } from '../http/auth/principal.ts';
import type { TopicData } from './difference.ts';
import type { TopicSource } from './topic-source.ts';

/** Name of the topic. */
export const ALERTS_TOPIC = 'alerts';
const SHOWN = 50;

export class AlertsSource implements TopicSource {
  readonly silent: readonly string[] = [];
  readonly restMs = 50;
  readonly recheckMs = 5_000;
  private readonly store: Pick<AlertStore, 'recent'>;

  constructor(store: Pick<AlertStore, 'recent'>) {
    this.store = store;
  }

  owns(name: string): boolean {
    return name === ALERTS_TOPIC;
  }

  authorize(_name: string, principal: Principal): void {
    requireScope(principal, 'house:read');
  }

  async read(): Promise<TopicData> {
    return { recent: this.store.recent(undefined, SHOWN).alerts.map(alertAnswer) };
  }
}

function alertAnswer(alert: Alert): object {
  const { id, kind, severity, subject, text, firstSeen, lastSeen, count, clearedAt, acknowledgedBy, acknowledgedAt } = alert;
  return {
    id,
    kind,
    severity,
    subject,
    text,
    first_seen: firstSeen,
    last_seen: lastSeen,
    count,
    cleared_at: clearedAt,
    acknowledged_by: acknowledgedBy,
    acknowledged_at: acknowledgedAt,
  };
}
