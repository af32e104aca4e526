// Sends bytes to a FIX port and shows what comes back for a moment, delimiters as bars: for trying FIX by hand where there is no nc.
import { connect } from 'node:net';

const LISTEN_MILLIS = 1500;

/** Resolves to the answers, one message a line. Rejects when the port cannot be reached. */
export function sendBytes(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let answers = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      answers += chunk.toString('latin1');
    });
    socket.once('error', reject);
    setTimeout(() => {
      socket.destroy();
      resolve(answers.replaceAll('\x018=FIX', '\x01\n8=FIX').replaceAll('\x01', '|'));
    }, LISTEN_MILLIS);
  });
}
