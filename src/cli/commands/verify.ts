import { type Verified, verify } from '../../api/verify.ts';
import { ConfigError } from '../../core/errors.ts';
import { parseInstant } from '../../core/grain.ts';
import { renderError } from '../render-error.ts';
import { verifyDetails } from '../reporters/verify-details.ts';
import { verifyJson } from '../reporters/verify-json.ts';
import { verifyClosing } from '../reporters/verify-lines.ts';
import { verifyProgress } from '../reporters/verify-progress.ts';
import { systemClock } from '../terminal/clock.ts';
import { columnsOf } from '../terminal/screen.ts';
import type { CommandModule, Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions, rangeOptions, selectOptions, wholeNumber } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

const USUAL_COUNT = 10;

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
  try {
    const verified = await verify({
      ...apiOptions(invocation, printEvents(invocation)),
      ...selectOptions(invocation),
      asOf: rangeOptions(invocation).asOf,
      dates: datesOption(options['dates']),
      seed: wholeNumber(options['seed'], '--seed', 0) ?? 0,
      signal: interrupt.signal,
      watch: progress,
    });
    close();
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

/** `40`, `all` or `2024-01-01,2024-02-01`. @throws ConfigError 'usage' */
function datesOption(value: unknown) {
  if (value === undefined) return USUAL_COUNT;
  if (value === 'all') return 'all';
  const texts = String(value).split(',');
  if (/^\d+$/.test(String(value))) return wholeNumber(value, '--dates') ?? USUAL_COUNT;
  return texts.map((text) => {
    const instant = parseInstant(text);
    if (instant !== undefined) return instant;
    throw new ConfigError('usage', `--dates '${String(value)}' is not a number, 'all' or dates`, {
      hint: "write '40', 'all' or '2024-01-31,2024-02-29'",
    });
  });
}
