import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProjectError } from '../core/errors.ts';
import type { ScriptContext, ScriptResult } from './script-api.ts';

/** A TypeScript model once it is loaded. */
export interface Script {
  readonly config: Readonly<Record<string, unknown>>;
  readonly run: (context: ScriptContext) => Promise<ScriptResult>;
  /** The JavaScript it was turned into, with what it imports from the project. */
  readonly code: string;
  /** Absolute paths of the project files it imports. */
  readonly imports: readonly string[];
}

/**
 * Loads a TypeScript model without a build step for its author: esbuild bundles it and the project
 * files it imports into `cacheDir`, once for each content. @throws ProjectError 'script-error'
 */
export async function loadScript(file: ScriptFile, cacheDir: string): Promise<Script> {
  // A file that imports others changes when they do: only esbuild knows.
  const importsFiles = /(?:from|import)\s*\(?\s*['"]\.{1,2}\//.test(file.text);
  const known = join(cacheDir, `${contentHash(`${file.shownPath}\n${file.text}`)}.mjs`);
  if (importsFiles || !existsSync(known)) {
    const { text, imports } = await bundleScript(file);
    const target = importsFiles ? join(cacheDir, `${contentHash(text)}.mjs`) : known;
    await writeAtomically(target, text);
    return { ...(await importScript(file, target)), imports };
  }
  return { ...(await importScript(file, known)), imports: [] };
}

interface ScriptFile {
  readonly shownPath: string;
  readonly absolutePath: string;
  readonly text: string;
}

const contentHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);

async function bundleScript(
  file: ScriptFile,
): Promise<{ readonly text: string; readonly imports: readonly string[] }> {
  const { build } = await import('esbuild');
  // Told, because esbuild takes the folder the process stood in when it was loaded: that one may be gone.
  const absWorkingDir = dirname(file.absolutePath);
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir,
      entryPoints: [file.absolutePath],
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
    });
    const inputs = Object.keys(metafile.inputs).map((input) => resolve(absWorkingDir, input));
    const imports = inputs.filter((input) => input !== file.absolutePath);
    return { text: outputFiles[0]?.text ?? '', imports };
  } catch (error) {
    throw bundleError(error, file.shownPath);
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, text);
  await rename(aside, file);
}

async function importScript(file: ScriptFile, target: string): Promise<Omit<Script, 'imports'>> {
  process.setSourceMapsEnabled(true);
  try {
    const module = (await import(pathToFileURL(target).href)) as Record<string, unknown>;
    const code = readFileSync(target, 'utf8').replace(/\/\/# sourceMappingURL=.*\s*$/, '');
    return scriptOf(module, file, code);
  } catch (error) {
    throw scriptError(error, file.shownPath);
  }
}

function scriptOf(
  module: Record<string, unknown>,
  file: ScriptFile,
  code: string,
): Omit<Script, 'imports'> {
  const span = { file: file.shownPath, line: 1, column: 1 };
  const { config = {}, default: run } = module;
  if (typeof run !== 'function') {
    throw new ProjectError('script-error', 'the model has no default function', {
      span,
      hint: 'export default async function (context) { … return { columns } }',
    });
  }
  if (typeof config !== 'object' || config === null) {
    throw new ProjectError('script-error', 'config is not an object', { span });
  }
  return {
    config: config as Readonly<Record<string, unknown>>,
    run: run as Script['run'],
    code,
  };
}

interface BuildFailure {
  readonly errors?: readonly {
    readonly text: string;
    readonly location: { readonly line: number; readonly column: number } | null;
  }[];
}

function bundleError(error: unknown, path: string): ProjectError {
  const [first] = (error as BuildFailure).errors ?? [];
  const { line = 1, column = 0 } = first?.location ?? {};
  const message = first?.text ?? String(error);
  const span = { file: path, line, column: column + 1 };
  return new ProjectError('script-error', message, { span, cause: error });
}

/** An error thrown by a model, at the line of its file that threw. */
export function scriptError(error: unknown, path: string): ProjectError {
  if (error instanceof ProjectError) return error;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  const frame = stack.split('\n').find((line) => line.includes(`${name}:`));
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame?.trim() ?? '') ?? [];
  const span = { file: path, line: Number(line ?? 1), column: Number(column ?? 1) };
  const message = error instanceof Error ? error.message : String(error);
  return new ProjectError('script-error', message, { span, cause: error });
}
