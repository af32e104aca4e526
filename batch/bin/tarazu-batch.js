#!/usr/bin/env node
// The `tarazu-batch` command, for any Node from 16 on.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../workers/bin/launch.js';

await launch('tarazu-batch', join(dirname(fileURLToPath(import.meta.url)), '..', 'main.ts'));
