#!/usr/bin/env node
// The `tarazu` command, for any Node from 16 on.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../workers/bin/launch.js';

await launch('tarazu', join(dirname(fileURLToPath(import.meta.url)), '..', 'commands', 'index.ts'));
