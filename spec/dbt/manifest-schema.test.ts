import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { loadProject } from '../../src/api/load-project.ts';
import { manifestInput } from '../../src/api/manifest-input.ts';
import { manifestArtifact } from '../../src/artifacts/manifest.ts';
import { hasRecords, readManifest } from './records.ts';
import { withShop } from './shop.ts';

const SCHEMA = fileURLToPath(
  new URL('../../../shared/reference/dbt/schemas/manifest_v12.json', import.meta.url),
);

test.skipIf(!hasRecords)(
  'the manifest of dbt’s reference project is valid against dbt’s schema (skipped without ../shared)',
  async () => {
    const artifact = await withShop(async ({ dir }) => {
      const environment = { HOME: dir };
      const project = await loadProject({ projectDir: dir, environment, emit: () => undefined });
      return manifestArtifact(manifestInput(project));
    });
    const validate = validator();
    const ofDbt = validate(readManifest('013-parse'));
    // dbt 1.12.6 itself writes one key more than its published schema has.
    expect(
      validate(JSON.parse(JSON.stringify(artifact))).filter((one) => !ofDbt.includes(one)),
    ).toEqual([]);
  },
  60_000,
);

function validator(): (value: unknown) => readonly string[] {
  const rules = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const options = { strict: false, validateFormats: false, allErrors: true };
  const validate = new Ajv2020(options).compile(rules);
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
