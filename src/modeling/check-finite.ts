import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';

/** `before`: rows that stand before these. @throws ProjectError 'model-rows' for an infinite value of a column, with its row */
export function checkFinite(name: string, values: ArrayLike<number>, span: Span, before = 0): void {
  // Twenty million of them: an iterator with entries would make as many arrays.
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    if (value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) continue;
    throw new ProjectError(
      'model-rows',
      `column '${name}' holds ${value} (row ${before + row + 1})`,
      {
        span,
        hint: 'a division by 0? use nullif(…, 0)',
      },
    );
  }
}
