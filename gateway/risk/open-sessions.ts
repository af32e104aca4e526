// Opens the log of every configured session and ties the FIX sessions to the application.
import { join } from 'node:path';
import type { Shards } from '../../workers/index.ts';
import type { Config } from '../config.ts';
import { type Clock, Session, sessionId } from '../fix/index.ts';
import type { RiskApplication } from './risk-application.ts';
import { RiskSession, sessionNumber } from './risk-session.ts';
import { SessionLog } from './session-log.ts';
import { SessionStore } from './session-store.ts';

/** One RiskSession per configured session, its log read. */
export function openRiskSessions(config: Config, shards: Shards, clock: Clock): RiskSession[] {
  return config.fix.sessions.map((settings) => {
    const name = sessionId(settings);
    const file = join(config.dataDirectory, 'sessions', `${name.replace(/[^A-Za-z0-9._-]+/g, '_')}-${sessionNumber(name).toString(16)}.log`);
    const store = new SessionStore(new SessionLog(file, config.durability === 'power'), () => clock.now());
    return new RiskSession(sessionNumber(name), name, store, shards);
  });
}

/** The FIX sessions over those logs, with `application` behind them. */
export function bindSessions(config: Config, risks: readonly RiskSession[], application: RiskApplication, clock: Clock): Session[] {
  return config.fix.sessions.map((settings, index) => {
    const store = risks[index]?.store;
    if (store === undefined) throw new RangeError('every session has a log');
    const session = new Session({ settings, application, store, clock });
    application.bind(session);
    return session;
  });
}
