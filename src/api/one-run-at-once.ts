import { DatabaseError } from '../core/errors.ts';
import type { LoadedTarget } from './load-project.ts';
import { waitForLock } from './wait-for-lock.ts';

/** What runs of this process write to. A database keeps other processes out, and not a second run of the same one. */
const held = new Set<string>();

/**
 * Does `work` while no other run of this process writes to the target; a database in memory is each run's own.
 * @throws DatabaseError 'database-locked' while one does, at the end of the target's waiting; 'interrupted'
 */
export async function alone<T>(target: LoadedTarget, work: () => Promise<T>): Promise<T> {
  const { adapter, adapterSettings } = target;
  const database = adapter.describe(adapterSettings);
  if (database === ':memory:') return work();
  const key = JSON.stringify([database, adapterSettings.schema]);
  await waitForLock(async () => take(key, database), target.waiting);
  try {
    return await work();
  } finally {
    held.delete(key);
  }
}

function take(key: string, database: string): void {
  if (held.has(key)) {
    const message = `${database} is in use by another run of this process`;
    throw new DatabaseError('database-locked', message, '', {
      hint: 'wait until it ends (waitMs does)',
    });
  }
  held.add(key);
}
