import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../config/environment.ts';
import { someRows, someTraining } from './lightgbm-fixture.ts';
import { type Lightgbm, openLightgbm } from './open-lightgbm.ts';

const NATIVE = join(import.meta.dirname, '../../native/lightgbm');
const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64';

const KINDS = [
  ['library', {}],
  ['wasm', { VELO_LIGHTGBM_LIB: 'wasm' }],
] as const;

let lightgbm: Lightgbm;
const openBefore = (environment: Readonly<Record<string, string>>) => {
  beforeAll(async () => {
    lightgbm = await openLightgbm(environment);
  });
  afterAll(() => lightgbm[Symbol.asyncDispose]());
};

describe.each(KINDS)('LightGBM as %s', (kind, environment) => {
  openBefore(environment);

  it.runIf(kind === 'wasm' || isLinuxX64)('loads what velo ships', () => {
    expect(lightgbm.library.kind).toBe(kind);
    expect(lightgbm.library.path.startsWith(NATIVE)).toBe(true);
    expect(lightgbm.library.failed).toEqual([]);
    // Read by OpenMP when it is loaded; a process that has set it before keeps its own.
    expect(readEnvironment()['OMP_WAIT_POLICY']).toBeDefined();
  });

  it('tells of each round, stops early, and predicts with the best one', async () => {
    const heard: number[] = [];
    const validation = someRows(1000, 2);
    const input = someTraining({ rounds: 400, validation, earlyStopping: { rounds: 5 } });
    const output = await lightgbm.train(input, { onProgress: ({ round }) => heard.push(round) });
    expect(heard).toEqual(Array.from({ length: output.rounds }, (_, i) => i + 1));
    expect(output.rounds).toBe(output.bestRound + 5);

    await using model = await lightgbm.load(output.text);
    const { values, perRow } = await model.predict(validation.columns, { threads: 2 });
    const chances = values.map((p, i) => (validation.label[i] ? p : 1 - p));
    const loss = chances.reduce((sum, p) => sum - Math.log(p), 0) / chances.length;
    expect(perRow).toBe(1);
    expect(output.metrics).toEqual([{ name: 'binary_logloss', value: expect.closeTo(loss, 5) }]);
    expect([...model.split]).toEqual([...output.split]);
  });

  it('adds contributions up to the raw score, whose logistic is the prediction', async () => {
    const { text } = await lightgbm.train(someTraining());
    await using model = await lightgbm.load(text);
    const { columns } = someRows(20, 3);
    const predict = async (which: 'value' | 'raw' | 'shap' | 'leaf') =>
      model.predict(columns, { threads: 2, kind: which });
    const [value, raw, shap, leaf] = await Promise.all([
      predict('value'),
      predict('raw'),
      predict('shap'),
      predict('leaf'),
    ]);
    expect([value.perRow, raw.perRow, shap.perRow, leaf.perRow]).toEqual([1, 1, 3, 10]);
    for (const [i, score] of raw.values.entries()) {
      const parts = shap.values.subarray(3 * i, 3 * i + 3);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 12);
      expect(value.values[i]).toBeCloseTo(1 / (1 + Math.exp(-score)), 12);
    }
  });
});

describe.each(KINDS)('LightGBM as %s', (_, environment) => {
  openBefore(environment);

  it('makes the same text from shared and from copied columns, of any kind of number', async () => {
    const { columns, label } = someRows(2000);
    const [shape, size] = columns.map((column) => {
      const copy = new Float64Array(new SharedArrayBuffer(8 * column.length));
      copy.set(column);
      return copy;
    }) as [Float64Array, Float64Array];
    const shared = [shape, size];
    const small = [Int32Array.from(shape), size];
    const bytes = [Uint8Array.from(shape), size];
    const texts = await Promise.all(
      [columns, shared, small, bytes].map(
        async (some) =>
          (await lightgbm.train(someTraining({ training: { columns: some, label } }))).text,
      ),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('stops when it is told, long before the end, and answers the next call', async () => {
    const stop = new AbortController();
    const training = lightgbm.train(someTraining({ rounds: 1_000_000 }), {
      signal: stop.signal,
      onProgress: ({ round }) => round === 20 && stop.abort(),
    });
    await expect(training).rejects.toMatchObject({ code: 'interrupted' });
    await lightgbm.train(someTraining({ rounds: 1 }));
    const late = lightgbm.train(someTraining(), { signal: stop.signal });
    await expect(late).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('says what LightGBM says, and lives', async () => {
    const wrong = lightgbm.train(someTraining({ parameters: 'objective=poison verbosity=-1' }));
    await expect(wrong).rejects.toMatchObject({
      code: 'lightgbm-error',
      message: 'LightGBM: Unknown objective type name: poison',
    });
    const forest = lightgbm.train(
      someTraining({ parameters: 'objective=binary boosting=rf verbosity=-1' }),
    );
    await expect(forest).rejects.toThrow(/^LightGBM: Check failed: .* > 0\.0f\)$/);
    const { warnings } = await lightgbm.train(
      someTraining({ training: someRows(30), parameters: 'objective=binary verbosity=0' }),
    );
    expect(warnings.join('\n')).toContain('There are no meaningful features');
  });
});

it('rejects what is under way when it is disposed', async () => {
  const lightgbm = await openLightgbm({});
  const training = lightgbm.train(someTraining({ rounds: 1_000_000 }), {
    onProgress: ({ round }) => void (round === 3 && lightgbm[Symbol.asyncDispose]()),
  });
  await expect(training).rejects.toMatchObject({ code: 'lightgbm-error' });
  await expect(lightgbm.train(someTraining())).rejects.toMatchObject({ code: 'lightgbm-error' });
}, 60_000);

describe('a library that cannot be loaded', () => {
  it('is named with the reason; no other is taken in its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'velo-lightgbm-'));
    const broken = join(folder, 'broken.so');
    writeFileSync(broken, 'not a library');
    const missing = openLightgbm({ VELO_LIGHTGBM_LIB: join(folder, 'missing.so') });
    await expect(missing).rejects.toMatchObject({
      code: 'lightgbm-missing',
      message: `LightGBM cannot be loaded; tried:\n  ${join(folder, 'missing.so')}: there is no such file`,
    });
    await expect(openLightgbm({ VELO_LIGHTGBM_LIB: broken })).rejects.toThrow('broken.so');
    rmSync(folder, { recursive: true });
  });

  it.runIf(isLinuxX64)('needs what stands in VELO_LIGHTGBM_PRELOAD', async () => {
    const own = join(NATIVE, 'lib_lightgbm-linux-x64.so');
    const environment = { VELO_LIGHTGBM_LIB: own, VELO_LIGHTGBM_PRELOAD: '/no/such/libgomp.so' };
    await expect(openLightgbm(environment)).rejects.toThrow('/no/such/libgomp.so');
    await using lightgbm = await openLightgbm({ VELO_LIGHTGBM_LIB: own });
    expect(lightgbm.library.path).toBe(own);
  });
});

it('is linked so that it stays when the thread that loaded it ends', () => {
  expect(dynamicFlags(readFileSync(join(NATIVE, 'lib_lightgbm-linux-x64.so')))).toMatchObject({
    isNodelete: true,
  });
});

/** DT_FLAGS_1 of a 64-bit ELF file. */
function dynamicFlags(file: Buffer): { readonly isNodelete: boolean } {
  const number = (at: number) => Number(file.readBigUInt64LE(at));
  const [DYNAMIC, FLAGS_1, NODELETE] = [2, 0x6ffffffb, 8];
  const headers = number(0x20);
  for (let i = 0; i < file.readUInt16LE(0x38); i += 1) {
    const header = headers + i * file.readUInt16LE(0x36);
    if (file.readUInt32LE(header) !== DYNAMIC) continue;
    const start = number(header + 8);
    for (let at = start; at < start + number(header + 32); at += 16) {
      if (number(at) === FLAGS_1) return { isNodelete: (number(at + 8) & NODELETE) !== 0 };
    }
  }
  return { isNodelete: false };
}
