import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { manifestInput, runResultsInput } from './artifact-fixture.ts';
import { manifestArtifact } from './manifest.ts';
import { runResultsArtifact } from './run-results.ts';

/** dbt's JSON schemas; kept outside of the repository. */
const SCHEMAS = new URL('../../../shared/reference/dbt/schemas/', import.meta.url);

const cases = [
  { schema: 'manifest_v12.json', artifact: () => manifestArtifact(manifestInput) },
  { schema: 'run_results_v6.json', artifact: () => runResultsArtifact(runResultsInput) },
];

test.skipIf(!existsSync(SCHEMAS)).each(cases)(
  'valid against $schema (skipped without ../shared)',
  ({ schema, artifact }) => {
    const rules = JSON.parse(readFileSync(new URL(schema, SCHEMAS), 'utf8'));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(rules);
    validate(JSON.parse(JSON.stringify(artifact())));
    expect(validate.errors ?? []).toEqual([]);
  },
  30_000,
);
