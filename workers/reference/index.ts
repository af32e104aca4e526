// The only door into workers/reference: a day's reference files in, one parameter table out.
export * from './bhavcopy.ts';
export * from './generate/clients.ts';
export * from './generate/day-files.ts';
export * from './generate/generate-day.ts';
export * from './generate/price-walk.ts';
export * from './load-in-thread.ts';
export * from './load-parameters.ts';
export * from './parameter-store.ts';
export * from './reference-error.ts';
export * from './risk-array-model.ts';
export * from './span/read-span.ts';
export * from './span/span-file.ts';
export * from './trading-days.ts';
