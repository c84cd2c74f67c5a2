import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from '../core/errors.ts';

const TRIES = 6;
const FIRST_PAUSE_MS = 20;

/**
 * Runs `work`, which is one transaction, again when another one was first to change the same thing: nothing of it was
 * committed, and of two that meet one always gets through. @throws what `work` threw, in the end also 'write-conflict'
 */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isConflict = error instanceof DatabaseError && error.code === 'write-conflict';
      if (!isConflict || attempt + 1 === TRIES) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}
