import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface BuildOptions {
  /** Folder with velo_project.yml. */
  readonly projectDir: string;
  /** Folder for the database and the artifacts; made when absent. */
  readonly targetDir: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** The clock's today when absent. */
  readonly asOf?: string;
}

/**
 * Builds a project with the built CLI, in a process of its own, and returns the database file.
 * Throws with the whole output when the build fails.
 */
export async function buildWarehouse(
  options: BuildOptions,
): Promise<{ readonly databasePath: string }> {
  const cli = join(repositoryRoot, 'dist', 'cli', 'bin.js');
  await requireFile(cli, 'run `npm run build` first');
  await mkdir(options.targetDir, { recursive: true });
  const asOf = options.asOf === undefined ? [] : ['--as-of', options.asOf];
  const vars = ['--vars', JSON.stringify(options.vars)];
  const args = [cli, 'build', '--exclude', 'kind:train+', ...vars, ...asOf];
  const { code, output } = await run(args, options);
  if (code !== 0) throw new Error(`velo build ended with ${code}\n${output}`);
  const databasePath = join(options.targetDir, 'velo.duckdb');
  await requireFile(databasePath, `velo build left no such file\n${output}`);
  return { databasePath };
}

async function requireFile(path: string, hint: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Error(`${path} does not exist: ${hint}`);
}

function run(
  args: readonly string[],
  { projectDir, targetDir }: BuildOptions,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectDir,
      // biome-ignore lint/style/noProcessEnv: the child needs PATH and HOME beside its target
      env: { ...process.env, VELO_TARGET_PATH: targetDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
