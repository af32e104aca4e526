// The echo acceptor as certification scripts presume it: SenderCompID ISLD, one session per FIX version, numbers restarted at every Logon.
import { fix44Dictionary } from '../dictionary/dictionary.ts';
import { type Clock, systemClock } from '../session/clock.ts';
import { Session } from '../session/session.ts';
import { parseFixSettings } from '../settings/parse-settings.ts';
import { openStore } from '../store/open-store.ts';
import { type AcceptorOptions, FixAcceptor } from '../transport/acceptor.ts';
import { EchoApplication } from './echo-application.ts';

const COUNTERPARTIES = [
  { BeginString: 'FIX.4.4', TargetCompID: 'TW44' },
  { BeginString: 'FIX.4.4', TargetCompID: 'TW' },
  { BeginString: 'FIX.4.4', TargetCompID: 'NO_CHECK_FIELDS_HAVE_VALUES', ValidateFieldsHaveValues: false },
  { BeginString: 'FIX.4.0', TargetCompID: 'TW40' },
  { BeginString: 'FIX.4.1', TargetCompID: 'TW41' },
  { BeginString: 'FIX.4.2', TargetCompID: 'TW42' },
  { BeginString: 'FIX.4.3', TargetCompID: 'TW43' },
  { BeginString: 'FIXT.1.1', TargetCompID: 'TW50', DefaultApplVerID: '7' },
  { BeginString: 'FIXT.1.1', TargetCompID: 'TW50SP1', DefaultApplVerID: '8' },
  { BeginString: 'FIXT.1.1', TargetCompID: 'TW50SP2', DefaultApplVerID: '9' },
];

/** An acceptor with the echo application behind every session; call listen on it. */
export function createEchoAcceptor(clock: Clock = systemClock, options: AcceptorOptions = {}): FixAcceptor {
  const settings = parseFixSettings({ default: { SenderCompID: 'ISLD', ResetOnLogon: true, LogoutTimeout: 2 }, sessions: COUNTERPARTIES }, 'echo');
  const application = new EchoApplication(fix44Dictionary());
  const sessions = settings.map((each) => new Session({ settings: each, application, store: openStore(each, clock.now()), clock }));
  return new FixAcceptor(sessions, options);
}
