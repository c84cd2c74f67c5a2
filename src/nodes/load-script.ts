import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProjectError } from '../core/errors.ts';
import type { ScriptContext, ScriptResult } from './script-api.ts';

/** A TypeScript model once it is loaded. */
export interface Script {
  readonly config: Readonly<Record<string, unknown>>;
  readonly run: (context: ScriptContext) => Promise<ScriptResult>;
  /** The JavaScript it was turned into, with what it imports from the project. */
  readonly code: string;
}

/**
 * Loads a TypeScript model without a build step for its author: esbuild bundles it and the project
 * files it imports into `cacheDir`, once for each content. @throws ProjectError 'script-error'
 */
export async function loadScript(
  file: { readonly path: string; readonly absolutePath: string; readonly text: string },
  cacheDir: string,
): Promise<Script> {
  // A file that imports others changes when they do: only esbuild knows.
  const importsFiles = /(?:from|import)\s*\(?\s*['"]\.{1,2}\//.test(file.text);
  const name = `${createHash('sha256').update(`${file.path}\n${file.text}`).digest('hex').slice(0, 16)}.mjs`;
  const cached = join(cacheDir, name);
  const target = !importsFiles && existsSync(cached) ? cached : await bundle(file, cacheDir, name);
  process.setSourceMapsEnabled(true);
  try {
    return scriptOf(await import(pathToFileURL(target).href), file);
  } catch (error) {
    throw scriptError(error, file.path);
  }
}

async function bundle(
  file: { readonly path: string; readonly absolutePath: string },
  cacheDir: string,
  name: string,
): Promise<string> {
  const { build } = await import('esbuild');
  const outfile = join(cacheDir, name);
  try {
    await build({
      entryPoints: [file.absolutePath],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
    });
    return outfile;
  } catch (error) {
    throw bundleError(error, file.path);
  }
}

function scriptOf(
  module: Record<string, unknown>,
  file: { readonly path: string; readonly text: string },
): Script {
  const span = { file: file.path, line: 1, column: 1 };
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
    code: file.text,
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
