import type { CommandModule } from './command.ts';
import { runCommand } from './run-command.ts';

export const run: CommandModule['run'] = (invocation) => runCommand('snapshot', invocation);
