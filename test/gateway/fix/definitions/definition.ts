// Reads an acceptance definition file of the form QuickFIX publishes (*.def), one step a line:
//
//   # text                        comment
//   iCONNECT, iDISCONNECT         open or close a connection; i2,CONNECT is connection 2, without a number it is 1
//   eDISCONNECT                   the other side closes, with nothing more before it
//   I8=FIX.4.4<SOH>35=0<SOH>…     send these fields; 9 and 10 are filled in where absent
//   E8=FIX.4.4<SOH>35=0<SOH>…     expect these fields, in this order
//
// <TIME>, <TIME+n> and <TIME-n> stand for UTC of the moment the line is used, n seconds later or earlier. Fields are separated by SOH.

/** Separates fields. */
export const SOH: string = String.fromCharCode(1);

/** One step: its line number (from 1), what to do, on which connection (one digit), and the message as it was written. */
export interface Step {
  readonly line: number;
  readonly verb: 'connect' | 'disconnect' | 'expectDisconnect' | 'send' | 'expect';
  readonly connection: string;
  readonly text: string;
}

const VERBS: Readonly<Record<string, Step['verb']>> = {
  iCONNECT: 'connect',
  iDISCONNECT: 'disconnect',
  eDISCONNECT: 'expectDisconnect',
};

/** Steps of a definition in order. Throws an Error naming the line that is none. */
export function readDefinition(text: string): readonly Step[] {
  const steps: Step[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line !== '' && !line.startsWith('#')) steps.push(readStep(line, i + 1));
  });
  if (!steps.some((step) => step.verb === 'connect')) throw new Error('the definition never connects (no iCONNECT)');
  return steps;
}

function readStep(line: string, number: number): Step {
  const [, letter = '', connection = '1', text = ''] = /^([IEie])(?:(\d),)?(.*)$/s.exec(line) ?? [];
  if (letter === 'I' || letter === 'E') return { line: number, verb: letter === 'I' ? 'send' : 'expect', connection, text };
  const verb = VERBS[letter + text];
  if (verb === undefined) throw new Error(`line ${number}: not a step of an acceptor's definition: ${line.replaceAll(SOH, '|')}`);
  return { line: number, verb, connection, text: '' };
}

/** Times of a message put in, as of `now` (milliseconds since 1970). */
export function withTimes(text: string, now: number): string {
  return text.replace(/<TIME(?:([+-])(\d+))?>/g, (_, sign?: string, seconds?: string) => {
    const shift = Number(seconds ?? 0) * (sign === '-' ? -1_000 : 1_000);
    return new Date(now + shift).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
  });
}

/**
 * A message with BodyLength(9) and CheckSum(10) filled in where it has none. One that does not begin with 8 is left alone. With a CheckSum given, the
 * length counted leaves out the separator before it, as QuickFIX's own runner counts: such messages are meant to be wrong.
 */
export function withFrame(text: string): string {
  const head = new RegExp(`^8=.*?${SOH}`, 's').exec(text)?.[0];
  if (head === undefined) return text;
  const trailerAt = text.search(new RegExp(`${SOH}10=[^${SOH}]*${SOH}$`));
  const body = text.slice(head.length, trailerAt < 0 ? text.length : trailerAt);
  const framed = head + (new RegExp(`${SOH}9=`).test(text) ? '' : `9=${body.length}${SOH}`) + body;
  return framed + (trailerAt < 0 ? `10=${checkSum(framed)}${SOH}` : text.slice(trailerAt));
}

/** CheckSum(10) of the bytes before it: three digits. */
export function checkSum(covered: string): string {
  let sum = 0;
  for (let i = 0; i < covered.length; i++) sum += covered.charCodeAt(i);
  return String(sum % 256).padStart(3, '0');
}
