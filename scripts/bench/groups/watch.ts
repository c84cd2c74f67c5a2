import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BIN, type Group, ROOT } from '../bench.ts';
import { median } from '../median.ts';
import { runNode } from '../run-process.ts';

const MODELS = 100;
const SAVES = 15;

/** `velo watch`: from a save to the end of what it brings about. */
export const watch: Group = {
  name: 'watch',
  about: `A generated project of ${MODELS} views and a test each, watched by the built CLI. A file is saved with another text; the time ends with the last line of its build.`,
  async measure(folder, tell) {
    const project = join(folder, 'project');
    await writeProject(project);
    await runNode([BIN, 'build', '--project-dir', project], ROOT);
    tell(`${MODELS} models, ${SAVES} saves`);
    const args = [BIN, 'watch', '--project-dir', project];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = linesOf(child);
    try {
      await lines.until('Watching');
      await lines.until('Watching');
      const times = [];
      for (let save = 1; save <= SAVES; save += 1) times.push(await timeOf(project, save, lines));
      return [await rowOf(times)];
    } finally {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
  },
};

/** The first save loads what building needs. */
async function rowOf([, ...times]: readonly number[]) {
  const node = await runNode(['-e', '0'], ROOT);
  return {
    name: 'a model saved, until it is built and tested',
    runs: times.length,
    wallMs: median(times),
    against: { name: 'node -e 0', wallMs: node.wallMs },
    target: { atMostMs: 1000 },
  };
}

async function timeOf(project: string, save: number, lines: Lines): Promise<number> {
  const startedAt = performance.now();
  await writeFile(join(project, 'models', 'model_1.sql'), `select 1 as id, ${save} as n\n`);
  const end = await lines.until('Done. ');
  if (!end.includes('PASS=2 ')) throw new Error(`velo watch built something else: ${end}`);
  return performance.now() - startedAt;
}

interface Lines {
  /** The next line that has this text. */
  until(text: string): Promise<string>;
}

function linesOf({ stdout }: ChildProcess): Lines {
  let seen = '';
  stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk;
  });
  return {
    async until(text) {
      for (;;) {
        const at = seen.indexOf(text);
        const end = at < 0 ? -1 : seen.indexOf('\n', at);
        if (end >= 0) {
          const line = seen.slice(at, end);
          seen = seen.slice(end + 1);
          return line;
        }
        if (stdout) await once(stdout, 'data');
      }
    },
  };
}

async function writeProject(project: string): Promise<void> {
  const models = join(project, 'models');
  await mkdir(models, { recursive: true });
  await writeFile(join(project, 'velo_project.yml'), 'name: bench\n');
  const entries = ['models:'];
  for (let i = 1; i <= MODELS; i += 1) {
    await writeFile(join(models, `model_${i}.sql`), 'select 1 as id, 0 as n\n');
    entries.push(`  - {name: model_${i}, columns: [{name: id, data_tests: [not_null]}]}`);
  }
  await writeFile(join(models, '_models.yml'), `${entries.join('\n')}\n`);
}
