// DBOS Transact brought to the job of the steps bench: workflows whose steps do nothing, each step's result stored in PostgreSQL. Typed by what is
// used. A process has one of it: launched once, ended once.
import type { Peer } from '../peers.ts';

interface Handle {
  getResult(): Promise<number>;
}
interface Library {
  readonly DBOS: {
    setConfig(config: object): void;
    registerWorkflow(work: (steps: number) => Promise<number>, options: { readonly name: string }): (steps: number) => Promise<number>;
    runStep(work: () => Promise<object>, options: { readonly name: string }): Promise<object>;
    startWorkflow(work: (steps: number) => Promise<number>): (steps: number) => Promise<Handle>;
    launch(): Promise<void>;
    shutdown(): Promise<void>;
  };
}

/** Steps a second of `workflows` at once with so many steps each. */
export type DbosSteps = (workflows: number, steps: number) => Promise<number>;

/** Launches DBOS on the PostgreSQL whose socket is in `socket`, lets `work` measure, ends it. */
export async function withDbos<Result>(
  peer: Extract<Peer, { module: unknown }>,
  socket: string,
  work: (steps: DbosSteps) => Promise<Result>,
): Promise<Result> {
  const { DBOS } = peer.module as Library;
  const systemDatabaseUrl = `postgresql://postgres@localhost/steps?host=${encodeURIComponent(socket)}`;
  DBOS.setConfig({ name: 'steps', systemDatabaseUrl, logLevel: 'error' });
  const workflow = DBOS.registerWorkflow(
    async (steps) => {
      for (let step = 1; step <= steps; step++) await DBOS.runStep(async () => ({ step }), { name: `step-${step}` });
      return steps;
    },
    { name: 'steps' },
  );
  await DBOS.launch();
  try {
    return await work(async (workflows, steps) => {
      const begin = performance.now();
      const handles = await Promise.all(Array.from({ length: workflows }, () => DBOS.startWorkflow(workflow)(steps)));
      const done = await Promise.all(handles.map((handle) => handle.getResult()));
      if (done.some((count) => count !== steps)) throw new Error('a workflow of DBOS did not end');
      return (workflows * steps * 1_000) / (performance.now() - begin);
    });
  } finally {
    await DBOS.shutdown();
  }
}
