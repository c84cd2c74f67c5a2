import { createHash } from 'node:crypto';

/** The name dbt gives a generic test: type, tested node, and the values of its arguments in order of their names. */
export function genericTestName(
  testName: string,
  testedName: string,
  args: Readonly<Record<string, unknown>>,
): string {
  const values = Object.keys(args)
    .sort()
    .flatMap((key) => flatten(args[key]));
  const clean = values.map((value) => value.replace(/[^0-9a-zA-Z_]+/g, '_'));
  return `${testName}_${testedName}_${clean.join('__')}`;
}

/** dbt's alias of a test, which names its files: over 63 letters the end becomes a hash. */
export function testAlias(testName: string, testedName: string, fullName: string): string {
  if (fullName.length < 64) return fullName;
  const head = `${testName}_${testedName}`;
  return `${head.slice(0, 30)}_${createHash('md5').update(fullName).digest('hex')}`;
}

function flatten(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(pythonText);
  if (value !== null && typeof value === 'object') return Object.values(value).map(pythonText);
  return [pythonText(value)];
}

/** Python's str(), as dbt uses it. */
function pythonText(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ').replaceAll(':', ': ');
}
