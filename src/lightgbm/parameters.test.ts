import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VeloError, VeloErrors } from '../core/errors.ts';
import { openNativeLibrary } from './native-library.ts';
import { parameterList } from './parameter-list.ts';
import { checkParameters, type Parameters, parameterText } from './parameters.ts';

const LIBRARY = join(import.meta.dirname, '../../native/lightgbm/lib_lightgbm-linux-x64.so');
const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64';

it.runIf(isLinuxX64)('knows every name the library knows, and no other', () => {
  const api = openNativeLibrary(createRequire(import.meta.url)('koffi'), LIBRARY, []);
  const length = new BigInt64Array(1);
  const text = Buffer.alloc(1 << 16);
  api.call('DumpParamAliases', [{ long: text.length }, { output: length }, { output: text }]);
  const known = JSON.parse(text.toString('utf8', 0, Number(length[0]) - 1)) as Record<
    string,
    string[]
  >;
  const own = Object.fromEntries(parameterList().map(({ name, aliases }) => [name, aliases]));
  const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, aliases]) => [name, [...aliases].sort()]));
  expect(sorted(own)).toEqual(sorted(known));
});

const text = (given: Parameters) => parameterText(checkParameters(given, ['a', 'b', 'c']));

describe('what is passed on', () => {
  it.each<[string, Parameters, string]>([
    [
      'LightGBM’s own names for aliases',
      { eta: 0.05, max_leaves: 63 },
      'learning_rate=0.05 num_leaves=63',
    ],
    [
      'lists',
      { metric: ['auc', 'binary_logloss'], eval_at: [3, 5] },
      'metric=auc,binary_logloss eval_at=3,5',
    ],
    [
      'switches',
      { extra_trees: true, boost_from_average: false },
      'extra_trees=true boost_from_average=false',
    ],
    ['constraints by name', { monotone_constraints: { b: -1 } }, 'monotone_constraints=0,-1,0'],
    ['weights of features by name', { feature_contri: { c: 0.5 } }, 'feature_contri=1,1,0.5'],
    [
      'sets of features',
      { interaction_constraints: [['a', 'c'], ['b']] },
      'interaction_constraints=[0,2],[1]',
    ],
    ['small numbers', { lambda_l1: 1e-7 }, 'lambda_l1=1e-7'],
  ])('%s', (_, given, expected) => {
    expect(text(given)).toBe(expected);
  });
});

describe('what is refused', () => {
  it.each<[Parameters, string, string | undefined]>([
    [{ num_leavs: 31 }, "LightGBM has no parameter 'num_leavs'", "did you mean 'num_leaves'?"],
    [{ learning_rate: '0.1' }, `'learning_rate' is a number, not "0.1"`, undefined],
    [{ learning_rate: 0 }, "'learning_rate' must be >0.0, not 0", undefined],
    [{ num_leaves: 31.5 }, "'num_leaves' is a whole number, not 31.5", undefined],
    [{ num_leaves: 200_000 }, "'num_leaves' must be <=131072, not 200000", undefined],
    [{ extra_trees: 1 }, "'extra_trees' is true or false, not 1", undefined],
    [{ max_bin: [255] }, "'max_bin' is one value, not a list", undefined],
    [{ boosting: 'dartt' }, "'boosting' cannot be 'dartt'", "did you mean 'dart'?"],
    [{ metric: 'aucc' }, "'metric' cannot be 'aucc'", "did you mean 'auc'?"],
    [{ metric: 'a b' }, `'metric' is a text without spaces, not "a b"`, undefined],
    [{ num_trees: 5 }, "'num_trees' is not for here: set `rounds` of the node", undefined],
    [{ device: 'gpu' }, "'device' is not for here: velo trains on the processor", undefined],
    [
      { eta: 0.1, learning_rate: 0.2 },
      "'learning_rate' and 'eta' are the same parameter",
      undefined,
    ],
    [{ force_col_wise: true, force_row_wise: true }, 'exclude each other', undefined],
    [{ unbalance: true, scale_pos_weight: 2 }, 'exclude each other', undefined],
    [{ mc: [1, 0, 0] }, "'mc' is a mapping of features to numbers", undefined],
    [{ mc: { aa: 1 } }, "'mc' names 'aa', which is no feature", "did you mean 'a'?"],
    [{ interaction_constraints: 'a' }, 'is a list of lists of features', undefined],
  ])('%j', (given, message, hint) => {
    const error = errorOf(() => text(given));
    expect(error.message).toContain(message);
    expect(error.hint).toBe(hint);
  });

  it('is told all at once', () => {
    expect(() => text({ num_leavs: 31, eta: -1 })).toThrow(VeloErrors);
  });
});

function errorOf(work: () => unknown): VeloError {
  try {
    work();
  } catch (error) {
    if (error instanceof VeloError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
