import { ConfigError, ProjectError } from '../core/errors.ts';
import { groupRows, type RowGroups, rowsOf } from '../core/row-groups.ts';
import { dateOf, daysBefore, lengthOf, rowsWithin } from './days.ts';
import { splitStrategies } from './index.ts';
import type { Split, SplitColumns, SplitSpec } from './split.ts';

/**
 * Cuts rows into folds and a test period on whole days, groups never cut. The test is the last `test` days of the
 * rows; a gap stands before it too. Raises ConfigError for a spec that means nothing, ProjectError too-few-days, and
 * group-cut for a group with rows on both sides of a cut.
 */
export function makeSplit(columns: SplitColumns, spec: SplitSpec): Split {
  const strategy = splitStrategies.get(spec.strategy);
  checkSpec(spec, columns.group !== undefined);
  if (columns.day.length === 0)
    throw new ProjectError('too-few-days', 'there are no rows to split');
  const groups = columns.group && groupRows(columns.group);
  const [first, last] = extent(columns.day);
  const testFrom = daysBefore(last + 1, lengthOf(spec, 'test'));
  const to = spec.test ? daysBefore(testFrom, lengthOf(spec, 'gap')) : testFrom;
  const all = Int32Array.from(columns.day, (_, row) => row);
  const development = rowsWithin(all, columns.day, { from: first, to });
  const days = { from: first, to };
  const split: Split = {
    folds: strategy.folds({ rows: development, days, columns, groups }, spec),
    development,
    test: rowsWithin(all, columns.day, { from: testFrom, to: last + 1 }),
  };
  if (groups) checkUncut(split, columns, groups);
  return split;
}

function checkSpec(spec: SplitSpec, grouped: boolean): void {
  const { name, takes, needs, leastFolds } = splitStrategies.get(spec.strategy);
  if (!Number.isInteger(spec.folds) || spec.folds < leastFolds) {
    throw new ConfigError('invalid-config', `split.folds is ${spec.folds}`, {
      hint: `'${name}' takes a whole number of at least ${leastFolds}`,
    });
  }
  const extra = (['validation', 'train', 'gap'] as const).find(
    (key) => spec[key] !== undefined && !takes.includes(key),
  );
  if (extra) {
    throw new ConfigError('invalid-config', `split strategy '${name}' has no '${extra}'`, {
      hint:
        takes.length > 0
          ? `it takes ${takes.join(', ')}, folds and test`
          : 'it takes folds and test',
    });
  }
  const missing = needs.find((key) => (key === 'group' ? !grouped : spec[key] === undefined));
  if (missing)
    throw new ConfigError('invalid-config', `split strategy '${name}' needs '${missing}'`);
}

function extent(day: Int32Array): [number, number] {
  let [first, last] = [day[0] as number, day[0] as number];
  for (const value of day) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return [first, last];
}

/** Only groups with rows on several days can be cut: they are few, mostly none. */
function checkUncut(split: Split, { day, group }: SplitColumns, groups: RowGroups): void {
  const long = Array.from({ length: groups.count }, (_, g) => rowsOf(groups, g)).filter((rows) =>
    rows.some((row) => day[row] !== day[rows[0] as number]),
  );
  if (long.length === 0) return;
  const parts: [string, readonly Int32Array[]][] = [
    ...split.folds.map(({ train, validation }, i): [string, Int32Array[]] => [
      `fold ${i + 1}`,
      [train, validation],
    ]),
    ['the test', [split.test]],
    ['the development period', [split.development]],
  ];
  for (const [name, sets] of parts) {
    const part = new Int8Array(day.length);
    for (const [i, rows] of sets.entries()) for (const row of rows) part[row] = i + 1;
    const cut = long.find((rows) => rows.some((row) => part[row] !== part[rows[0] as number]));
    if (cut) throw groupCut(cut, name, day, group?.[cut[0] as number]);
  }
}

function groupCut(
  rows: Int32Array,
  part: string,
  day: Int32Array,
  group: number | bigint | string | undefined,
): ProjectError {
  const [first, last] = extent(rows.map((row) => day[row] as number));
  return new ProjectError(
    'group-cut',
    `group ${group} has rows on ${dateOf(first)} and ${dateOf(last)}, and ${part} is cut between them`,
    { hint: 'give all rows of a group one day, or group by what happens on one day' },
  );
}
