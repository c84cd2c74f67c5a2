import { type SourcesSeen, sourceFreshness } from '../../api/freshness.ts';
import type { Notice } from '../../api/load-project.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors.ts';
import type { VeloEvent } from '../../core/events.ts';
import type { Manifest } from '../../core/node.ts';
import { FAILED } from '../../core/result.ts';
import { reporters } from '../reporters/index.ts';
import { finishedLine } from '../reporters/run-stats.ts';
import { systemClock } from '../terminal/clock.ts';
import type { CommandModule, Invocation } from './command.ts';
import { apiOptions, selectOptions } from './options.ts';
import { isQuiet } from './print-events.ts';

const ACTIONS = ['freshness', 'snapshot-freshness'];

/** Tells how old the rows of sources are. Exit codes: 0 fresh enough, 1 some are too old or could not be asked, 2 could not run. */
export const run: CommandModule['run'] = async (invocation) => {
  const { args, options, context } = invocation;
  const [action = ''] = args;
  if (!ACTIONS.includes(action)) {
    throw new ConfigError('usage', `velo source cannot '${action}'`, {
      hint: didYouMean(action, ACTIONS) ?? 'velo source freshness',
    });
  }
  const output = options['output'] as string | undefined;
  const reporter = reporterOf(invocation);
  let manifest: Manifest | undefined;
  const emit = (event: VeloEvent) => {
    if (event.type === 'project-read') manifest = event.manifest;
    reporter.handle(event);
  };
  const given = apiOptions(invocation, emit);
  const seen = await sourceFreshness({
    ...given,
    notices: [...(given.notices ?? []), ...(output === undefined ? [] : [outputNotice(output)])],
    ...selectOptions(invocation),
    output,
  });
  if (manifest) {
    for (const message of closing(seen, manifest)) emit({ type: 'message', message });
  }
  for (const { status, node, message } of seen.ages) {
    if (status === 'runtime error') context.stderr.write(`${node}: ${message}\n`);
  }
  return seen.results.some(({ status }) => FAILED.has(status)) ? 1 : 0;
};

/** dbt will have no such option any more; velo keeps it. */
const outputNotice = (output: string): Notice => ({
  name: 'CustomOutputPathInSourceFreshnessDeprecation',
  message: `Custom output path usage \`--output ${output}\` usage detected in \`dbt source freshness\` command.`,
});

/** dbt's last lines. */
function closing({ results, elapsedMs }: SourcesSeen, manifest: Manifest): readonly string[] {
  if (results.length === 0) {
    return ['Nothing to do. Try checking your model configs and model specification args'];
  }
  return ['', finishedLine({ results, elapsedMs, interrupted: false }, manifest), 'Done.'];
}

function reporterOf(invocation: Invocation) {
  const { options, context } = invocation;
  const { projectDir, style } = context.display(options);
  const name = options['logFormat'] === 'json' ? 'json' : isQuiet(invocation) ? 'quiet' : 'lines';
  return reporters.get(name).create({
    ...{ stream: context.stdout, style, clock: systemClock, projectDir },
    targetPath: typeof options['targetPath'] === 'string' ? options['targetPath'] : 'target',
  });
}
