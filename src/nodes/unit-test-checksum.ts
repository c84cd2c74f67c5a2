import { hash } from 'node:crypto';
import { dataClassRepr, enumRepr, listRepr, pythonRepr } from './python-repr.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a unit test is made of, as the manifest says it. */
export interface UnitTestParts {
  readonly model: string;
  readonly versions: Values | null;
  readonly given: readonly Values[];
  readonly expect: Values;
  readonly overrides: Values | null;
}

const FORMATS: Readonly<Record<string, string>> = { dict: 'Dict', csv: 'CSV', sql: 'SQL' };

/** dbt's checksum of a unit test, which `state:modified` compares: all of it but the description. */
export function unitTestChecksum(parts: UnitTestParts): string {
  const { model, versions, given, expect, overrides } = parts;
  const inputs = given.map((one) => fixtureRepr('UnitTestInputFixture', one));
  const fixtures = given.flatMap(({ fixture, rows }) => (fixture ? [`-${textOf(rows)}`] : []));
  const all = [
    model,
    recordRepr('UnitTestNodeVersions', versions),
    listRepr(inputs),
    fixtureRepr('UnitTestOutputFixture', expect),
    recordRepr('UnitTestOverrides', overrides),
  ];
  return hash('sha256', all.join('-') + fixtures.join(''));
}

const textOf = (rows: unknown): string => (typeof rows === 'string' ? rows : pythonRepr(rows));

const recordRepr = (name: string, record: Values | null): string =>
  record === null
    ? 'None'
    : dataClassRepr(
        name,
        Object.entries(record).map(([key, value]) => [key, pythonRepr(value)]),
      );

const fixtureRepr = (name: string, fixture: Values): string =>
  dataClassRepr(
    name,
    Object.entries(fixture).map(([key, value]) => [
      key,
      key === 'format'
        ? enumRepr('UnitTestFormat', FORMATS[String(value)] ?? '', String(value))
        : pythonRepr(value),
    ]),
  );
