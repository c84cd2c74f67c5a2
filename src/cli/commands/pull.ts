import { pull } from '../../api/pull.ts';
import type { CommandModule } from './command.ts';
import { selectOptions } from './options.ts';
import { transfer } from './transfer.ts';

/** Copies source tables of another target here. Exit codes: 0 copied, 1 something failed, 2 could not run. */
export const run: CommandModule['run'] = (invocation) =>
  transfer(invocation, (options) =>
    pull({
      ...options,
      ...selectOptions(invocation),
      from: invocation.options['from'] as string | undefined,
    }),
  );
