import { ProjectError } from '../../core/errors.ts';
import { addGrains, floorToGrain, parseInstant } from '../../core/grain.ts';
import type { Interval } from '../../core/interval.ts';
import type { Node } from '../../core/node.ts';
import type { FixtureRow } from './fixture-select.ts';

/**
 * The dates an as_of model is built for in a unit test: those `config.as_of` names, else from the first to the last of
 * the expected rows; undefined for other models. @throws ProjectError 'unit-test' when neither says them
 */
export function asOfDates(
  test: Node,
  { asOf, name }: Node,
  expected: readonly FixtureRow[],
): Interval | undefined {
  if (!asOf) return undefined;
  const written = test.config['as_of'];
  const texts = typeof written === 'string' ? written.split('..') : datesIn(expected, asOf.column);
  const instants = texts.map(
    (text) => parseInstant(text.replace(/:00(?:\.0+)?$/, '')) ?? Number.NaN,
  );
  const [start, end] = [Math.min(...instants), Math.max(...instants)];
  if (Number.isFinite(start) && Number.isFinite(end)) {
    const { grain } = asOf;
    return {
      start: floorToGrain(start, grain),
      end: addGrains(floorToGrain(end, grain), 1, grain),
    };
  }
  throw new ProjectError('unit-test', `nothing says which dates of '${name}' are to be built`, {
    span: test.span,
    hint: `give '${asOf.column}' in the expected rows, or config: {as_of: '2024-01-31'}`,
  });
}

const datesIn = (rows: readonly FixtureRow[], column: string): string[] =>
  rows.flatMap((row) =>
    Object.entries(row).flatMap(([name, value]) =>
      name.toLowerCase() === column.toLowerCase() && value !== null ? [String(value)] : [],
    ),
  );
