import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Group, ROOT, velo } from '../bench.ts';
import { againstPython } from '../parse/against-python.ts';
import { generateProject } from '../parse/generate-project.ts';
import type { Row, Target } from '../row.ts';
import { inTurn, medianUsage, runNode, type Usage } from '../run-process.ts';

/** The command that reads a project and does no more. */
const COMMAND = 'parse';
const SIZES = [
  { models: 100, runs: 5 },
  { models: 1000, runs: 5 },
  { models: 10_000, runs: 3 },
] as const;
const JUDGED = 10_000;

/** Generated projects of three sizes: read from nothing, unchanged, and with one file changed. */
export const parse: Group = {
  name: 'parse',
  about:
    'Generated projects of 100, 1,000 and 10,000 models with two or three tests each, read by the built CLI; macro-heavy templates in one warm process. Where 10,000 models miss: a cold read is 39,000 nodes at 0.28 ms of CPU each (template, settings, fingerprints, cache, manifest.json), on one thread; after a change, 94 MB of manifest.json are copied around the new entry and the 8 MB index of the cache is written again.',
  async measure(folder, tell) {
    const rows: Row[] = [...(await starts()), ...(await againstPython(tell))];
    for (const { models, runs } of SIZES) {
      tell(`${models} models: generating`);
      const project = join(folder, `models_${models}`);
      await generateProject(project, models);
      tell(`${models} models: five tasks, ${runs} runs each`);
      rows.push(...(await readings(project, models, runs)));
    }
    return rows;
  },
};

const emptyNode = () => runNode(['-e', '0'], ROOT);

async function starts(): Promise<Row[]> {
  const runs = 9;
  const [node = [], version = []] = await inTurn(runs, [emptyNode, () => velo('--version')]);
  const against = { name: 'node -e 0', wallMs: medianUsage(node).wallMs };
  const target = { atMostRatio: 2 };
  return [{ name: 'velo --version', runs, ...medianUsage(version), against, target }];
}

const TARGETS: Readonly<Record<string, Target>> = {
  cold: { atMostMs: 2000, atMostMb: 500 },
  'nothing changed': { atMostMs: 400 },
  'one model changed': { atMostMs: 500 },
  'one YAML file changed': { atMostMs: 500 },
  'ls -s +model': { atMostMs: 500 },
};

/** The tasks of one project in turn; after the first each finds what the one before has left. */
async function readings(project: string, models: number, runs: number): Promise<Row[]> {
  const here = ['--project-dir', project];
  const read = () => velo(COMMAND, ...here);
  const last = Math.floor((models * 2) / 5) - 1;
  const area = join(project, 'models', 'marts', `area_${Math.floor(last / 20)}`);
  const tasks: Readonly<Record<string, () => Promise<Usage>>> = {
    cold: async () => {
      await rm(join(project, 'target'), { recursive: true, force: true });
      return read();
    },
    'nothing changed': read,
    'one model changed': async () => {
      await appendFile(join(area, `mart_${last}.sql`), '-- changed\n');
      return read();
    },
    'one YAML file changed': async () => {
      await appendFile(join(area, '_models.yml'), '# changed\n');
      return read();
    },
    'ls -s +model': () => velo('ls', ...here, '-s', `+mart_${last}`),
  };
  const [node = [], ...usages] = await inTurn(runs, [emptyNode, ...Object.values(tasks)]);
  const against = { name: 'node -e 0', wallMs: medianUsage(node).wallMs };
  return Object.keys(tasks).map((task, i) => ({
    name: `${models.toLocaleString('en')} models, ${task}`,
    runs,
    ...medianUsage(usages[i] ?? []),
    against,
    ...(models === JUDGED && TARGETS[task] && { target: TARGETS[task] }),
  }));
}
