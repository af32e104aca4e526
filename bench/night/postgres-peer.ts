// A PostgreSQL of its own for the time of a bench: made in a directory, reached by a socket in it, gone afterwards. It will not run as root, so as root it runs
// as the user of its package. Absent when its programs are not installed.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
const HERE = import.meta.dirname;
const STOP_MILLIS = 30_000;

/** Directory of initdb and pg_ctl, newest version; undefined when there is none. */
export function postgresPrograms(): string | undefined {
  for (const root of ROOTS) {
    if (!existsSync(root)) continue;
    const found = readdirSync(root)
      .map((version) => join(root, version, 'bin'))
      .filter((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'psql')))
      .sort();
    if (found.length > 0) return found.at(-1);
  }
  return undefined;
}

/** See the file's head. */
export class PostgresPeer {
  private readonly bin: string;
  private readonly directory: string;

  /** Makes and starts it in `directory`, which must be empty and anyone's to enter. */
  constructor(bin: string, directory: string) {
    this.bin = bin;
    this.directory = directory;
    chmodSync(directory, 0o777);
    const data = join(directory, 'data');
    this.run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
    writeFileSync(join(data, 'postgresql.conf'), `${readFileSync(join(HERE, 'postgres.conf'), 'utf8')}unix_socket_directories = '${directory}'\n`);
    this.run('pg_ctl', ['-D', data, '-w', '-l', join(directory, 'log'), 'start']);
  }

  /** Runs a script with psql variables, `input` on its standard input; resolves to what it printed. Rejects with psql's words. */
  script(file: string, variables: Readonly<Record<string, string>>, input: string): Promise<string> {
    const set = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
    const args = [
      '-h',
      this.directory,
      '-U',
      'postgres',
      '-X',
      '-q',
      '-t',
      '-A',
      '-v',
      'ON_ERROR_STOP=1',
      ...set,
      '-f',
      join(HERE, file),
      'postgres',
    ];
    const child = spawn('/bin/sh', ['-c', `exec "$0" "$@" < '${input}'`, join(this.bin, 'psql'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, wrong] = ['', ''];
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => (wrong += String(text)));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${file}: ${wrong.trim()}`))));
    });
  }

  stop(): void {
    this.run('pg_ctl', ['-D', join(this.directory, 'data'), '-m', 'immediate', '-t', String(STOP_MILLIS / 1_000), 'stop']);
  }

  private run(program: string, args: readonly string[]): void {
    const path = join(this.bin, program);
    const [command, all] = process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, [...args]];
    const { status, stderr, error } = spawnSync(command, all, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
  }
}
