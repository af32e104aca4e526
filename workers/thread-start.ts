// How every thread of ours is started: with the cache of code, which a thread does not have from the one that starts it.

/** URL of the module that `node --import` takes before all others. */
export const CODE_CACHE: string = new URL('bin/code-cache.js', import.meta.url).href;

/** Options for `new Worker` and `new Piscina`. Where the process itself was given flags, a thread has them all, the cache among them when it was named. */
export const THREAD_START: { readonly execArgv?: string[] } = process.execArgv.length === 0 ? { execArgv: ['--import', CODE_CACHE] } : {};
