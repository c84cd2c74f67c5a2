import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Group, ROOT, velo } from '../bench.ts';
import { inTurn, medianUsage, runNode, type Usage } from '../run-process.ts';

const MODELS = 500;
const RUNS = 5;

/** `velo check` of a generated project: every model and test from nothing, and when nothing has changed. */
export const check: Group = {
  name: 'check',
  about: `A generated project of ${MODELS} models with two tests each: read, compiled and bound in memory by the built CLI.`,
  async measure(folder, tell) {
    const project = join(folder, 'project');
    await writeProject(project);
    const read = () => velo('check', '--project-dir', project);
    const cold = async (): Promise<Usage> => {
      await rm(join(project, 'target'), { recursive: true, force: true });
      return read();
    };
    tell(`${MODELS} models, ${RUNS} runs`);
    const node = () => runNode(['-e', '0'], ROOT);
    const [empty = [], first = [], unchanged = []] = await inTurn(RUNS, [node, cold, read]);
    const against = { name: 'node -e 0', wallMs: medianUsage(empty).wallMs };
    const row = (name: string, usages: readonly Usage[], atMostMs: number) => ({
      name: `check of ${MODELS} models, ${name}`,
      runs: RUNS,
      ...medianUsage(usages),
      against,
      target: { atMostMs },
    });
    return [row('cold', first, 1500), row('nothing changed', unchanged, 400)];
  },
};

/** Each model joins two before it, down to a seed; nobody's columns are unknown. */
async function writeProject(project: string): Promise<void> {
  const models = join(project, 'models');
  await mkdir(models, { recursive: true });
  await mkdir(join(project, 'seeds'));
  await writeFile(join(project, 'velo_project.yml'), 'name: bench\n');
  await writeFile(join(project, 'seeds', 'model_0.csv'), 'id,day,amount\n1,2024-01-01,2.5\n');
  const entries: string[] = ['models:'];
  for (let i = 1; i <= MODELS; i += 1) {
    const [a, b] = [Math.floor(i / 2), Math.floor(i / 3)];
    const sql = `with a as (select * from {{ ref('model_${a}') }}),
b as (select id, max(amount) as amount from {{ ref('model_${b}') }} group by id)
select a.id, a.day, coalesce(a.amount, 0) + b.amount as amount
from a left join b on a.id = b.id
where a.day >= date '2020-01-01'
`;
    await writeFile(join(models, `model_${i}.sql`), sql);
    const tests = '[{name: id, data_tests: [not_null]}, {name: day, data_tests: [not_null]}]';
    entries.push(`  - {name: model_${i}, columns: ${tests}}`);
  }
  await writeFile(join(models, '_models.yml'), `${entries.join('\n')}\n`);
}
