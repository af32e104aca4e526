// A child process that answers one question at a time over IPC; its death before an answer is an error that carries what it said.
import { type ChildProcess, fork } from 'node:child_process';

export class AskedProcess<Question extends object, Answer> {
  private readonly child: ChildProcess;
  private output = '';

  constructor(file: URL) {
    this.child = fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-4_000);
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
  }

  /** Resolves to the answer; rejects when the process ends before it. */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const died = (code: number | null): void => reject(new Error(`the process ended with ${code}: ${this.output}`));
      this.child.once('exit', died);
      this.child.once('message', (answer) => {
        this.child.off('exit', died);
        resolve(answer as Answer);
      });
      this.child.send(question);
    });
  }

  /** Ends the process and resolves when it is gone. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}
