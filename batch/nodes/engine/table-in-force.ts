// The parameters the engine goes by, as the night reads them: by the hash its slots name.
import type { ParameterTable } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import type { EngineState } from './engine-state.ts';

/** The table in force; undefined without an engine, or before it was given one. */
export function tableInForce(dataDirectory: string, { slots }: Pick<EngineState, 'slots'>): ParameterTable | undefined {
  const hash = slots.find(({ parametersHash }) => parametersHash !== '')?.parametersHash;
  return hash === undefined ? undefined : loadTable(parametersDirectory(dataDirectory), hash);
}
