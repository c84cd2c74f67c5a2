import { ConfigError, ProjectError } from '../core/errors.ts';
import { checkRows } from './check-rows.ts';
import type { Estimator, Rows } from './estimator.ts';

/** An estimator that learns nothing: `probabilities` are known from the groups or prices of the rows alone. */
export function baseline(
  name: string,
  needs: Estimator['needs'],
  probabilities: (rows: Rows) => Float64Array,
): Estimator {
  const text = `${JSON.stringify({ format: `velo ${name} 1` })}\n`;
  const checkParams: Estimator['checkParams'] = (params) => {
    for (const given of Object.keys(params)) {
      throw new ConfigError('unknown-config', `${name} has no parameters: '${given}'`);
    }
  };
  return {
    name,
    objectives: ['binary'],
    needs,
    checkParams,
    isWhole: () => false,
    async fit(_tools, rows, _validation, { params }) {
      checkParams(params, []);
      const warnings = checkRows({ ...rows, features: [] }, 'zero-one');
      return {
        artifact: { estimator: name, features: [], outputs: 1, text },
        importance: { gain: new Float64Array(0), split: new Float64Array(0) },
        rounds: 0,
        bestRound: 0,
        metrics: [],
        warnings,
      };
    },
    async open(_tools, artifact) {
      if (artifact.text !== text) {
        throw new ProjectError('model-file', `the text of the model is not one of ${name}`);
      }
      const raw = async (rows: Rows) => probabilities(rows).map((p) => Math.log(p / (1 - p)));
      return {
        artifact,
        importance: { gain: new Float64Array(0), split: new Float64Array(0) },
        predict: async (rows) => probabilities(rows),
        predictRaw: raw,
        contributions: raw,
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

/** Calls `use` with the first row of each group and the one after its last. */
export function eachGroup({ groups, count }: Rows, use: (from: number, to: number) => void): void {
  let from = 0;
  for (const size of groups ?? []) {
    use(from, from + size);
    from += size;
  }
  if (from !== count) throw new Error(`groups have ${from} rows of ${count}`);
}
