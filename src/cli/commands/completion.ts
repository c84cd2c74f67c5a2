import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors.ts';
import { SCRIPTS, SHELLS } from '../completion/scripts.ts';
import type { CommandModule } from './command.ts';

/** Prints the script that a shell reads to complete words of velo. */
export const run: CommandModule['run'] = async ({ args, context }) => {
  const [named = ''] = args;
  const shell = SHELLS.find((one) => one === named);
  if (!shell) {
    const message = named === '' ? 'name a shell' : `velo completes nothing in '${named}'`;
    throw new ConfigError('usage', message, {
      hint: didYouMean(named, SHELLS) ?? `velo completion ${SHELLS.join(', ')}`,
    });
  }
  context.stdout.write(SCRIPTS[shell]);
  return 0;
};
