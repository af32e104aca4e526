// How much of what a client has is used, watched after every command that moved either: an alert, and risk-reduction mode, in which only reducing orders
// pass. Both are left only below a lower mark than they were entered at, so they are state, kept in the client's flags. Off unless the day's
// policy names the marks.
import { EventField, EventKind } from '../event/layout.ts';
import { BEFORE } from '../margin/margin-book.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { Client, ClientFlag } from '../state/client-table.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { Verdict } from '../verdict.ts';
import type { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';

const WHOLE = 10_000;
/** Scratch: a double that is returned may become a heap object. */
const funds = new Verdict();

/** Levels of use, as UtilisationChanged gives them (value after, limit before). Numbers are for ever. */
export const Utilisation = { NORMAL: 0, ALERT: 1, RISK_REDUCTION: 2 } as const;

/** Marks of a day's policy, 1/10,000 of the available funds; enterAt 0 = not watched. */
export interface UtilisationMarks {
  readonly alertAt: number;
  readonly enterAt: number;
  readonly leaveBelow: number;
}

/** Reads them from OpenDay's policy; absent = not watched. */
export function readMarks(policy: BodyReader): UtilisationMarks {
  if (!policy.has('riskReduction')) return { alertAt: 0, enterAt: 0, leaveBelow: 0 };
  const read = policy.inner('riskReduction');
  const enterAt = read.integer('enterAt', 1, WHOLE);
  const alertAt = read.integer('alertAt', 1, enterAt);
  const leaveBelow = read.integer('leaveBelow', 1, enterAt);
  if (policy.error === '') policy.error = read.error;
  return { alertAt, enterAt, leaveBelow };
}

/** Begins a day: sets the marks, and looks at every client by them. */
export function startWatching(out: Emission, marks: UtilisationMarks): void {
  const { meta, clients } = out.state;
  meta.setU16(META_ROW, Meta.alertAt, marks.alertAt);
  meta.setU16(META_ROW, Meta.enterAt, marks.enterAt);
  meta.setU16(META_ROW, Meta.leaveBelow, marks.leaveBelow);
  for (let client = 1; client < clients.rows; client++) {
    if (!clients.isLive(client)) continue;
    const flags = clients.u32(client, Client.flags);
    const others = flags & ~(ClientFlag.ALERTED | ClientFlag.RISK_REDUCTION);
    if (marks.enterAt === 0 && others !== flags) clients.setU32(client, Client.flags, others);
    out.touch(client);
  }
}

/** Looks at the clients the command touched, in row order; one UtilisationChanged for each whose level is another than before. */
export function watchUtilisation(out: Emission): void {
  const { state } = out;
  if (state.meta.u16(META_ROW, Meta.enterAt) === 0) return;
  const count = out.sortTouched();
  for (let i = 0; i < count; i++) watchClient(out, out.touchedAt(i));
}

function watchClient(out: Emission, client: number): void {
  const { state } = out;
  const { clients, meta } = state;
  const flags = clients.u32(client, Client.flags);
  const enterAt = meta.u16(META_ROW, Meta.enterAt);
  const leaveBelow = meta.u16(META_ROW, Meta.leaveBelow);
  const alertAt = meta.u16(META_ROW, Meta.alertAt);
  const isReducing = isUsed(state, client, (flags & ClientFlag.RISK_REDUCTION) === 0 ? enterAt : leaveBelow);
  // The alert has the same distance between its two marks.
  const isAlerted = isUsed(state, client, (flags & ClientFlag.ALERTED) === 0 ? alertAt : Math.max(1, alertAt - enterAt + leaveBelow));
  const others = flags & ~(ClientFlag.ALERTED | ClientFlag.RISK_REDUCTION);
  const now = others | (isAlerted ? ClientFlag.ALERTED : 0) | (isReducing ? ClientFlag.RISK_REDUCTION : 0);
  if (now === flags) return;
  clients.setU32(client, Client.flags, now);
  if (levelOf(now) === levelOf(flags)) return;
  out.note(client);
  const event = out.margin(out.account(out.begin(EventKind.UtilisationChanged), client), client);
  event.f64(EventField.value, levelOf(now)).f64(EventField.limit, levelOf(flags));
}

/** Utilisation level that a client's flags stand for. */
export function levelOf(flags: number): number {
  if ((flags & ClientFlag.RISK_REDUCTION) !== 0) return Utilisation.RISK_REDUCTION;
  return (flags & ClientFlag.ALERTED) !== 0 ? Utilisation.ALERT : Utilisation.NORMAL;
}

/** Is at least `mark` (1/10,000) of the available funds used? */
function isUsed(state: SlotState, client: number, mark: number): boolean {
  const requirement = weighHouse(state, client, null, null)?.[BEFORE] ?? 0;
  fillAvailable(funds, state, client);
  return requirement > 0 && (funds.available <= 0 || requirement * WHOLE >= funds.available * mark);
}
