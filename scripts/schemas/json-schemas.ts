import { z } from 'zod';
import { profilesSchema } from '../../src/config/profiles-schema.ts';
import { projectSchema } from '../../src/config/project-schema.ts';
import { varsSchema } from '../../src/config/vars-schema.ts';
import { propertiesSchema } from '../../src/project/properties-schema.ts';
import {
  dependenciesSchema,
  packageLockSchema,
  packagesSchema,
} from '../../src/project/schema/packages.ts';
import { selectorsSchema } from '../../src/project/schema/selectors.ts';

/** Every YAML file velo reads, by the name of its JSON Schema in schemas/. */
const SCHEMAS = {
  project: projectSchema,
  properties: propertiesSchema,
  profiles: profilesSchema,
  selectors: selectorsSchema,
  packages: packagesSchema,
  dependencies: dependenciesSchema,
  'package-lock': packageLockSchema,
  vars: varsSchema,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

export const schemaNames = Object.keys(SCHEMAS) as SchemaName[];

/** The zod type that a JSON Schema is made from. */
export const zodSchema = (name: SchemaName): z.ZodType => SCHEMAS[name];

/**
 * Text of schemas/<name>.json: JSON Schema draft 7, which editors' YAML servers know best,
 * of the file as it is written, before defaults and templates.
 */
export function jsonSchema(name: SchemaName): string {
  // Checks made by a function have their JSON Schema beside them, by .meta().
  const schema = z.toJSONSchema(SCHEMAS[name], {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
