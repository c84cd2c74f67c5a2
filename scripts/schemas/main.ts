// Writes schemas/*.json from the zod types: npm run schemas
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonSchema, schemaNames } from './json-schemas.ts';

const folder = fileURLToPath(new URL('../../schemas', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const name of schemaNames) {
  writeFileSync(join(folder, `${name}.json`), jsonSchema(name));
  process.stdout.write(`schemas/${name}.json\n`);
}
