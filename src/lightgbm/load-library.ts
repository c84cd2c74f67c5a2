import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type * as Koffi from 'koffi';
import type { CApi } from './c-api.ts';
import type { Attempt, LibraryFile, WorkerSettings } from './messages.ts';
import { openNativeLibrary } from './native-library.ts';
import { type CreateWasmModule, openWasmLibrary } from './wasm-library.ts';

/** Opens the first file that can be; `failed`: those before it, or all when there is no `api`. */
export async function loadLibrary({ candidates, koffi }: WorkerSettings): Promise<{
  readonly api: CApi | undefined;
  readonly failed: readonly Attempt[];
}> {
  const failed: Attempt[] = [];
  for (const file of candidates) {
    try {
      return { api: await open(file, koffi), failed };
    } catch (error) {
      failed.push({ path: file.path, reason: error instanceof Error ? error.message : `${error}` });
    }
  }
  return { api: undefined, failed };
}

async function open(file: LibraryFile, koffi: string | undefined): Promise<CApi> {
  if (!existsSync(file.path)) throw new Error('there is no such file');
  if (file.kind === 'library') {
    if (koffi === undefined) throw new Error('the npm package koffi is not installed');
    checkSum(file, file.path);
    return openNativeLibrary(requireFile(koffi) as typeof Koffi, file.path, file.preload);
  }
  const binary = join(dirname(file.path), `${basename(file.path, '.cjs')}.wasm`);
  checkSum(file, file.path);
  const wasmBinary = checkSum(file, binary);
  const create = requireFile(file.path) as CreateWasmModule;
  return openWasmLibrary(await create({ wasmBinary, print() {}, printErr() {} }), file.path);
}

const requireFile = (path: string): unknown => createRequire(path)(path);

/** What velo ships must be what was built; 12 MB are read and summed in some 20 ms. */
function checkSum({ sums }: LibraryFile, path: string): Uint8Array {
  const bytes = readFileSync(path);
  const expected = sums[basename(path)];
  if (expected !== undefined && createHash('sha256').update(bytes).digest('hex') !== expected) {
    throw new Error(`${basename(path)} is not the file that was built (SHA-256)`);
  }
  return bytes;
}
