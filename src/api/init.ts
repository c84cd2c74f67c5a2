import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PROJECT_FILES } from '../config/project-head.ts';
import { ConfigError } from '../core/errors.ts';
import { type PostgresAnswers, starterFiles } from './starter-files.ts';

export interface InitOptions {
  /** Folder to make; its last part is the project's name where none is given. */
  readonly folder: string;
  readonly name?: string | undefined;
  /** With a sample to start from when absent. */
  readonly sample?: boolean | undefined;
  readonly postgres?: PostgresAnswers | undefined;
}

export interface MadeFile {
  /** Relative to the folder. */
  readonly path: string;
  /** It was there, and was left as it is. */
  readonly isKept: boolean;
}

/** Makes a small project that builds at once. @throws ConfigError 'usage' when there is one already, or for a name that cannot be one */
export async function init(options: InitOptions): Promise<readonly MadeFile[]> {
  const { folder, sample = true, postgres } = options;
  const target = resolve(folder);
  refuseProject(folder);
  const name = options.name ?? nameOf(folder);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new ConfigError('usage', `'${name}' cannot be the name of a project`, {
      hint: 'letters, digits and underscores; no digit first',
    });
  }
  const schema = (file: string, schemaName: string) =>
    schemaComment(join(target, file), schemaName, nearestInstall(target));
  const files = Object.entries(starterFiles({ name, sample, postgres }, schema));
  const made: MadeFile[] = [];
  for (const [path, text] of files) {
    const file = join(target, path);
    const isKept = existsSync(file);
    made.push({ path, isKept });
    if (isKept) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return made;
}

/** @throws ConfigError 'usage' when the folder holds a project */
export function refuseProject(folder: string): void {
  const existing = PROJECT_FILES.find((file) => existsSync(join(folder, file)));
  if (!existing) return;
  throw new ConfigError('usage', `${folder} holds a project already: ${existing}`, {
    hint: 'name another folder: velo init my_project',
  });
}

/** The name a project has by its folder. */
export function nameOf(folder: string): string {
  const last = basename(resolve(folder));
  return last.replace(/\W+/g, '_').replace(/^(?=\d)/, '_') || 'my_project';
}

/** The folder whose node_modules holds velo, looked for as Node does; the project's own where there is none yet. */
function nearestInstall(project: string): string {
  for (let folder = project; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', 'velo', 'schemas'))) return folder;
    if (folder === dirname(folder)) return project;
  }
}

/** Tells an editor's YAML server what the file may hold; a relative path, so that it is the same for everyone. */
function schemaComment(file: string, schemaName: string, install: string): string {
  const schema = join(install, 'node_modules', 'velo', 'schemas', `${schemaName}.json`);
  const path = relative(dirname(file), schema).replaceAll('\\', '/');
  return `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}`;
}
