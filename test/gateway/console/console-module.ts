// Modules of the console as Node loads them: those that touch no page can be tried without a browser.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../house/source-files.ts';

/** Folder of the console. */
export const CONSOLE: string = join(ROOT, 'gateway/console');

/** A module of gateway/console/js, by file name. The caller says what it exports: the modules are plain JavaScript. */
export async function consoleModule<Exports>(name: string): Promise<Exports> {
  return (await import(pathToFileURL(join(CONSOLE, 'js', name)).href)) as Exports;
}
