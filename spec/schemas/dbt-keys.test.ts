import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SchemaName } from '../../scripts/schemas/json-schemas.ts';
import { ROOT, readText } from '../docs/documents.ts';

/** Keys and types of every YAML resource, taken from dbt's own JSON schemas. */
const RECORD = join(ROOT, '../shared/reference/dbt/yaml-keys.json');

interface Resource {
  readonly keys?: Readonly<Record<string, string>>;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** dbt's name of a resource, and where it is in our JSON Schemas. */
const PLACES: readonly (readonly [dbt: string, definition: string])[] = [
  ['ModelProperties', 'model'],
  ['ColumnProperties', 'column'],
  ['Versions', 'modelVersion'],
  ['VersionColumnProperties', 'versionColumn'],
  ['SeedProperties', 'seed'],
  ['SnapshotProperties', 'snapshot'],
  ['SourceProperties', 'source'],
  ['Tables', 'sourceTable'],
  ['MacrosProperties', 'macro'],
  ['AnalysesProperties', 'analysis'],
  ['ExposureProperties', 'exposure'],
  ['GroupProperties', 'group'],
  ['FunctionProperties', 'function'],
  ['UnitTestProperties', 'unitTest'],
  ['DataTestProperties', 'singularTest'],
  ['MetricsProperties', 'metric'],
  ['SavedQueriesProperties', 'savedQuery'],
  ['Constraint', 'columnConstraint'],
  ['DbtQuoting', 'quoting'],
  ['DocsConfig', 'docs'],
];

/** Written by dbt's other engine for itself; no user writes it. */
const INTERNAL = ['static_analysis_off_reason'];

const here = existsSync(RECORD);
const record = here ? JSON.parse(readFileSync(RECORD, 'utf8')) : { resources: {}, project: {} };

const ours = (name: SchemaName): JsonSchema => JSON.parse(readText(`schemas/${name}.json`));

const missing = (dbt: Resource, schema: JsonSchema | undefined): string[] =>
  Object.keys(dbt.keys ?? {}).filter(
    (key) => !INTERNAL.includes(key) && !Object.hasOwn(schema?.properties ?? {}, key),
  );

describe.skipIf(!here)('keys that dbt knows are known (skipped without ../shared)', () => {
  it.each(PLACES)('of %s', (dbt, definition) => {
    const resource: Resource = record.resources[dbt];
    expect(Object.keys(resource.keys ?? {}).length).toBeGreaterThan(1);
    expect(missing(resource, ours('properties').definitions?.[definition])).toEqual([]);
  });

  it('of a properties file', () => {
    expect(missing(record.resources['(file)'], ours('properties'))).toEqual([]);
  });

  it('of a project file', () => {
    expect(missing(record.project['(file)'], ours('project'))).toEqual([]);
  });
});
