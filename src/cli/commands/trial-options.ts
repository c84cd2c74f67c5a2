import { ConfigError } from '../../core/errors.ts';
import { parseInstant } from '../../core/grain.ts';
import type { Invocation } from './command.ts';
import { rangeOptions, selectOptions, wholeNumber } from './options.ts';

/** Which models and which of their dates are tried, the same ones for the same seed. @throws ConfigError 'usage' */
export function trialOptions(invocation: Invocation, usualCount: number) {
  const { options } = invocation;
  return {
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    dates: datesOption(options['dates'], usualCount),
    seed: wholeNumber(options['seed'], '--seed', 0) ?? 0,
  };
}

/** `40`, `all` or `2024-01-01,2024-02-01`. @throws ConfigError 'usage' */
function datesOption(value: unknown, usual: number): number | 'all' | readonly number[] {
  if (value === undefined) return usual;
  if (value === 'all') return 'all';
  const texts = String(value).split(',');
  if (/^\d+$/.test(String(value))) return wholeNumber(value, '--dates') ?? usual;
  return texts.map((text) => {
    const instant = parseInstant(text);
    if (instant !== undefined) return instant;
    throw new ConfigError('usage', `--dates '${String(value)}' is not a number, 'all' or dates`, {
      hint: "write '40', 'all' or '2024-01-31,2024-02-29'",
    });
  });
}
