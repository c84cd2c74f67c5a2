import { readLastRun } from '../../api/retry.ts';
import type { CommandModule, Invocation } from './command.ts';
import { runCommand } from './run-command.ts';

/** Does again what the last run failed at or left out, with that run's flags and those given now. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const { command, args, undone } = readLastRun({
    projectDir: textOf(options['projectDir']),
    targetPath: textOf(options['targetPath']),
    state: textOf(options['state']),
    environment: context.environment,
  });
  if (undone.nodes.size === 0) {
    context.stdout.write(`Nothing to retry: the last run (velo ${command}) left nothing undone.\n`);
    return 0;
  }
  return runCommand(
    command,
    { ...invocation, options: mergedOptions(args, options) },
    { only: undone },
  );
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Of the last run's: what is no flag of a command line. */
const NO_FLAGS: ReadonlySet<string> = new Set(['which', 'invocation_command']);

/** Switches such as `--no-color` are set by default: what the last run had turned off stays off. */
function mergedOptions(
  before: Readonly<Record<string, unknown>>,
  now: Invocation['options'],
): Invocation['options'] {
  const last = Object.fromEntries(
    Object.entries(before)
      .filter(([name]) => !NO_FLAGS.has(name))
      .map(([name, value]) => [
        name.replace(/_[a-z]/g, (pair) => pair.slice(1).toUpperCase()),
        value,
      ]),
  );
  const given = Object.entries(now).filter(
    ([name, value]) => value !== true || last[name] !== false,
  );
  return { ...last, ...Object.fromEntries(given) };
}
