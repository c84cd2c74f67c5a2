import { ConfigError } from '../../core/errors.ts';
import { parseInstant } from '../../core/grain.ts';
import type { Invocation } from './command.ts';
import { rangeOptions, selectOptions, wholeNumber } from './options.ts';

/** Which models and which of their dates are tried, the same ones for the same seed. @throws ConfigError 'usage' */
export function trialOptions(invocation: Invocation) {
  const { options } = invocation;
  return {
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    ...(options['dates'] === undefined ? {} : { dates: datesOption(options['dates']) }),
    seed: wholeNumber(options['seed'], '--seed', 0) ?? 0,
  };
}

/** `40`, `all` or `2024-01-01,2024-02-01`. @throws ConfigError 'usage' */
function datesOption(value: unknown): number | 'all' | readonly number[] {
  if (value === 'all') return 'all';
  const texts = String(value).split(',');
  const count = /^\d+$/.test(String(value)) ? wholeNumber(value, '--dates') : undefined;
  if (count !== undefined) return count;
  return texts.map((text) => {
    const instant = parseInstant(text);
    if (instant !== undefined) return instant;
    throw new ConfigError('usage', `--dates '${String(value)}' is not a number, 'all' or dates`, {
      hint: "write '40', 'all' or '2024-01-31,2024-02-29'",
    });
  });
}
