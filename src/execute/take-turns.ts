import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from '../core/errors.ts';

const TRIES_ALONE = 6;
const FIRST_PAUSE_MS = 20;

/** Runs a transaction, again when another one was first. @throws what it threw, in the end also 'write-conflict' */
export type InTurn = <T>(transaction: () => Promise<T>) => Promise<T>;

/**
 * For the transactions of one run: one that would change what another is changing has been rolled back, and is run
 * again when one of the others has ended. With none beside it, the other is another process's: it is given a second.
 */
export function takeTurns(): InTurn {
  const open = new Set<Promise<unknown>>();
  const attempt = async <T>(transaction: () => Promise<T>): Promise<T> => {
    const running = transaction();
    const ended = running.catch(() => undefined);
    open.add(ended);
    try {
      return await running;
    } finally {
      open.delete(ended);
    }
  };
  return async (transaction) => {
    for (let alone = 0; ; ) {
      try {
        return await attempt(transaction);
      } catch (error) {
        if (!isConflict(error) || alone + 1 === TRIES_ALONE) throw error;
      }
      if (open.size > 0) await Promise.race(open);
      else await pause(FIRST_PAUSE_MS * 2 ** alone++);
    }
  };
}

const isConflict = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === 'write-conflict';
