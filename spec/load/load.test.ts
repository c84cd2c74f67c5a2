import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inDatabase } from '../postgres/database.ts';
import type { TwoTargetProject } from '../postgres/push-project.ts';
import { isFull, rounds } from '../rounds.ts';
import {
  generationOf,
  makeGenerations,
  PUSH,
  SEEN,
  setGeneration,
  succeed,
} from './generations.ts';
import { startReaders } from './readers.ts';

const [PUSHES, READERS, KILLS] = [rounds(4, 50), rounds(4, 8), rounds(6, 60)];
const TIMEOUT_MS = isFull ? 3_600_000 : 240_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

test(
  `${READERS} readers while ${PUSHES} pushes replace what they read`,
  async () => {
    const made = await makeGenerations();
    const readers = startReaders(made.database, READERS);
    for (let generation = 1; generation <= PUSHES; generation += 1) {
      await setGeneration(made, generation);
      await succeed(made.project.velo(PUSH));
    }
    await pause(200);
    const { reads, faults, generations } = await readers.stop();
    say(
      `${PUSHES} pushes of 2 tables, ${READERS} readers: ${reads} reads of ${generations.size} generations, ${faults.length} faults`,
    );
    expect(faults).toEqual([]);
    expect(Math.max(...generations)).toBe(PUSHES);
    expect(reads).toBeGreaterThan(PUSHES * READERS);
  },
  TIMEOUT_MS,
);

interface Attempt {
  readonly name: string;
  /** Relations whose rows are replaced, and a view on each or itself. */
  readonly relations: readonly string[];
  command(generation: number): readonly string[];
}

const ATTEMPTS: readonly Attempt[] = [
  { name: 'push', relations: ['viewed', 'view_of_viewed', 'plain'], command: () => PUSH },
  {
    name: 'build',
    relations: ['built', 'view_of_built'],
    command: (generation) => [
      ...['build', '-s', 'built', '--target', 'prod', '--vars', `{generation: ${generation}}`],
    ],
  },
];

/** Ways to end it: the process, or its sessions on the server. */
const WEAPONS = ['client', 'server'] as const;

test(
  `${KILLS} kills in a push or a build: what is there is old or new, and the next run completes`,
  async () => {
    const made = await makeGenerations();
    const outcomes: Record<string, number> = {};
    const generations = { push: 0, build: 0 } as Record<string, number>;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const attempt = ATTEMPTS[kill % 2] as Attempt;
      const weapon = WEAPONS[(kill >> 1) % 2] as (typeof WEAPONS)[number];
      const old = generations[attempt.name] ?? 0;
      const next = old + 1;
      if (attempt.name === 'push') await setGeneration(made, next);
      await interrupted(made, attempt.command(next), weapon, kill);
      const seen = await whatStands(made, attempt);
      for (const generation of seen) expect([old, next]).toContain(generation);
      // Of one build the table and the view on it are of one generation.
      if (attempt.name === 'build') expect(new Set(seen).size).toBe(1);
      const key = `${attempt.name}, ${weapon}: ${seen.includes(next) ? (seen.includes(old) ? 'some tables new' : 'new') : 'old'}`;
      outcomes[key] = (outcomes[key] ?? 0) + 1;
      await succeed(made.project.velo([...attempt.command(next), '--wait', '60']));
      expect(new Set(await whatStands(made, attempt))).toEqual(new Set([next]));
      generations[attempt.name] = next;
    }
    const counts = Object.entries(outcomes).map(([name, count]) => `${count} × ${name}`);
    say(`${KILLS} kills, ${KILLS} next runs complete: ${counts.sort().join('; ')}`);
    const aside = `select relname from pg_class where relname like '%velo_new%'`;
    expect(await inDatabase(made.database, aside)).toEqual([]);
  },
  TIMEOUT_MS,
);

/** From the start of the work on the server to its end, in the slowest case that was seen. */
const WORK_MS = 900;

/** Starts the command and kills it at some moment after it has come to the server. */
async function interrupted(
  { project, database }: TwoTargetProject,
  command: readonly string[],
  weapon: (typeof WEAPONS)[number],
  kill: number,
): Promise<void> {
  const running = project.start(command);
  const sessions = `from pg_stat_activity where datname = current_database() and application_name like 'velo%'`;
  const isOver = running.ended.then(() => true);
  const hasEnded = () => Promise.race([isOver, Promise.resolve(false)]);
  while (!(await hasEnded())) {
    const [row] = await inDatabase(database, `select count(*) ${sessions}`);
    if (row?.[0] !== '0') break;
  }
  // Moments that lie evenly over the work, and differ from kill to kill.
  await pause(((kill * 0.618) % 1) * WORK_MS);
  if (weapon === 'client') running.child.kill('SIGKILL');
  else await inDatabase(database, `select pg_terminate_backend(pid) ${sessions}`);
  await running.ended;
}

async function whatStands(
  { database }: TwoTargetProject,
  { relations }: Attempt,
): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  for (const relation of relations) {
    seen.push(generationOf((await inDatabase(database, SEEN(relation)))[0]));
  }
  return seen;
}
