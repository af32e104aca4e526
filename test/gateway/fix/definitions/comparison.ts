// Is a message that arrived the one a definition expects? The same tags in the same order; times and numbers given by the other side are compared by
// their form, every other value exactly, BodyLength(9) too where the definition states it. What arrives must carry its true length and checksum.
import { checkSum, SOH } from './definition.ts';

const TIME = /^\d{8}-\d\d:\d\d:\d\d/;
const ANY = /./;

/** Fields whose value nobody can know beforehand: times, and ids the other side gives (ExecID, OrderID, SecondaryOrderID). */
const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ['10', /^\d{3}$/],
  ['17', ANY],
  ['37', ANY],
  ['42', TIME],
  ['52', TIME],
  ['60', TIME],
  ['75', /^\d{8}/],
  ['122', TIME],
  ['198', ANY],
]);

/** What is wrong with `received`, or undefined when it is as expected. `expected` is a line of a definition, its times put in. */
export function difference(expected: string, received: string): string | undefined {
  const frameFault = faultOfFrame(received);
  if (frameFault !== undefined) return frameFault;
  const found = fieldsOf(received);
  const wanted = complete(fieldsOf(expected));
  for (let i = 0; i < wanted.length; i++) {
    const { tag, value } = wanted[i] ?? { tag: '', value: '' };
    const actual = found[i];
    if (actual === undefined) return `field ${tag}=${value} is missing`;
    if (actual.tag !== tag) return `expected tag ${tag}, found ${actual.tag}=${actual.value}`;
    const form = value === UNSTATED ? ANY : FORMS.get(tag);
    if (form === undefined ? actual.value !== value : !form.test(actual.value)) return `field ${tag} should be ${value}, is ${actual.value}`;
  }
  const extra = found[wanted.length];
  return extra === undefined ? undefined : `field ${extra.tag}=${extra.value} is not expected`;
}

interface Field {
  readonly tag: string;
  readonly value: string;
}

const UNSTATED = '(not stated)';

function fieldsOf(message: string): Field[] {
  const texts = message.split(SOH);
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text) => {
    const at = text.indexOf('=');
    return at < 0 ? { tag: text, value: '' } : { tag: text.slice(0, at), value: text.slice(at + 1) };
  });
}

/** BodyLength after BeginString and CheckSum at the end, where a definition leaves them out. */
function complete(fields: readonly Field[]): readonly Field[] {
  const [begin, ...rest] = fields;
  if (begin === undefined) return fields;
  const length = rest.some(({ tag }) => tag === '9') ? [] : [{ tag: '9', value: UNSTATED }];
  const sum = rest.at(-1)?.tag === '10' ? [] : [{ tag: '10', value: UNSTATED }];
  return [begin, ...length, ...rest, ...sum];
}

function faultOfFrame(received: string): string | undefined {
  const [, length = '', body = '', sum = ''] = new RegExp(`^8=[^${SOH}]*${SOH}9=(\\d+)${SOH}(.*${SOH})10=(\\d{3})${SOH}$`, 's').exec(received) ?? [];
  if (sum === '') return 'not a framed FIX message';
  if (Number(length) !== body.length) return `BodyLength is ${length}, the body has ${body.length} bytes`;
  const right = checkSum(received.slice(0, -7));
  return sum === right ? undefined : `CheckSum is ${sum}, should be ${right}`;
}
