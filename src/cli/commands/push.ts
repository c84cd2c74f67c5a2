import { push } from '../../api/push.ts';
import type { CommandModule } from './command.ts';
import { selectOptions, wholeNumber } from './options.ts';
import { transfer } from './transfer.ts';

/** Publishes tables in another target. Exit codes: 0 published, 1 something failed, 2 could not run. */
export const run: CommandModule['run'] = (invocation) =>
  transfer(invocation, (options) =>
    push({
      ...options,
      ...selectOptions(invocation),
      to: invocation.options['to'] as string | undefined,
      backups: wholeNumber(invocation.options['backups'], '--backups', 0),
    }),
  );
