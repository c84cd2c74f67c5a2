import type * as Koffi from 'koffi';
import { arrowTable } from './arrow-table.ts';
import {
  type Argument,
  type CApi,
  type FunctionName,
  type Handle,
  LightgbmFailure,
  lines,
  SIGNATURES,
} from './c-api.ts';

type NativeFunction = (...args: unknown[]) => number;

/** LightGBM recurses over trees; the stack koffi runs C on is 1 MiB unless it is told before the first library. */
const STACK_BYTES = 16 * 1024 * 1024;
/** LightGBM says this each time the columns are handed over the way that needs no callbacks. */
const ARROW_NOTICE = 'LGBM_DatasetCreateFromArrow is deprecated';

/**
 * Opens a shared library. `preload`: libraries it needs, loaded first for all to see.
 * Raises the loader's Error when one cannot be loaded or lacks a function.
 */
export function openNativeLibrary(
  koffi: typeof Koffi,
  path: string,
  preload: readonly string[],
): CApi {
  koffi.config({ sync_stack_size: STACK_BYTES });
  for (const file of preload) loadForAll(koffi, file);
  const library = koffi.load(path);
  const functions = new Map(
    Object.entries(SIGNATURES).map(([name, signature]) => [
      name as FunctionName,
      library.func(`int LGBM_${name}${signature}`) as NativeFunction,
    ]),
  );
  const lastError = library.func('const char *LGBM_GetLastError()') as () => string;
  const call = (name: FunctionName, args: readonly Argument[]) => {
    const code = functions.get(name)?.(...args.map((argument) => marshal(koffi, argument)));
    if (code !== 0) throw new LightgbmFailure(lastError());
  };
  const create = (name: FunctionName, args: readonly Argument[]): Handle => {
    const out = new BigInt64Array(1);
    call(name, [...args, { output: out }]);
    return out[0] ?? 0n;
  };
  const release = koffi.register(
    () => {},
    koffi.pointer(koffi.proto('void', [koffi.pointer('void')])),
  );
  return {
    path,
    kind: 'library',
    call,
    create,
    createDataset(columns, parameters, reference) {
      const table = arrowTable(columns, (memory) => koffi.address(memory), release);
      return create('DatasetCreateFromArrow', [
        { long: 1 },
        { handle: table.arrayAddress },
        { handle: table.schemaAddress },
        { text: parameters },
        reference === undefined ? null : { handle: reference },
      ]);
    },
    onLog: logListener(koffi, library),
  };
}

function loadForAll(koffi: typeof Koffi, file: string): void {
  try {
    koffi.load(file, { global: true });
  } catch (cause) {
    throw new Error(`${file}, to be loaded before it, cannot be: ${cause}`, { cause });
  }
}

function logListener(koffi: typeof Koffi, library: Koffi.LibraryHandle): CApi['onLog'] {
  const callback = koffi.pointer(koffi.proto('void', ['const char *']));
  const register = library.func('LGBM_RegisterLogCallback', 'int', [callback]);
  return (listener) => {
    const heard = lines((line) => {
      if (!line.includes(ARROW_NOTICE)) listener(line);
    });
    register(koffi.register(heard, callback));
  };
}

function marshal(koffi: typeof Koffi, argument: Argument): unknown {
  if (argument === null || typeof argument === 'number') return argument;
  if ('text' in argument) return argument.text;
  if ('texts' in argument) return argument.texts;
  if ('long' in argument) return argument.long;
  if ('handle' in argument) return argument.handle;
  if ('input' in argument) return argument.input;
  if ('output' in argument) return argument.output;
  return BigInt64Array.from(argument.outputTexts, (bytes) => koffi.address(bytes));
}
