import { type Group, ROOT, velo, veloIdle } from '../bench.ts';
import { inTurn, medianUsage, runNode, type Usage } from '../run-process.ts';

const RUNS = 9;

/** Commands that build nothing, on the racing project with the sample built. */
export const startup: Group = {
  name: 'startup',
  about: 'Commands that change nothing, on the racing project with the sample built.',
  async measure(folder, tell) {
    tell('building the sample');
    const target = ['--target-path', folder];
    await velo('build', ...target);
    const tasks: Readonly<Record<string, () => Promise<Usage>>> = {
      'node -e 0': () => runNode(['-e', '0'], ROOT),
      'velo --version': () => velo('--version'),
      'velo --help': () => velo('--help'),
      'velo ls': () => velo('ls', ...target),
      'velo plan, nothing to do': () => veloIdle('plan', ...target),
      'velo build, nothing to do': () => veloIdle('build', ...target),
    };
    tell(`${Object.keys(tasks).length} commands, ${RUNS} runs each`);
    const usages = (await inTurn(RUNS, Object.values(tasks))).map(medianUsage);
    const node = usages[0]?.wallMs ?? Number.NaN;
    const against = { name: 'node -e 0', wallMs: node };
    return Object.keys(tasks).flatMap((name, i) => {
      const usage = usages[i];
      if (!usage) return [];
      if (i === 0) return [{ name, runs: RUNS, ...usage }];
      const target = TARGETS[name];
      return [{ name, runs: RUNS, ...usage, against, ...(target && { target }) }];
    });
  },
};

const TARGETS: Readonly<Record<string, { atMostMs?: number; atMostRatio?: number }>> = {
  'velo --version': { atMostRatio: 2 },
  'velo build, nothing to do': { atMostMs: 500 },
};
