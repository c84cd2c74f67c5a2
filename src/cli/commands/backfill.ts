import { ConfigError } from '../../core/errors.ts';
import type { CommandModule } from './command.ts';
import { runCommand } from './run-command.ts';

/** `velo build` of some as_of dates. @throws ConfigError 'usage' without `--from` */
export const run: CommandModule['run'] = (invocation) => {
  const { from, to, ...options } = invocation.options;
  if (from === undefined) {
    throw new ConfigError('usage', 'velo backfill needs --from', {
      hint: 'velo backfill --select trainer_velocity --from 2020-01-01 --to 2020-12-31',
    });
  }
  return runCommand('build', { ...invocation, options: { ...options, from, asOf: to } });
};
