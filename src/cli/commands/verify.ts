import { type Verified, verify } from '../../api/verify.ts';
import { renderError } from '../render-error.ts';
import { casesOfVerified } from '../reporters/ci-trials.ts';
import { verifyDetails } from '../reporters/verify-details.ts';
import { verifyJson } from '../reporters/verify-json.ts';
import { verifyClosing } from '../reporters/verify-lines.ts';
import { verifyProgress } from '../reporters/verify-progress.ts';
import { systemClock } from '../terminal/clock.ts';
import { columnsOf } from '../terminal/screen.ts';
import { tellCi } from './ci-targets.ts';
import type { CommandModule, Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';
import { trialOptions } from './trial-options.ts';

/** Builds dates of as_of models in several ways and compares the rows. Exit codes: 0 equal, 1 different, 2 could not run. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const isJson = options['output'] === 'json';
  const { style } = context.display(options);
  const silent = isJson || isQuiet(invocation);
  const progress = silent ? undefined : verifyProgress(context.stdout, style, systemClock);
  const tell = (message: string) => void context.stderr.write(`[WARNING]: ${message}\n`);
  const close = () => progress?.close();
  const interrupt = onInterrupt(tell, close);
  const startedAt = systemClock.now();
  try {
    const verified = await verify({
      ...apiOptions(invocation, printEvents(invocation)),
      ...trialOptions(invocation),
      signal: interrupt.signal,
      watch: progress,
    });
    close();
    tellCi(invocation, startedAt, () =>
      casesOfVerified(verified, context.display(options).projectDir),
    );
    const text = isJson ? jsonText(verified) : outcomeText(verified, invocation);
    context.stdout.write(`${text}\n`);
    return exitCode(verified);
  } finally {
    close();
    interrupt.stop();
  }
};

const jsonText = ({ models, manifest }: Verified): string =>
  JSON.stringify(verifyJson(models, manifest), null, 2);

/** Errors, what differs, and how many models are equal. */
function outcomeText({ models, manifest }: Verified, invocation: Invocation): string {
  const { options, context } = invocation;
  const { projectDir, style } = context.display(options);
  const width = columnsOf(context.stdout);
  const errors = models.flatMap(({ error }) =>
    error ? [renderError(error, { projectDir, style })] : [],
  );
  const details = models.flatMap((one) => {
    const node = manifest.nodes.get(one.node);
    return node ? verifyDetails(node, one, width, style) : [];
  });
  // A blank line after those that told how it went on.
  const first = isQuiet(invocation) ? '' : '\n';
  return first + [...errors, ...details, verifyClosing(models, style)].join('\n\n');
}

function exitCode({ models }: Verified): number {
  if (models.some(({ status }) => status === 'different')) return 1;
  return models.some(({ status }) => status === 'error') ? 2 : 0;
}
