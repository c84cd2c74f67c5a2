import { hash } from 'node:crypto';
import { toRepr } from '../jinja/value.ts';

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
  return `${head.slice(0, 30)}_${hash('md5', fullName)}`;
}

/** What a generic test calls. */
export interface TestCall {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** dbt's hash of a generic test: ten letters that make ids of equal names differ. */
export function testHash(fullName: string, { namespace, name, kwargs }: TestCall): string {
  const metadata = { kwargs, name, namespace: namespace ?? null };
  const text = `${fullName}${pythonRepr(hashable(metadata))}`;
  return hash('md5', text).slice(-10);
}

type Hashable = string | readonly Hashable[] | { readonly [key: string]: Hashable };

/** Keys in order, all scalars as Python's str() has them. */
function hashable(value: unknown): Hashable {
  if (Array.isArray(value)) return value.map(hashable);
  if (value === null || typeof value !== 'object') return pythonText(value);
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, hashable(record[key])]),
  );
}

function pythonRepr(value: Hashable): string {
  if (typeof value === 'string') return toRepr(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const entries = Object.entries(value).map(([key, one]) => `${toRepr(key)}: ${pythonRepr(one)}`);
  return `{${entries.join(', ')}}`;
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
