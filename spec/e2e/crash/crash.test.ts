import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { type Files, openProject } from '../velo.ts';
import { type Content, contentOf } from './content.ts';
import { CRASH_DATABASES, type CrashDatabase } from './databases.ts';
import { type Moment, type RunEnd, runVelo } from './killed-run.ts';
import { CHANGED, MORE_PURCHASES, SHOP } from './shop.ts';

const MOST_IN_A_ROW = 3;
/** One kill in three comes at a moment of the clock, start-up included, the others soon after something was printed. */
const BY_CLOCK = 1 / 3;
const SOON_MS = 25;
const SEED = 20240101;

interface Scenario {
  readonly name: string;
  /** What stands before; undefined: nothing. */
  readonly builtTo: string | undefined;
  readonly changes: Files;
  readonly asOf: string;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'a backfill', builtTo: undefined, changes: {}, asOf: '2024-02-05' },
  { name: 'more days', builtTo: '2024-02-05', changes: {}, asOf: '2024-02-12' },
  {
    name: 'a rebuild',
    builtTo: '2024-02-12',
    changes: { ...CHANGED, ...MORE_PURCHASES },
    asOf: '2024-02-12',
  },
];

/** A server may take a moment to notice that who held the lock is gone. */
const build = (asOf: string): string[] => ['build', '--wait', '60', '--as-of', asOf];

let root: string;
const totals = { kills: 0, recovered: 0 };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'velo-crash-'));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  process.stdout.write(`${totals.kills} kills, ${totals.recovered} recovered\n`);
});

/** A project before the run that is to be killed, and what that run comes to when nobody disturbs it. */
interface Start {
  readonly folder: string;
  readonly undisturbed: RunEnd;
  readonly expected: Content;
}

async function prepare(scenario: Scenario, database: CrashDatabase, name: string): Promise<Start> {
  const folder = join(root, `${name}-start`);
  const project = openProject(folder, {
    'velo_project.yml': 'name: shop\n',
    ...SHOP,
    ...(await database.files(folder)),
  });
  if (scenario.builtTo) await finish(folder, scenario.builtTo);
  project.write(scenario.changes);
  const calm = join(root, `${name}-calm`);
  await database.copy(folder, calm);
  const undisturbed = await finish(calm, scenario.asOf);
  const expected = await contentOf(database, calm);
  await database.remove(calm);
  return { folder, undisturbed, expected };
}

async function finish(folder: string, asOf: string): Promise<RunEnd> {
  const end = await runVelo(folder, build(asOf), undefined);
  if (end.exitCode !== 0) throw new Error(`the build failed:\n${end.output}`);
  return end;
}

function drawMoment(random: () => number, { lines, durationMs }: RunEnd): Moment {
  if (random() < BY_CLOCK) return { afterLines: 0, delayMs: random() * durationMs };
  return { afterLines: Math.ceil(random() * lines), delayMs: random() * SOON_MS };
}

describe.each(CRASH_DATABASES)('$adapter', (database) => {
  it.concurrent.each(SCENARIOS.map((scenario, index) => ({ ...scenario, index })))(
    '$name that is killed at any moment ends as if nothing had happened',
    async ({ index, ...scenario }) => {
      const name = `${database.adapter}-${index}`;
      const random = seededRandom(SEED + index);
      const start = await prepare(scenario, database, name);
      for (let kills = 0, round = 0; kills < database.kills; round += 1) {
        const folder = join(root, `${name}-${round}`);
        await database.copy(start.folder, folder);
        const moments = await killInARow(database, folder, scenario.asOf, start, random);
        await finish(folder, scenario.asOf);
        const where = `${name}, round ${round}, killed at ${JSON.stringify(moments)}`;
        expect(await contentOf(database, folder), where).toEqual(start.expected);
        const after = await runVelo(folder, ['plan', '--as-of', scenario.asOf], undefined);
        expect(after.output, where).toContain('Nothing to do');
        expect(after.output, where).not.toContain('WARNING');
        kills += moments.length;
        totals.recovered += moments.length;
        await database.remove(folder);
      }
      await database.remove(start.folder);
    },
    300_000,
  );
});

/** Kills a run, and often also the one that is to repair it; ends early when a run is done before its moment. */
async function killInARow(
  database: CrashDatabase,
  folder: string,
  asOf: string,
  { undisturbed }: Start,
  random: () => number,
): Promise<Moment[]> {
  const moments: Moment[] = [];
  const wanted = 1 + Math.floor(random() * MOST_IN_A_ROW);
  while (moments.length < wanted) {
    const moment = drawMoment(random, undisturbed);
    // The process goes, or its sessions on the server do.
    const { strike } = random() < 0.5 ? database : { strike: undefined };
    const struck = strike && (() => strike(folder));
    const { killed } = await runVelo(folder, build(asOf), moment, struck);
    if (!killed) break;
    moments.push(moment);
    totals.kills += 1;
  }
  return moments;
}
