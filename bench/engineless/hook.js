// Puts bench/engineless/fold.ts in the place of the engine's fold, for a gateway of a bench: node --import. Plain JavaScript, because it is loaded
// before all else.
import { registerHooks } from 'node:module';

const FOLD = new URL('./fold.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.endsWith('/workers/engine-fold.ts') && context.parentURL !== FOLD ? FOLD : specifier, context),
});
