import { VeloErrors } from '../../core/errors.ts';
import { formatInstant, type Grain } from '../../core/grain.ts';
import type { Manifest } from '../../core/node.ts';
import { areEqual, type RowDifferences } from '../../core/row-differences.ts';
import type { Verification } from '../../core/verification.ts';

/** The outcome as programs read it: dates as text, rows built day by day on the left. */
export const verifyJson = (models: readonly Verification[], manifest: Manifest) => ({
  models: models.map((model) => modelJson(model, manifest)),
});

function modelJson(verification: Verification, { nodes }: Manifest) {
  const { node, dates, comparisons, error, span, ...rest } = verification;
  const { name, asOf } = nodes.get(node) ?? {};
  const grain = asOf?.grain ?? 'day';
  const text = (instant: number) => formatInstant(instant, grain);
  const errors = error instanceof VeloErrors ? error.errors : error ? [error] : [];
  return {
    node,
    name,
    ...rest,
    span: span && { start: text(span.start), end: text(span.end) },
    dates: dates.map(text),
    comparisons: comparisons.map(({ differences, ...comparison }) => ({
      ...comparison,
      equal: areEqual(differences),
      differences: differencesJson(differences, grain),
    })),
    errors: errors.map(({ code, message, hint }) => ({ code, message, hint })),
  };
}

function differencesJson({ dates, examples, ...rest }: RowDifferences, grain: Grain) {
  const withText = <T extends { readonly date: number }>(one: T) => ({
    ...one,
    date: formatInstant(one.date, grain),
  });
  return { ...rest, dates: dates.map(withText), examples: examples.map(withText) };
}
