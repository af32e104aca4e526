// The load generator's door: a client process that plans its send times and measures from the plan, and the bare echo it is compared with.
export { startEchoFloor } from './echo-floor.ts';
export type { OrderTemplate } from './order-stream.ts';
export type { LoadPlan, Phase, PhaseResult } from './plan.ts';
export { runLoad } from './run-load.ts';
