// A command on behalf of an HTTP caller: what the engine refuses, the caller is refused with its words.
import { RejectCode } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import { rejectText } from '../reject-text.ts';
import type { CommandAnswer, CommandSender } from './command-sender.ts';

/** A rare command: its kind, the slot or ALL_SLOTS it is for, and its body. */
export interface RareCommand {
  readonly kind: number;
  readonly slot: number;
  readonly body: object;
}

/** Sends it; refuses with 409 when a slot refused it. `malformed`: what commandMalformed comes to, where the caller has checked the body's form before. */
export async function tellEngine(sender: CommandSender, { kind, slot, body }: RareCommand, malformed?: string): Promise<void> {
  refuseRefused(await sender.ask(kind, slot, body), malformed);
}

/** Refuses with 409 what was refused. */
export function refuseRefused({ refused, rejectCode }: CommandAnswer, malformed?: string): void {
  if (refused === 0) return;
  throw refusal('TZ-REFUSED', rejectCode === RejectCode.commandMalformed && malformed !== undefined ? malformed : rejectText(rejectCode).text);
}
