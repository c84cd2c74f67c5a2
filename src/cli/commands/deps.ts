import { type DepsOptions, deps } from '../../api/deps.ts';
import { reporters } from '../reporters/index.ts';
import { systemClock } from '../terminal/clock.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { isQuiet } from './print-events.ts';

/** Tells of packages as they are installed, in dbt's lines or as JSON. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const { projectDir, style } = context.display(options);
  const usual = isQuiet(invocation) ? 'quiet' : 'lines';
  const reporter = reporters.get(options['logFormat'] === 'json' ? 'json' : usual).create({
    stream: context.stdout,
    style,
    clock: systemClock,
    projectDir,
    targetPath: 'target',
  });
  try {
    await deps({
      ...apiOptions(invocation, (event) => reporter.handle(event)),
      lock: options['lock'] === true,
      upgrade: options['upgrade'] === true,
      addPackage: options['addPackage'] as string | undefined,
      source: options['source'] as DepsOptions['source'],
      dryRun: options['dryRun'] === true,
    });
    return 0;
  } finally {
    reporter.close();
  }
};
