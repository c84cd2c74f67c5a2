import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../../../src/config/environment.ts';
import {
  readInvocations,
  readScenarios,
  type Scenario,
  SHOP,
  type Step,
} from '../../dbt/records.ts';
import type { Relation } from './messages.ts';
import { type Host, startHost } from './start-host.ts';

/** What velo did where dbt was recorded. */
export interface Replayed {
  readonly n: number;
  readonly exit: number;
  /** Both streams in the order they were written, as they were. */
  readonly text: string;
  /** The project's folder, which is gone when the replay is. */
  readonly dir: string;
  /** Tables and views after the call, where the records have them. */
  readonly relations?: Readonly<Record<string, Relation>> | undefined;
}

/** A Postgres for the scenarios that need one. */
export interface ReplayPostgres {
  readonly env: Readonly<Record<string, string>>;
  relations(): Promise<Readonly<Record<string, Relation>>>;
  /** Statements of a scenario's own. */
  run(sql: readonly string[]): Promise<void>;
}

/** The recorded clock, and how far each call of a scenario moves it. */
const NOON = Date.UTC(2024, 0, 10, 12);
const STEP_MS = 30_000;

/** velo as dbt works: what is selected is built although it is up to date, published before it is tested, and not checked before. */
const AS_DBT = { VELO_REUSE: 'false', VELO_WAP: 'false', VELO_CHECK: 'false' };

/**
 * Replays the recorded scenarios, as many at once as there are `hosts`. Each is in a folder of its own; those that start
 * from the prepared project get a copy of it.
 */
export async function replay(
  hosts: number,
  postgres: ReplayPostgres | undefined,
  only: readonly string[] = [],
): Promise<Replayed[]> {
  const root = mkdtempSync(join(tmpdir(), 'velo-scenarios-'));
  const wanted = (one: Scenario) => only.length === 0 || only.includes(one.name);
  const [prep, ...others] = readScenarios().filter(({ target }) => target !== 'pg' || postgres);
  const queue = others.filter(wanted).sort((a, b) => b.steps.length - a.steps.length);
  const pool = Array.from({ length: hosts }, startHost);
  const results: Replayed[] = [];
  const work = async (host: Host) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results.push(...(await replayScenario(next, root, host, postgres)));
    }
  };
  try {
    const [first] = pool;
    if (prep && first) results.push(...(await replayScenario(prep, root, first, postgres)));
    await Promise.all(pool.map(work));
  } finally {
    for (const host of pool) host.stop();
    rmSync(root, { recursive: true, force: true });
  }
  return results.sort((a, b) => a.n - b.n);
}

async function replayScenario(
  scenario: Scenario,
  root: string,
  host: Host,
  postgres: ReplayPostgres | undefined,
): Promise<Replayed[]> {
  const dir = join(root, scenario.name);
  cpSync(scenario.starts_from === 'built' ? join(root, 'built') : SHOP, dir, { recursive: true });
  const pg = scenario.target === 'pg' ? postgres : undefined;
  const calls = readInvocations();
  const results: Replayed[] = [];
  for (const step of scenario.steps) {
    if (step.op === 'dbt') {
      const now = NOON + results.length * STEP_MS;
      results.push(await replayCall(step, { dir, host, pg, now, calls }));
    } else if (step.op === 'save') {
      cpSync(dir, join(root, step.name ?? ''), { recursive: true });
    } else {
      await changeProject(step, dir, pg ?? { run: (statements) => host.run(dir, statements) });
    }
  }
  return results;
}

async function changeProject(
  step: Step,
  dir: string,
  database: Pick<ReplayPostgres, 'run'>,
): Promise<void> {
  if (step.op === 'sql') await database.run(step.sql ?? []);
  else changeFiles(step, dir);
}

interface Place {
  readonly dir: string;
  readonly host: Host;
  readonly pg: ReplayPostgres | undefined;
  readonly now: number;
  readonly calls: ReturnType<typeof readInvocations>;
}

async function replayCall(step: Step, { dir, host, pg, now, calls }: Place): Promise<Replayed> {
  const { PATH = '' } = readEnvironment();
  const env = {
    ...{ PATH, HOME: dir, NO_COLOR: '1', ...AS_DBT },
    ...(pg ? { SHOP_TARGET: 'pg', ...pg.env } : {}),
    ...calls.get(step.n ?? 0)?.env,
  };
  const { exit, text } = await host.call({ dir, args: step.args ?? [], env, now });
  const read = () => (pg ? pg.relations() : host.relations(dir));
  return { n: step.n ?? 0, exit, text, dir, relations: step.rows ? await read() : undefined };
}

function changeFiles(
  { op, path = '', text, old = '', new: fresh = '', src, dst }: Step,
  dir: string,
) {
  const file = join(dir, path);
  switch (op) {
    case 'write':
      mkdirSync(dirname(file), { recursive: true });
      return writeFileSync(file, text ?? '');
    case 'replace': {
      const before = readFileSync(file, 'utf8');
      if (!before.includes(old)) throw new Error(`${path} has no ${JSON.stringify(old)}`);
      return writeFileSync(file, before.replaceAll(old, fresh));
    }
    case 'remove':
      return rmSync(file, { recursive: true });
    case 'copy':
      return existsSync(join(dir, src ?? ''))
        ? cpSync(join(dir, src ?? ''), join(dir, dst ?? ''), { recursive: true })
        : undefined;
    case 'restore':
      return cpSync(SHOP, dir, { recursive: true });
    default:
      throw new Error(`a step '${op}' cannot be replayed`);
  }
}
