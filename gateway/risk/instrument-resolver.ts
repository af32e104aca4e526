// Finds the instrument a FIX message names: SecurityID(48) with SecurityExchange(207), or Symbol(55). Whether it exists is the engine's question:
// what resolves to nothing keeps token 0 and is refused there, journalled like everything else.
import { LENDING_SEGMENT, type ParameterTable } from '../../engine/index.ts';
import { parseInteger } from '../fix/codec/field-value.ts';
import type { MessageView } from '../fix/codec/message-view.ts';
import { SymbolIndex, segmentOfBytes } from './symbol-index.ts';

const TOKEN_MAX = 0xffffffff;
/** ExecutionReport(8). */
const EXECUTION = 0x38;
/** NewOrderSingle(D). */
const NEW_ORDER = 0x44;

export class InstrumentResolver {
  /** Result of the last resolve(). */
  segment = 0;
  token = 0;
  /** Names of the current table; undefined before the first parameters. */
  symbols: SymbolIndex | undefined;

  /** Uses another table from now on. */
  load(table: ParameterTable): void {
    this.symbols = new SymbolIndex(table);
  }

  /** Sets segment and token from the message; 0 where it names none. Allocates nothing. */
  resolve(message: MessageView): void {
    const exchange = message.index(207);
    const exchangeAt = exchange < 0 ? 0 : (message.starts[exchange] ?? 0);
    this.segment = exchange < 0 ? 0 : segmentOfBytes(message.bytes, exchangeAt, (message.ends[exchange] ?? 0) - exchangeAt);
    this.token = 0;
    // Only a new order is told what is wrong with lending; a fill of it is booked as one of no segment we know.
    if (this.segment === LENDING_SEGMENT) {
      if (message.msgType === NEW_ORDER) return;
      this.segment = 0;
    }
    // An order for an exchange we do not know must not become one for another that has the name too; a fill is a fact and finds what it can.
    if (exchange >= 0 && this.segment === 0 && message.msgType !== EXECUTION) return;
    const id = message.index(48);
    if (id >= 0) {
      const token = parseInteger(message.bytes, message.starts[id] ?? 0, message.ends[id] ?? 0);
      if (token > 0 && token <= TOKEN_MAX) this.token = token;
      return;
    }
    const symbol = message.index(55);
    if (symbol < 0 || this.symbols === undefined) return;
    const at = message.starts[symbol] ?? 0;
    const row = this.symbols.find(this.segment, message.bytes, at, (message.ends[symbol] ?? 0) - at);
    if (row < 0) return;
    this.segment = this.symbols.table.segment[row] ?? 0;
    this.token = this.symbols.table.token[row] ?? 0;
  }
}
