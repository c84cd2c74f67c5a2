import { isDeprecation } from '../../api/environment.ts';
import type { VeloEvent } from '../../core/events.ts';
import type { Style } from '../terminal/style.ts';
import { wrapWords } from '../terminal/wrap-words.ts';

/** Cells dbt gives the text of a deprecation. */
const WIDTH = 80;

/** A warning with its mark; one of a deprecation with dbt's name of it, on lines of at most 80 cells. */
export function warningText(
  { name, message }: Extract<VeloEvent, { readonly type: 'warning' }>,
  style: Style,
): string {
  if (name === undefined || !(isDeprecation(name) || name === 'DeprecationsSummary')) {
    return `${style.yellow('[WARNING]')}: ${message}`;
  }
  const [first = '', ...others] = `[WARNING][${name}]: Deprecated functionality\n${message}`
    .split('\n')
    .flatMap((line) => wrapWords(line, WIDTH, ''));
  return [first.replace('[WARNING]', style.yellow('[WARNING]')), ...others].join('\n');
}
