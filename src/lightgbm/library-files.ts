import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { type Environment, environmentVariable } from '../config/environment.ts';
import type { LibraryFile, WorkerSettings } from './messages.ts';

/** As far from here as from dist/chunks, where this file is bundled to. */
const SHIPPED = join(import.meta.dirname, '../../native/lightgbm');
const WASM: LibraryFile = shipped('lightgbm-wasm.cjs', 'wasm');
const EXTENSIONS: Readonly<Record<string, string>> = { darwin: 'dylib', win32: 'dll' };

/**
 * Where LightGBM is looked for: `VELO_LIGHTGBM_LIB` and nothing else when it is set, since another library would train another model;
 * else the library shipped for this machine, then the WebAssembly.
 */
export function librarySettings(environment: Environment): WorkerSettings {
  return { candidates: candidates(environment), koffi: koffiPath() };
}

function candidates(environment: Environment): LibraryFile[] {
  const own = environmentVariable(environment, 'VELO_LIGHTGBM_LIB');
  if (own === 'wasm') return [withSums(WASM)];
  if (own) {
    const preload = environmentVariable(environment, 'VELO_LIGHTGBM_PRELOAD') ?? '';
    const files = preload.split(delimiter).filter((file) => file !== '');
    return [
      {
        path: resolve(own),
        kind: 'library',
        preload: files.map((file) => resolve(file)),
        sums: {},
      },
    ];
  }
  const extension = EXTENSIONS[process.platform] ?? 'so';
  const name = `lib_lightgbm-${process.platform}-${process.arch}.${extension}`;
  return [shipped(name, 'library'), WASM].map(withSums);
}

function shipped(name: string, kind: LibraryFile['kind']): LibraryFile {
  return { path: join(SHIPPED, name), kind, preload: [], sums: {} };
}

/** `SHA256SUMS` has lines of a sum and a name. */
function withSums(file: LibraryFile): LibraryFile {
  const list = join(SHIPPED, 'SHA256SUMS');
  const text = existsSync(list) ? readFileSync(list, 'utf8') : '';
  const pairs = [...text.matchAll(/^([0-9a-f]{64}) +(.+)$/gm)].map(([, sum, name]) => [name, sum]);
  return { ...file, sums: Object.fromEntries(pairs) as Record<string, string> };
}

function koffiPath(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('koffi');
  } catch {
    return undefined;
  }
}
