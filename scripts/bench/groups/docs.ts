import { join } from 'node:path';
import { type Group, velo } from '../bench.ts';
import { median } from '../median.ts';
import { canOpenPages, openPage } from '../open-page.ts';
import { generateProject } from '../parse/generate-project.ts';
import type { Row, Target } from '../row.ts';
import { inTurn, medianUsage } from '../run-process.ts';

/** With its tests a model is four nodes. */
const SIZES: readonly { readonly models: number; readonly target?: Target }[] = [
  { models: 500, target: { atMostMs: 3000 } },
  { models: 2000 },
];
const OPENED: Target = { atMostMs: 1000 };
const RUNS = 3;

/** The page of a project. */
export const docs: Group = {
  name: 'docs',
  about:
    'Generated projects of models with two or three tests each, read before: catalog.json, the SQL of all nodes, manifest.json and the page; then the page in Chromium, from navigation until it is loaded and drawn. 500 models are 2,000 nodes.',
  async measure(folder, tell) {
    const rows: Row[] = [];
    for (const { models, target } of SIZES) {
      tell(`${models} models: the page, ${RUNS} runs`);
      const project = join(folder, `models_${models}`);
      await generateProject(project, models);
      const here = ['--project-dir', project];
      await velo('parse', ...here);
      const generate = (...options: readonly string[]) => {
        return () => velo('docs', 'generate', ...here, ...options);
      };
      const [whole = [], bare = []] = await inTurn(RUNS, [generate(), generate('--no-compile')]);
      const name = `docs generate, ${models} models`;
      rows.push({ name, runs: RUNS, ...medianUsage(whole), ...(target && { target }) });
      rows.push({ name: `${name}, --no-compile`, runs: RUNS, ...medianUsage(bare) });
      if (await canOpenPages()) {
        const page = join(project, 'target/index.html');
        const [opened = []] = await inTurn(RUNS, [() => openPage(page)]);
        const wallMs = median(opened);
        rows.push({
          name: `the page of ${models} models, opened`,
          runs: RUNS,
          wallMs,
          ...(target && { target: OPENED }),
        });
      }
    }
    return rows;
  },
};
