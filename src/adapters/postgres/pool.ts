import { DatabaseError } from '../../core/errors.ts';
import { type Connector, setUp } from './connect.ts';
import { endSession, hold, letGo, noteOf, type Session, sessionOf } from './session.ts';
import type { PostgresSettings } from './settings.ts';

/** A session on its way out, and once it is lent. */
export interface Loan {
  session: Session | undefined;
  isStopped: boolean;
}

/** Sessions that are lent one by one and kept for the next, as many as there are threads. */
export interface Pool {
  /**
   * Lends a session that is as new: nothing is left of who had it before. There is always one: who holds a session may
   * need another, and would else wait for ever. @throws DatabaseError
   */
  lend<T>(work: (session: Session) => Promise<T>, purpose?: string): Promise<T>;
  lent(): readonly Loan[];
  close(): Promise<void>;
}

export function createPool(
  connector: Connector,
  settings: PostgresSettings,
  isReader: boolean,
): Pool {
  const loans = new Set<Loan>();
  const idle: Session[] = [];
  const setUpAgain = setUp(settings, isReader);
  const open = async (): Promise<Session> => {
    // One that broke while it was idle is of no use, and no reason to fail.
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      if (kept.isBroken) continue;
      hold(kept.client);
      return kept;
    }
    const client = await connector.connect();
    return sessionOf(client);
  };
  const giveBack = async (session: Session) => {
    if (!session.isBroken && idle.length < settings.threads) {
      try {
        // By itself: it runs in no transaction, and several statements of one text are one.
        session.note = '';
        await session.run('discard all');
        await session.run(setUpAgain);
        letGo(session.client);
        idle.push(session);
        return;
      } catch {
        session.isBroken = true;
      }
    }
    await endSession(session.client);
  };
  return {
    async lend(work, purpose) {
      const loan: Loan = { session: undefined, isStopped: false };
      loans.add(loan);
      try {
        const session = await open();
        loan.session = session;
        try {
          if (loan.isStopped) throw interrupted();
          session.note = noteOf(purpose);
          return await work(session);
        } finally {
          await giveBack(session);
        }
      } finally {
        loans.delete(loan);
      }
    },
    lent: () => [...loans],
    async close() {
      await Promise.all(idle.splice(0).map(({ client }) => endSession(client)));
    },
  };
}

const interrupted = (): DatabaseError =>
  new DatabaseError('interrupted', 'the statement was interrupted', '');
