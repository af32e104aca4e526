// Clients' margin under arrays derived again from live prices: what the next file would ask if it came now. Runs in the night pool on copies of the
// clients, so that neither shard nor fold knows of it. Keeps the arrays of the last table, because deriving them all is the dear part.
import { clientSummaries, clientView, type ParameterTable, SlotState, type UnderlyingMargin } from '../engine/index.ts';
import { parametersDirectory } from './parameter-files.ts';
import { hasTable, LiveArrays, loadTable, type OptionModel } from './reference/index.ts';

/** A client to be margined. */
export interface LiveClient {
  readonly slot: number;
  readonly account: string;
  /** Snapshot of the client alone; see clientCopy. */
  readonly copy: Uint8Array;
}

/** The clients and the prices. */
export interface LiveQuestion {
  readonly dataDir: string;
  readonly parametersHash: string;
  readonly clients: readonly LiveClient[];
  /** Price of each of the clients' underlyings as a multiple of the file's, by row of the table. */
  readonly factors: readonly (readonly [number, number])[];
}

/** One client, paise. */
export interface LiveMargin {
  readonly asOfFile: number;
  readonly live: number;
  readonly available: number;
  /** Live, by underlying and cash instrument. */
  readonly underlyings: readonly UnderlyingMargin[];
}

/** The clients in the order they were asked about; the prices in that of the factors. */
export interface LiveAnswer {
  readonly clients: readonly LiveMargin[];
  readonly prices: readonly LivePrice[];
}

/** One underlying: ticks in the file and now; how far the model was from the file, in parts of the scan range, and which it is; null where there is none. */
export interface LivePrice {
  readonly symbol: string;
  readonly file: number;
  readonly live: number;
  readonly residual: number | null;
  readonly model: OptionModel | null;
}

/** Answers one question after the other; one per thread. */
export class LiveMargins {
  private hash = '';
  private file: ParameterTable | undefined;
  private arrays: LiveArrays | undefined;

  /** Undefined when the table is not in the directory's store. */
  answer({ dataDir, parametersHash, clients, factors }: LiveQuestion): LiveAnswer | undefined {
    const arrays = this.arraysOf(parametersDirectory(dataDir), parametersHash);
    if (arrays === undefined || this.file === undefined) return undefined;
    const { file } = this;
    const moved = factors.map(([underlying, factor]) => this.move(arrays, file, underlying, factor));
    // Once for all of them: what was compiled from the arrays is compiled again.
    if (moved.some(({ hasMoved }) => hasMoved)) arrays.renew();
    const prices = moved.map(({ price }) => price);
    return { clients: clients.map((client) => marginOf(client, file, arrays.table)), prices };
  }

  private arraysOf(directory: string, hash: string): LiveArrays | undefined {
    if (this.arrays === undefined || this.hash !== hash) {
      if (!hasTable(directory, hash)) return undefined;
      this.file = loadTable(directory, hash);
      this.arrays = new LiveArrays(this.file);
      this.hash = hash;
    }
    return this.arrays;
  }

  private move(
    arrays: LiveArrays,
    file: ParameterTable,
    underlying: number,
    factor: number,
  ): { readonly price: LivePrice; readonly hasMoved: boolean } {
    const spot = file.spot[underlying] ?? 0;
    const wanted = Math.round(spot * factor);
    const found = arrays.calibrationOf(underlying);
    const hasMoved = arrays.table.spot[underlying] !== wanted && arrays.move(underlying, wanted) > 0;
    const live = arrays.table.spot[underlying] ?? spot;
    return {
      price: { symbol: file.underlyingName(underlying), file: spot, live, residual: found?.residual ?? null, model: found?.model ?? null },
      hasMoved,
    };
  }
}

function marginOf({ slot, account, copy }: LiveClient, file: ParameterTable, live: ParameterTable): LiveMargin {
  const state = SlotState.restore(slot, copy);
  state.rebuild(file);
  const asOfFile = clientSummaries(state)[0]?.requirement ?? 0;
  state.rebuild(live);
  const view = clientView(state, account);
  return { asOfFile, live: view?.requirement ?? 0, available: view?.available ?? 0, underlyings: view?.underlyings ?? [] };
}
