import { resolve } from 'node:path';
import { environmentOption } from '../../api/environment.ts';
import { concealSecrets } from '../../core/secret-names.ts';
import type { CiCase } from '../reporters/ci-case.ts';
import { type CiTargets, writeReports } from '../reporters/ci-reports.ts';
import { systemClock } from '../terminal/clock.ts';
import type { Invocation } from './command.ts';
import { isQuiet } from './print-events.ts';

/** Where CI is to be told of a command; undefined: nowhere. A command without `--junit` writes none, whatever the environment says. */
export function ciTargets(invocation: Invocation, hasJunit = true): CiTargets | undefined {
  const { options, context } = invocation;
  const { environment } = context;
  const file = options['junit'] ?? environmentOption(environment, 'JUNIT');
  const junitFile = hasJunit && typeof file === 'string' ? resolve(file) : undefined;
  const github = isGithub(invocation)
    ? {
        // The runner reads both streams; the other one may hold an answer.
        stream: context.stderr,
        workspace: environment['GITHUB_WORKSPACE'],
        summaryFile: environment['GITHUB_STEP_SUMMARY'] || undefined,
        showsWarnings: !isQuiet(invocation),
      }
    : undefined;
  if (junitFile === undefined && !github) return undefined;
  return {
    name: ['velo', context.argv.find((word) => !word.startsWith('-'))].join(' '),
    projectDir: context.display(options).projectDir,
    clock: systemClock,
    junitFile,
    github,
    conceal: (text) => concealSecrets(text, environment),
  };
}

function isGithub({ options, context }: Invocation): boolean {
  if (context.environment['GITHUB_ACTIONS'] !== 'true' || options['github'] === false) return false;
  return !/^(?:0|f|false|n|no|off)$/i.test(environmentOption(context.environment, 'GITHUB') ?? '');
}

/** Reports of a command that has ended, where CI wants them. @throws ConfigError 'usage' when one cannot be written */
export function tellCi(
  invocation: Invocation,
  startedAt: number,
  cases: () => readonly CiCase[],
): void {
  const targets = ciTargets(invocation);
  if (targets) writeReports(cases(), { startedAt }, targets);
}
