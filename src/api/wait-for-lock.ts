import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';

/** What to do while another process holds the database. */
export interface Waiting {
  /** Milliseconds; 0: not at all, Infinity: as long as it takes. */
  readonly waitMs: number;
  /** Aborted: the wait ends. */
  readonly signal: AbortSignal | undefined;
  readonly emit: Emit;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Opens what another process may hold: asks again, less and less often, and tells for whom it waits.
 * @throws what `open` threw, in the end also 'database-locked'; DatabaseError 'interrupted' when `signal` ends the wait
 */
export async function waitForLock<T>(
  open: () => Promise<T>,
  { waitMs, signal, emit }: Waiting,
): Promise<T> {
  let [pauseMs, waitedMs, told] = [FIRST_PAUSE_MS, 0, ''];
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isLocked(error) || waitMs === 0) throw error;
      if (waitedMs >= waitMs) throw inVain(error, waitMs);
      if (error.message !== told) emit(waitingFor(error, waitMs - waitedMs));
      told = error.message;
    }
    const nextMs = Math.min(pauseMs, waitMs - waitedMs);
    await pauseUnless(signal, nextMs);
    waitedMs += nextMs;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

export const isLocked = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code === 'database-locked';

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function waitingFor(error: DatabaseError, leftMs: number) {
  const most = Number.isFinite(leftMs) ? ` up to ${seconds(leftMs)}` : '';
  const message = `Waiting${most}: ${error.message} (Ctrl-C leaves)`;
  return { type: 'message', name: 'WaitingForDatabase', message } as const;
}

const inVain = ({ message, sql, cause }: DatabaseError, waitMs: number): DatabaseError =>
  new DatabaseError('database-locked', message, sql, {
    cause,
    hint: `waited ${seconds(waitMs)}; wait longer (--wait), or stop it`,
  });

async function pauseUnless(signal: AbortSignal | undefined, ms: number): Promise<void> {
  try {
    await pause(ms, undefined, signal && { signal });
  } catch (cause) {
    const message = 'interrupted while waiting for the database';
    throw new DatabaseError('interrupted', message, '', { cause });
  }
}
