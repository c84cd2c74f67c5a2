import type { JudgedModels } from '../../api/judge-models.ts';
import { leakage } from '../../api/leakage.ts';
import { casesOfLeakage } from '../reporters/ci-trials.ts';
import { leakageJson } from '../reporters/leakage-json.ts';
import { leakageReport } from '../reporters/leakage-report.ts';
import { systemClock } from '../terminal/clock.ts';
import { tellCi } from './ci-targets.ts';
import type { CommandModule } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';
import { trialOptions } from './trial-options.ts';

/** Finds features that saw the future. Exit codes: 0 clean, 1 a leak, 2 could not run or judge. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const tell = (message: string) => void context.stderr.write(`[WARNING]: ${message}\n`);
  const interrupt = onInterrupt(tell, () => {});
  const startedAt = systemClock.now();
  try {
    const result = await leakage({
      ...apiOptions(invocation, printEvents(invocation)),
      ...trialOptions(invocation),
      signal: interrupt.signal,
    });
    tellCi(invocation, startedAt, () => casesOfLeakage(result, options['strict'] === true));
    const { style } = context.display(options);
    const text =
      options['output'] === 'json'
        ? JSON.stringify(leakageJson(result), null, 2)
        : leakageReport(result, style);
    context.stdout.write(`${text}\n`);
    return exitCode(result, options['strict'] === true);
  } finally {
    interrupt.stop();
  }
};

/** A suspicion counts where no experiment could clear it. Where nothing was tried, nothing is known. */
function exitCode(
  { models, leaks, unsteady, suspicions, unjudged }: JudgedModels,
  strict: boolean,
): number {
  const counts = suspicions.some(({ model }) => strict || unjudged.includes(model));
  if (leaks.length > 0 || counts) return 1;
  return unsteady.length > 0 || unjudged.length === models.length ? 2 : 0;
}
