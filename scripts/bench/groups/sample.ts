import { type Group, velo, withFolder } from '../bench.ts';
import { inTurn, medianUsage } from '../run-process.ts';

const RUNS = 3;

/** What a newcomer's first command takes. */
export const sample: Group = {
  name: 'sample',
  about: 'The shipped sample: two seasons in seeds, all models and tests.',
  async measure(folder, tell) {
    tell(`building the sample ${RUNS} times`);
    const build = () => withFolder(folder, (target) => velo('build', '--target-path', target));
    const [built = []] = await inTurn(RUNS, [build]);
    const name = 'velo build, from nothing';
    return [{ name, runs: RUNS, ...medianUsage(built), target: { atMostMs: 10_000 } }];
  },
};
