import { Ajv, type ValidateFunction } from 'ajv';
import { type SchemaName, zodSchema } from '../../scripts/schemas/json-schemas.ts';
import { checkYaml, readYaml } from '../../src/config/read-yaml.ts';
import { VeloErrors } from '../../src/core/errors.ts';
import { readText } from '../docs/documents.ts';

/** Compiled once: ajv takes a tenth of a second for the properties file. */
const validators = new Map<SchemaName, ValidateFunction>();

function validatorOf(name: SchemaName): ValidateFunction {
  const made =
    validators.get(name) ??
    new Ajv({ strict: false, allErrors: true }).compile(
      JSON.parse(readText(`schemas/${name}.json`)),
    );
  validators.set(name, made);
  return made;
}

/** What an editor says of a file: the faults of the committed JSON Schema. */
export function editorFaults(name: SchemaName, text: string): string[] {
  const validate = validatorOf(name);
  validate(readYaml('file.yml', text).value);
  return (validate.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message}`);
}

/** What velo says of it: the faults of the zod type, each with line and column. */
export function veloFaults(name: SchemaName, text: string): string[] {
  const yaml = readYaml('file.yml', text);
  try {
    checkYaml(zodSchema(name), yaml.value, yaml);
    return [];
  } catch (error) {
    if (!(error instanceof VeloErrors)) throw error;
    return error.errors.map(
      ({ span, message, hint }) =>
        `${span?.line}:${span?.column} ${message}${hint ? ` (${hint})` : ''}`,
    );
  }
}
