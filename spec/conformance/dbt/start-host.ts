import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../../src/config/environment.ts';
import type { Answer, Order, Relation } from './messages.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A process that runs velo, one order after the other. */
export interface Host {
  call(call: Omit<Extract<Order, { does: 'call' }>, 'does'>): Promise<{
    readonly exit: number;
    readonly text: string;
  }>;
  /** Tables and views of the project's database but velo's own. */
  relations(dir: string): Promise<Readonly<Record<string, Relation>>>;
  /** Runs statements in the project's database. */
  run(dir: string, statements: readonly string[]): Promise<void>;
  stop(): void;
}

/** @throws Error from its methods with what went wrong in the process */
export function startHost(): Host {
  const child = fork(`${ROOT}scripts/run-ts.mjs`, [`${ROOT}spec/conformance/dbt/host.ts`], {
    cwd: ROOT,
    env: { ...readEnvironment(), UV_THREADPOOL_SIZE: '16', TZ: 'UTC' },
  });
  const ready = once(child, 'message');
  const ask = async (order: Order) => {
    await ready;
    child.send(order);
    const [answer] = (await once(child, 'message')) as [Answer];
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  };
  return {
    call: async (call) => (await ask({ does: 'call', ...call })) as { exit: number; text: string },
    relations: async (dir) => {
      const answer = await ask({ does: 'read', dir });
      return 'relations' in answer ? answer.relations : {};
    },
    run: async (dir, statements) => {
      await ask({ does: 'run', dir, statements });
    },
    stop: () => {
      child.kill();
    },
  };
}
