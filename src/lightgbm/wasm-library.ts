import {
  type Argument,
  type CApi,
  dataType,
  type FunctionName,
  type Handle,
  LightgbmFailure,
  lines,
  type NumberColumn,
} from './c-api.ts';

/** What Emscripten's module offers of its insides. Pointers are 32 bits and come back signed. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly UTF8ToString: (pointer: number) => string;
  readonly addFunction: (callback: (pointer: number) => void, signature: string) => number;
  readonly [functionName: `_LGBM_${string}`]: (...args: (number | bigint)[]) => number;
}

export type CreateWasmModule = (options: {
  readonly wasmBinary: Uint8Array;
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<WasmModule>;

/** LightGBM in WebAssembly: one thread, and what it works on is copied into its memory of at most 4 GB. */
export function openWasmLibrary(module: WasmModule, path: string): CApi {
  const call = (name: FunctionName, args: readonly Argument[]) => {
    const memory = scope(module);
    try {
      const run = module[`_LGBM_${name}`];
      const code = run?.(...args.map((argument) => marshal(memory, name, argument)));
      if (code !== 0) throw new LightgbmFailure(lastError(module));
      memory.copyBack();
    } finally {
      memory.free();
    }
  };
  const create = (name: FunctionName, args: readonly Argument[]): Handle => {
    const out = new Int32Array(1);
    call(name, [...args, { output: out }]);
    return (out[0] ?? 0) >>> 0;
  };
  return {
    path,
    kind: 'wasm',
    call,
    create,
    createDataset: (columns, parameters, reference) => {
      const rows = columns[0]?.length ?? 0;
      const matrix = matrixOf(module, columns);
      try {
        return create('DatasetCreateFromMat', [
          { handle: matrix },
          dataType(new Float64Array(0)),
          rows,
          columns.length,
          0,
          { text: parameters },
          reference === undefined ? null : { handle: reference },
        ]);
      } finally {
        module._free(matrix);
      }
    },
    onLog(listener) {
      const heard = lines(listener);
      const callback = module.addFunction((text) => heard(module.UTF8ToString(text >>> 0)), 'vi');
      module['_LGBM_RegisterLogCallback']?.(callback);
    },
  };
}

const lastError = (module: WasmModule) =>
  module.UTF8ToString((module['_LGBM_GetLastError']?.() ?? 0) >>> 0);

/** The columns one after the other, as doubles, in LightGBM's memory. */
function matrixOf(module: WasmModule, columns: readonly NumberColumn[]): number {
  const rows = columns[0]?.length ?? 0;
  const pointer = allocate(module, 8 * rows * columns.length);
  const matrix = new Float64Array(module.HEAPU8.buffer, pointer, rows * columns.length);
  for (const [i, column] of columns.entries()) matrix.set(column, rows * i);
  return pointer;
}

function allocate(module: WasmModule, bytes: number): number {
  const pointer = module._malloc(Math.max(8, bytes)) >>> 0;
  if (pointer === 0)
    throw new LightgbmFailure(`no memory for ${bytes} bytes (WebAssembly has 4 GB)`);
  return pointer;
}

/** Memory of one call: what goes in is copied there, what comes out is copied back. */
function scope(module: WasmModule) {
  const pointers: number[] = [];
  const outputs: { readonly pointer: number; readonly target: ArrayBufferView }[] = [];
  const place = (bytes: number): number => {
    const pointer = allocate(module, bytes);
    pointers.push(pointer);
    return pointer;
  };
  const put = (memory: ArrayBufferView): number => {
    const pointer = place(memory.byteLength);
    module.HEAPU8.set(bytesOf(memory), pointer);
    return pointer;
  };
  return {
    put,
    output(target: ArrayBufferView): number {
      const pointer = place(target.byteLength);
      outputs.push({ pointer, target });
      return pointer;
    },
    copyBack() {
      for (const { pointer, target } of outputs) {
        bytesOf(target).set(module.HEAPU8.subarray(pointer, pointer + target.byteLength));
      }
    },
    free() {
      for (const pointer of pointers) module._free(pointer);
    },
  };
}

type Scope = ReturnType<typeof scope>;

function bytesOf(memory: ArrayBufferView): Uint8Array {
  return new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}

function marshal(memory: Scope, name: FunctionName, argument: Argument): number | bigint {
  if (argument === null) return 0;
  if (typeof argument === 'number') return argument;
  if ('text' in argument) return memory.put(Buffer.from(`${argument.text}\0`));
  if ('texts' in argument) {
    return memory.put(
      Int32Array.from(argument.texts, (text) => memory.put(Buffer.from(`${text}\0`))),
    );
  }
  // A size_t has 32 bits here, an int64_t has 64 and is a BigInt.
  if ('long' in argument) {
    return name === 'BoosterGetEvalNames' ? argument.long : BigInt(argument.long);
  }
  if ('handle' in argument) return Number(argument.handle);
  if ('input' in argument) return memory.put(argument.input);
  if ('output' in argument) return memory.output(argument.output);
  return memory.put(Int32Array.from(argument.outputTexts, (bytes) => memory.output(bytes)));
}
