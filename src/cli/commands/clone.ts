import { clone } from '../../api/clone.ts';
import { FAILED } from '../../core/result.ts';
import type { CommandModule } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions, kindOptions, rangeOptions, selectOptions } from './options.ts';
import { createReporter, shownArguments } from './run-command.ts';

/** Makes views on what an earlier run built elsewhere. Exit codes: 0 done, 1 a node failed, 2 could not. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const reporter = createReporter(invocation, false);
  const tell = (message: string) => reporter.handle({ type: 'warning', message });
  const interrupt = onInterrupt(tell, reporter.close);
  try {
    const { results } = await clone({
      ...apiOptions(invocation, (event) => reporter.handle(event)),
      ...selectOptions(invocation),
      ...kindOptions(invocation),
      fullRefresh: rangeOptions(invocation).fullRefresh,
      failFast: options['failFast'] === true,
      signal: interrupt.signal,
      args: shownArguments(options, context.argv),
    });
    if (interrupt.signal.aborted) return 130;
    return results.some(({ status }) => FAILED.has(status)) ? 1 : 0;
  } finally {
    reporter.close();
    interrupt.stop();
  }
};
