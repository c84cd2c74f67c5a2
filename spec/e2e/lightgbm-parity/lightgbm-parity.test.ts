import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelledRows } from '../../../src/estimators/estimator.ts';
import { openEstimatorTools } from '../../../src/estimators/estimator-tools.ts';
import { estimators } from '../../../src/estimators/index.ts';
import { featuresOfText } from '../../../src/estimators/lightgbm-text.ts';
import { CASES, type Case } from './cases.ts';
import { runReference, whyNoPython } from './python.ts';

const TOLERANCE = 1e-12;
const THREADS = 2;
const SEED = 42;

const reason = whyNoPython();
const lightgbm = estimators.get('lightgbm');

describe.skipIf(reason !== undefined)(`as Python's LightGBM (skipped: ${reason})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'velo-parity-'));
  const tools = openEstimatorTools({});
  const file = (name: string) => join(folder, name);

  beforeAll(() => {
    const cases = Object.entries(CASES).map(([name, kase]) => [name, pythonCase(kase)]);
    writeFileSync(file('cases.json'), JSON.stringify(Object.fromEntries(cases)));
    runReference('train', folder);
  }, 120_000);

  afterAll(async () => {
    await tools[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(CASES))('%s', async (name, kase) => {
    const facts = JSON.parse(readFileSync(file(`${name}.json`), 'utf8')) as Facts;
    const training = readRows(file('train'), kase);
    const validation = readRows(file('valid'), kase);
    const fit = await lightgbm.fit(tools, training, validation, {
      objective: kase.objective,
      params: kase.params,
      rounds: kase.rounds,
      earlyStopping: kase.stop,
      seed: SEED,
      threads: THREADS,
    });
    const python = readFileSync(file(`${name}.python.txt`), 'utf8');
    expect(trees(fit.artifact.text) === trees(python), 'the same trees').toBe(true);
    expect(fit.bestRound).toBe(facts.best);
    expect(fit.metrics.map(({ name }) => name)).toEqual(Object.keys(facts.metrics));
    for (const { name: metric, value } of fit.metrics) {
      expect(Math.abs(value - (facts.metrics[metric] ?? Number.NaN))).toBeLessThan(TOLERANCE);
    }
    // Python reads its own text again, which has gains of six digits.
    expect([...fit.importance.split]).toEqual(facts.split);
    expect(furthest(fit.importance.gain, facts.gain.map(Math.fround))).toBeLessThan(0.05);

    writeFileSync(file(`${name}.velo.txt`), fit.artifact.text);
    runReference('predict', folder, name);
    await using own = await lightgbm.open(tools, fit.artifact);
    await using pythons = await lightgbm.open(tools, {
      ...fit.artifact,
      text: python,
    });
    expect(featuresOfText(fit.artifact.text)).toEqual(fit.artifact.features);
    for (const model of [own, pythons]) {
      const some = { ...validation, features: firstRows(validation, 300) };
      const answers = {
        value: await model.predict(validation, { threads: THREADS }),
        raw: await model.predictRaw(validation, { threads: THREADS }),
        shap: await model.contributions(some, { threads: THREADS }),
      };
      for (const [kind, values] of Object.entries(answers)) {
        for (const side of ['python', 'velo']) {
          const expected = doubles(file(`${name}.${side}.${kind}`));
          expect(furthest(values, expected), `${kind} of ${side}`).toBeLessThan(TOLERANCE);
        }
      }
    }
  });
});

interface Facts {
  readonly best: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gain: readonly number[];
  readonly split: readonly number[];
}

/** What velo sets by itself, Python is told. */
function pythonCase(kase: Case) {
  return {
    ...kase,
    params: {
      ...kase.params,
      objective: kase.objective,
      ...(kase.objective === 'multiclass' ? { num_class: 3 } : {}),
      seed: SEED,
      num_threads: THREADS,
      deterministic: true,
      force_col_wise: true,
      verbosity: -1,
    },
    stop: kase.stop ?? null,
  };
}

/** All of a text but the list of parameters, in which each side has words of its own. */
const trees = (text: string): string => text.split('\nparameters:')[0] ?? '';

const doubles = (path: string): Float64Array => {
  const bytes = readFileSync(`${path}.bin`);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

function readRows(path: string, kase: Case): LabelledRows {
  const x = doubles(`${path}.x`);
  const target = doubles(`${path}.${kase.target}`);
  const count = target.length;
  const groups = readFileSync(`${path}.groups.bin`);
  const features = Array.from({ length: x.length / count }, (_, i) => {
    const values = x.subarray(i * count, (i + 1) * count);
    const name = `feature_${i}`;
    if (!kase.categorical.includes(i)) return { name, values };
    // The numbers in Python are the codes.
    const codes = new Set(values.filter((code) => !Number.isNaN(code))).size;
    return { name, values, categories: Array.from({ length: codes }, (_, code) => `text ${code}`) };
  });
  return {
    count,
    features,
    target,
    weights: kase.weights ? doubles(`${path}.weights`) : undefined,
    groups: kase.groups
      ? new Int32Array(groups.buffer.slice(groups.byteOffset, groups.byteOffset + groups.length))
      : undefined,
  };
}

const firstRows = ({ features }: LabelledRows, count: number) =>
  features.map((column) => ({ ...column, values: column.values.subarray(0, count) }));

function furthest(values: Float64Array, expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  return values.reduce((most, value, i) => {
    const distance = Math.abs(value - (expected[i] ?? Number.NaN));
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(most, distance);
  }, 0);
}
