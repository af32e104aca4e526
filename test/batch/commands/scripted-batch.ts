// The real command line of tarazu-batch with bodies that follow a script: a hook gives batch/nodes/index.ts another source, everything else is as it
// ships. Run as: node --import THIS batch/main.ts ARGS; the script's words are in TARAZU_SCRIPT, as KEY=WORD,KEY=WORD.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url.endsWith('/batch/nodes/index.ts') ? { ...found, url: new URL('./scripted-nodes.ts', import.meta.url).href } : found;
  },
});
