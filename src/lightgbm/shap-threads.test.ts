import { afterAll, beforeAll, expect, it } from 'vitest';
import { someRows, someTraining } from './lightgbm-fixture.ts';
import { type Lightgbm, openLightgbm } from './open-lightgbm.ts';

let lightgbm: Lightgbm;
beforeAll(async () => {
  lightgbm = await openLightgbm({});
});
afterAll(() => lightgbm[Symbol.asyncDispose]());

/** Enough for three threads, and no multiple of three. */
const { columns } = someRows(25_001, 4);

it.each([
  ['binary', 'objective=binary'],
  ['multiclass', 'objective=multiclass num_class=2'],
  ['left to LightGBM', 'objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.5'],
])('contributions are the same on any number of threads: %s', async (_, parameters) => {
  const { text } = await lightgbm.train(someTraining({ parameters: `${parameters} verbosity=-1` }));
  await using model = await lightgbm.load(text);
  const alone = await model.predict(columns, { threads: 1, kind: 'shap' });
  const together = await model.predict(columns, { threads: 3, kind: 'shap' });
  expect(together.perRow).toBe(alone.perRow);
  expect(together.values.length).toBe(alone.values.length);
  expect(Buffer.from(together.values.buffer).equals(Buffer.from(alone.values.buffer))).toBe(true);
});

it('an interrupted call ends all threads, and they answer the next one', async () => {
  const { text } = await lightgbm.train(someTraining());
  await using model = await lightgbm.load(text);
  const stop = new AbortController();
  const asked = model.predict(columns, { threads: 3, kind: 'shap', signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toThrow('interrupted');
  const { values } = await model.predict(columns, { threads: 3, kind: 'shap' });
  expect(values.length).toBeGreaterThan(0);
});
