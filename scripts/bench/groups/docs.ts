import { join } from 'node:path';
import { type Group, velo } from '../bench.ts';
import { generateProject } from '../parse/generate-project.ts';
import { inTurn, medianUsage } from '../run-process.ts';

const MODELS = 2000;
const RUNS = 3;

/** The page of a project. */
export const docs: Group = {
  name: 'docs',
  about:
    'A generated project of 2,000 models, each with two or three tests: catalog.json, the SQL of all of them, manifest.json and the page. The project was read before.',
  async measure(folder, tell) {
    tell(`${MODELS} models: generating`);
    const project = join(folder, 'project');
    await generateProject(project, MODELS);
    const here = ['--project-dir', project];
    await velo('parse', ...here);
    tell(`the page, ${RUNS} runs`);
    const generate = (...options: readonly string[]) => {
      return () => velo('docs', 'generate', ...here, ...options);
    };
    const [whole = [], bare = []] = await inTurn(RUNS, [generate(), generate('--no-compile')]);
    return [
      {
        ...{ name: 'docs generate', runs: RUNS, ...medianUsage(whole) },
        target: { atMostMs: 3000 },
      },
      { name: 'docs generate --no-compile', runs: RUNS, ...medianUsage(bare) },
    ];
  },
};
