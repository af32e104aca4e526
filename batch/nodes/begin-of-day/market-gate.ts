// The gate of the morning. Until it is green the engine's day is not open and every order is refused; the first segment's gate opens it, because a segment whose
// files did not come has no instruments in the table and refuses its orders by that. Where two persons went on without a node, the day opens reduce-only:
// active accounts may only close, until a gate runs green and gives them back.

import { readFileSync } from 'node:fs';
import { type OpenDayBody, SLOT_COUNT } from '../../../engine/index.ts';
import { FileError } from '../../files/file-error.ts';
import { dayGraph } from '../../graph/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { type Gate, type NodeBody, type NodeContext, PermanentFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, planned, takenState } from '../engine/engine-inbox.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import type { FetchParts } from '../fetch-file.ts';
import { housePolicy } from './house-policy.ts';

/** The rule set new days are opened under. */
const RULE_SET = 1;
/** Role of the list of accounts a gate has put on reduce-only. */
const REDUCED_ROLE = 'reduce-only-accounts';

/** Body of the two nodes that join: which of what they wait for was gone on without. */
export const readyBody: NodeBody = async (context) => {
  const without = dayGraph()
    .instance(context.key)
    .waitsFor.filter((key) => Object.keys(context.outputsOf(key)).length === 0);
  return { outputs: { without }, note: without.length === 0 ? '' : `without ${without.join(', ')}` };
};

/** Body of the gate of one segment. */
export function gateBody(parts: FetchParts): NodeBody {
  return async (context) => {
    const { dataDirectory } = parts;
    const without = [`BOD-READY-DATA@${context.segment}`, 'BOD-READY-HEALTH'].flatMap((key) => withoutOf(context, key));
    const { gate, commands } = await oneAtATime(dataDirectory, async () => {
      const engine = await readEngine(dataDirectory);
      if (engine.slots.length < SLOT_COUNT || engine.slots.some(({ parametersHash }) => parametersHash === ''))
        throw new PermanentFault('the engine has no parameters: without a reload it cannot be opened, not even reduce-only');
      const standing = without.length > 0 ? reducing(parts, context, engine) : restoring(parts, context, engine);
      const commands = [...opening(parts, context, engine), ...standing];
      if (commands.length === 0) return { gate: openGate(engine, context), commands };
      await appendAll(dataDirectory, commands);
      const { state } = await takenState(dataDirectory, (taken) => openGate(taken, context).right === SLOT_COUNT);
      return { gate: openGate(state, context), commands };
    });
    const mode = without.length > 0 ? 'reduce-only' : 'open';
    return {
      outputs: { mode, without, commands: commands.length },
      gates: [gate],
      note: mode === 'open' ? 'open' : `open for closing only: went on without ${without.join(', ')}`,
    };
  };
}

function withoutOf(context: NodeContext, key: string): string[] {
  const { without } = context.outputsOf(key);
  if (!Array.isArray(without)) return [key];
  return without.map(String);
}

const businessDateOf = ({ date }: NodeContext): number => Number(date.replaceAll('-', ''));

function opening({ dataDirectory }: FetchParts, context: NodeContext, { slots }: EngineState): PlannedCommand[] {
  const businessDate = businessDateOf(context);
  const other = slots.find((slot) => slot.isOpen && slot.businessDate !== businessDate);
  if (other !== undefined) throw new PermanentFault(`the engine still has ${other.businessDate} open: its end of day has to close it first`);
  if (slots.every(({ isOpen }) => isOpen)) return [];
  try {
    const body: OpenDayBody = { businessDate, ruleSet: RULE_SET, policy: housePolicy(dataDirectory) };
    return [planned(context.date, 'open-day', { kind: 'OpenDay', slot: 'all', body })];
  } catch (error) {
    if (error instanceof FileError) throw new PermanentFault(error.message);
    throw error;
  }
}

/** Every active account; the list is kept first, so that whatever was reduced is given back. */
function reducing({ files }: FetchParts, context: NodeContext, { clients }: EngineState): PlannedCommand[] {
  const accounts = [...clients.values()].filter(({ status }) => status === 'ACTIVE');
  if (accounts.length === 0) return [];
  const bytes = Buffer.from(`${accounts.map(({ account }) => account).join('\n')}\n`, 'latin1');
  files.keep(REDUCED_ROLE, context.date, { name: 'accounts.txt', bytes, sha256: sha256Of(bytes) });
  return accounts.map(({ account, slot }) => statusCommand(context, account, slot, 'REDUCE_ONLY'));
}

/** Accounts an earlier gate reduced (this morning's, or the last day's) and that still are. */
function restoring({ files }: FetchParts, context: NodeContext, { clients }: EngineState): PlannedCommand[] {
  const path = files.of(REDUCED_ROLE, context.date) ?? files.before(REDUCED_ROLE, context.date)?.path;
  if (path === undefined) return [];
  return readFileSync(path, 'latin1')
    .split('\n')
    .flatMap((account) => {
      const client = clients.get(account);
      return client?.status === 'REDUCE_ONLY' ? [statusCommand(context, account, client.slot, 'ACTIVE')] : [];
    });
}

const statusCommand = ({ date, runId }: NodeContext, account: string, slot: number, status: string): PlannedCommand =>
  planned(date, `${status}/${account}/${runId}`, { kind: 'UpdateAccount', slot, body: { account, status } });

function openGate({ slots }: EngineState, context: NodeContext): Gate {
  const open = slots.filter(({ isOpen, businessDate }) => isOpen && businessDate === businessDateOf(context));
  return { name: 'slots open: all, open', left: SLOT_COUNT, right: open.length };
}
