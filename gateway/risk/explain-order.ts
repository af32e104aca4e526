// Why a verdict was what it was: the slot is folded, from the nearest snapshot, to just before the order, and the same decision is asked for its
// reasons. Reads the journal beside a running gateway and changes nothing.
import { ACCOUNT_BYTES, type CheckTrace, LimitLevel, MarginBasis, type OrderMargin, PlaceOrder, RejectCode } from '../../engine/index.ts';
import { type NightPool, parametersDirectory } from '../../workers/index.ts';
import { hasTable, loadTable } from '../../workers/reference/index.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import { fixText, type MarginLine, marginLines } from './margin-lines.ts';

/** Margin trees, each from the top. */
export interface OrderMarginLines {
  readonly before: readonly MarginLine[];
  readonly after: readonly MarginLine[];
  readonly filled: readonly MarginLine[];
}

/** An explained order. Amounts in paise; a check's value and limit in its own unit. */
export interface ExplainedOrder {
  readonly orderId: string;
  readonly account: string;
  readonly command: string;
  readonly verdict: string;
  readonly code: number;
  readonly message: string;
  readonly businessDate: number;
  readonly ruleSet: number;
  readonly parametersHash: string;
  readonly parameterFiles: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
  readonly timeMicros: number;
  readonly requirementBefore: number;
  readonly requirementAfter: number;
  readonly available: number;
  /** Of what is available: sales delivered early, and what was paid in early and is not there any more. */
  readonly earlySales: number;
  readonly earlyPaid: number;
  /** How the order counted: netted with positions and other orders, or gross, by itself, as in a pre-open session. */
  readonly marginBasis: 'netted' | 'gross';
  readonly checks: readonly (Omit<CheckTrace, 'level'> & { readonly level: string })[];
  /** The client's margin as it was, with the order working, and with it filled, from the top; null where margin was not weighed. */
  readonly margin: OrderMarginLines | null;
  /** What would have let it pass, where margin or funding is what it lacked. */
  readonly fix: string | null;
  /** Does the journalled verdict agree with the one derived again? */
  readonly agrees: boolean;
  readonly commandsFolded: number;
  readonly seconds: number;
}

/** Explains command `sequence` of `slot`; undefined when the journal does not hold it. Rejects with RangeError when it is not an order command. */
export async function explainOrder(pool: NightPool, dataDir: string, slot: number, sequence: number): Promise<ExplainedOrder | undefined> {
  const explained = await pool.explain({ dataDir, slot, sequence });
  if (explained === undefined) return undefined;
  const { explanation, journalled, margin } = explained;
  const { code, parametersHash } = explanation;
  const directory = parametersDirectory(dataDir);
  return {
    orderId: `${slot}-${sequence}`,
    account: accountIn(explained.command),
    command: explanation.command,
    verdict: code === RejectCode.none ? 'accepted' : rejectName(code),
    code,
    message: rejectText(code).text,
    businessDate: explanation.businessDate,
    ruleSet: explanation.ruleSet,
    parametersHash,
    parameterFiles: hasTable(directory, parametersHash) ? loadTable(directory, parametersHash).details.sources : [],
    timeMicros: explanation.time,
    requirementBefore: explanation.requirementBefore,
    requirementAfter: explanation.requirementAfter,
    available: explanation.available,
    earlySales: margin?.before.early.sales ?? 0,
    earlyPaid: margin?.before.early.paid ?? 0,
    marginBasis: explanation.marginBasis === MarginBasis.GROSS ? 'gross' : 'netted',
    checks: explanation.checks.map((check) => ({ ...check, level: levelName(check.level) })),
    margin: margin === undefined ? null : linesOf(margin),
    fix: margin?.fix === undefined ? null : fixText(margin.fix),
    agrees: journalled[0]?.rejectCode === code,
    commandsFolded: explained.folded,
    seconds: explained.seconds,
  };
}

function linesOf({ before, after, filled }: OrderMargin): OrderMarginLines {
  return { before: marginLines(before.requirement), after: marginLines(after.requirement), filled: marginLines(filled.requirement) };
}

/** Account of an order command: every kind has it in the same place. */
function accountIn(command: Uint8Array): string {
  const field = command.subarray(PlaceOrder.account, PlaceOrder.account + ACCOUNT_BYTES);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('latin1');
}

/** Name of a limit level; '' for none. */
function levelName(level: number): string {
  return Object.keys(LimitLevel).find((name) => level !== 0 && LimitLevel[name as keyof typeof LimitLevel] === level) ?? '';
}
