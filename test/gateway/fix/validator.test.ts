// One row a rule of the dictionary: what is sent, what it is rejected for, which tag is named.
import { describe, expect, it } from 'vitest';
import { asciiBytes, fix44Dictionary, MessageView, parseSessionSettings, RejectReason, Validator } from '../../../gateway/fix/index.ts';
import { message, millis, NOON, Wire } from './wire.ts';

const R = RejectReason;
const at = `60=${millis(NOON)}`;
const order = `11=a|21=1|40=2|44=1.5|38=10|54=1|55=X|${at}`;
const report = '37=1|17=1|150=0|39=0|54=1|151=1|14=0|6=0';

function verdict(type: string, body: string, settings: Readonly<Record<string, unknown>> = {}): readonly [reason: number, tag: string] {
  const validator = new Validator(fix44Dictionary(), parseSessionSettings({ SenderCompID: 'A', TargetCompID: 'B', ...settings }).validation);
  const view = new MessageView();
  const bytes = asciiBytes(message(type, 2, body, NOON));
  expect(view.scan(bytes, 0, bytes.length)).toBe(0);
  const reason = validator.check(view);
  return [reason, validator.refTag];
}

describe('the FIX 4.4 dictionary', () => {
  it.each([
    ['an order', 'D', order, R.none, ''],
    ['an execution report', '8', report, R.none, ''],
    ['a cancel', 'F', `41=a|11=b|54=1|38=1|${at}`, R.none, ''],
    ['a replace', 'G', `41=a|11=b|54=1|38=1|40=2|44=1|${at}`, R.none, ''],
    ['a status request', 'H', '11=a|54=1', R.none, ''],
    ['a mass cancel', 'q', `11=a|530=7|${at}`, R.none, ''],
    ['a mass cancel report', 'r', '37=1|530=7|531=7', R.none, ''],
    ['a mass status request', 'AF', '584=a|585=7', R.none, ''],
    ['a cancel reject', '9', '37=1|11=b|41=a|39=0|434=1', R.none, ''],
    ['a news', 'B', '148=x|33=2|58=one|58=two', R.none, ''],
    ['an email', 'C', '164=t|94=0|147=s|33=1|58=hello', R.none, ''],
    ['a message FIX has but tarazu does not check', '6', '23=1|28=N|55=X|54=1|27=S', R.none, ''],
    ['no such message', 'ZZ', '58=x', R.invalidMsgType, ''],
    ['parties, with their sub-group', 'D', `${order}|453=2|448=P|447=D|452=1|802=2|523=s|803=1|523=t|448=Q`, R.none, ''],
    ['a sub-group with one member too few', 'D', `${order}|453=1|448=P|802=2|523=s`, R.groupCount, '802'],
    ['a group with one member too many', 'D', `${order}|453=1|448=P|448=Q`, R.groupCount, '453'],
    ['a group without its members', 'D', `${order}|453=1`, R.groupCount, '453'],
    ['a group whose first field is not first', 'D', `${order}|453=1|447=D|448=P`, R.groupOutOfOrder, '447'],
    ['a field twice in one member', 'D', `${order}|453=1|448=P|447=D|447=D`, R.repeatedTag, '447'],
    ['a member field outside its group', 'D', `${order}|448=P`, R.tagNotForMessage, '448'],
    ['a wrong value inside a group', 'D', `${order}|453=1|448=P|447=~`, R.valueIncorrect, '447'],
    ['an empty value inside a group', 'D', `${order}|453=1|448=`, R.tagWithoutValue, '448'],
    ['hops in the header', 'D', `627=1|628=H|${order}`, R.none, ''],
    ['a header field in the body', 'D', `${order}|50=desk`, R.tagOutOfOrder, '50'],
    ['a body field in the trailer', 'D', `${order}|93=1|89=s|1=acc`, R.tagOutOfOrder, '1'],
    ['a signature', 'D', `${order}|93=1|89=s`, R.none, ''],
    ['several instructions', 'D', `${order}|18=1 2 G`, R.none, ''],
    ['several instructions, one of them unknown', 'D', `${order}|18=1 ~ G`, R.valueIncorrect, '18'],
    ['a price that is not a number', 'D', `${order.replace('1.5', '1,5')}`, R.dataFormat, '44'],
    ['a time without milliseconds', 'D', order, R.none, ''],
    ['a flag that is neither Y nor N', 'D', `${order}|114=1`, R.dataFormat, '114'],
    ['a date that does not exist', 'D', `${order}|432=20230229`, R.dataFormat, '432'],
    ['a maturity month', 'D', `${order}|200=202611`, R.none, ''],
    ['a maturity week', 'D', `${order}|200=202611w4`, R.none, ''],
    ['a maturity that is neither', 'D', `${order}|200=2026`, R.dataFormat, '200'],
    ['a tag FIX 4.4 dropped', 'D', `${order}|109=x`, R.invalidTag, '109'],
    ['no side', 'D', order.replace('54=1|', ''), R.requiredTagMissing, '54'],
  ])('%s', (_, type, body, reason, tag) => {
    expect(verdict(type, body)).toEqual([reason, tag]);
  });
});

describe('validation switches', () => {
  it.each([
    ['a user-defined tag, nobody told us', `${order}|9001=x`, {}, R.invalidTag, '9001'],
    ['a user-defined tag of the session', `${order}|9001=x`, { UserDefinedFields: '9001:STRING' }, R.none, ''],
    ['the same with the wrong format', `${order}|9001=x`, { UserDefinedFields: '9001:INT' }, R.dataFormat, '9001'],
    ['any user-defined tag where they are not checked', `${order}|9001=x`, { ValidateUserDefinedFields: false }, R.none, ''],
    ['an unknown tag that is not user-defined', `${order}|999=x`, { ValidateUserDefinedFields: false }, R.invalidTag, '999'],
    ['an empty value', `${order}|58=`, {}, R.tagWithoutValue, '58'],
    ['an empty value where they are allowed', `${order}|58=`, { ValidateFieldsHaveValues: false }, R.none, ''],
    ['a misplaced header field where order does not matter', `${order}|50=desk`, { ValidateFieldsOutOfOrder: false }, R.none, ''],
  ] as const)('%s', (_, body, settings, reason, tag) => {
    expect(verdict('D', body, settings)).toEqual([reason, tag]);
  });
});

describe('versions without a dictionary', () => {
  it.each(['FIX.4.0', 'FIX.4.2', 'FIX.4.3'])('%s logs on, keeps sequence and recovers', (version) => {
    const wire = new Wire({ BeginString: version }).connect();
    wire.sayRaw(message('A', 1, '98=0|108=30', NOON, version));
    wire.sayRaw(message('1', 3, '112=x', NOON, version));
    wire.sayRaw(message('0', 2, '', NOON, version));
    const end = version === 'FIX.4.0' ? '999999' : '0';
    expect(wire.heard()).toEqual(['A 1 98=0|108=30', `2 2 7=2|16=${end}`, '0 3 112=x']);
  });

  it('FIXT.1.1 wants DefaultApplVerID, and says its own', () => {
    const settings = { BeginString: 'FIXT.1.1', DefaultApplVerID: '9' };
    const bare = new Wire(settings).connect();
    bare.sayRaw(message('A', 1, '98=0|108=30', NOON, 'FIXT.1.1'));
    expect(bare.heard()).toEqual([]);
    expect(bare.closed).not.toBe('');
    const wire = new Wire(settings).connect();
    wire.sayRaw(message('A', 1, '98=0|108=30|1137=9', NOON, 'FIXT.1.1'));
    expect(wire.heard()).toEqual(['A 1 98=0|108=30|1137=9']);
  });
});
