// The question a decision answers, resolved: who, what, how much, and what the client has working besides. Filled once per decision, read
// by the checks, and reused: nothing here is allocated per order. Holds no rule.
import { CommandView } from '../command/command-view.ts';
import { CONTRACT_STRIDE } from '../margin/contract-row.ts';
import { OrderTerms } from '../margin/order-terms.ts';
import { SlotState } from '../state/slot-state.ts';
import { Verdict } from '../verdict.ts';
import type { Trace } from './trace.ts';

/** Read in place of an unknown contract. */
export const NO_CONTRACT: Float64Array = new Float64Array(CONTRACT_STRIDE);

export class DecisionContext extends Verdict {
  state: SlotState = new SlotState(0);
  command: CommandView = new CommandView();
  /** Byte offset of the command's account and ClOrdID in its buffer. */
  accountAt = 0;
  clOrdIdAt = 0;
  /** Rows, 0 = none; instrument row of the table in force, -1 = none. */
  client = 0;
  knownId = 0;
  order = 0;
  position = 0;
  instrument = -1;
  /** The order as it would be. Quantity is its total in units; leaves what is still to be filled. */
  segment = 0;
  token = 0;
  side = 0;
  ordType = 0;
  timeInForce = 0;
  product = 0;
  /** Part it plays among linked orders (Leg), and the row of the entry a leg names, 0 = none. */
  leg = 0;
  entry = 0;
  /** Ticks from an entry's price to its target, 0 = none. Only where leg is ENTRY or RELEASED. */
  targetWay = 0;
  quantity = 0;
  leaves = 0;
  filled = 0;
  price = 0;
  stopPx = 0;
  displayQuantity = 0;
  /** Ticks it is valued at, and paise of quantity and of leaves at that price. */
  valuation = 0;
  orderValue = 0;
  leavesValue = 0;
  /** Paise that an order in MTF has the house lend beside what it does already, once its limits were checked. */
  fundingRise = 0;
  /** Position row's net, and units others of the client's orders may still buy and sell in it. */
  net = 0;
  buyLeaves = 0;
  sellLeaves = 0;
  /** Units in demat that a delivery sale may use. */
  deliverable = 0;
  /** Paise of the client's other open orders. */
  openOrderValue = 0;
  /** The order as the margin book would hold it, and as it does (a replace). */
  readonly adding: OrderTerms = new OrderTerms();
  readonly removing: OrderTerms = new OrderTerms();
  removes = false;
  /** The client's row as doubles: field f of the row is cells[clientAt + (f >> 3)]. Read so, no double crosses a call. */
  cells: Float64Array = new Float64Array(0);
  clientAt = 0;
  /** The contract's row in the same way: cells of Contract from contractAt on; zeroes while the instrument is not known. */
  contracts: Float64Array = NO_CONTRACT;
  contractAt = 0;
  /** Collects every check for explain; null in a live decision. */
  trace: Trace | null = null;

  /** Leaves a check's figures for the verdict. */
  measure(value: number, limit: number, level: number): void {
    this.value = value;
    this.limit = limit;
    this.level = level;
  }

  /** A check whose failure leaves the later ones nothing to compute with. */
  must(check: number, code: number): number {
    return this.trace === null ? code : this.trace.record(this, check, code, true);
  }

  /** Any other check: explain notes it and goes on. */
  test(check: number, code: number): number {
    return this.trace === null ? code : this.trace.record(this, check, code, false);
  }
}
