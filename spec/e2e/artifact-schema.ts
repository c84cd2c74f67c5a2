import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What dbt's schema of an artifact has against it; nothing where the schemas are absent (../shared). */
export function artifactErrors(
  name: 'catalog_v1' | 'manifest_v12' | 'sources_v3',
  artifact: unknown,
): readonly string[] {
  const file = fileURLToPath(
    new URL(`../../../shared/reference/dbt/schemas/${name}.json`, import.meta.url),
  );
  if (!existsSync(file)) {
    process.stdout.write(`not validated, as ../shared is absent: ${name}\n`);
    return [];
  }
  const options = { strict: false, validateFormats: false, allErrors: true };
  const validate = new Ajv2020(options).compile(JSON.parse(readFileSync(file, 'utf8')));
  validate(artifact);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
