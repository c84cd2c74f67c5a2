import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { madeOnce } from '../shared/made-once.ts';
import { planSchema } from './plan-schema.ts';
import { shareSubschemas } from './share-subschemas.ts';

/** Names of dbt's artifacts, and of their JSON Schemas in ../shared. */
const SCHEMAS = {
  'manifest.json': 'manifest_v12',
  'run_results.json': 'run_results_v6',
  'catalog.json': 'catalog_v1',
  'sources.json': 'sources_v3',
} as const;

type DbtArtifact = keyof typeof SCHEMAS;
export type ArtifactName = DbtArtifact | 'plan.json';

const FOLDER = fileURLToPath(new URL('../../../shared/reference/dbt/schemas/', import.meta.url));

/** dbt's schemas are not in the repository. */
export const hasSchemas: boolean = existsSync(FOLDER);

export const ARTIFACTS: readonly ArtifactName[] = [
  ...(hasSchemas ? (Object.keys(SCHEMAS) as DbtArtifact[]) : []),
  'plan.json',
];

/** What is wrong with an artifact by its schema; nothing where dbt's schemas are absent. */
export async function artifactFaults(
  name: ArtifactName,
  artifact: unknown,
): Promise<readonly string[]> {
  if (name === 'plan.json') {
    const { error } = planSchema.safeParse(artifact);
    return (error?.issues ?? []).map(({ path, message }) => `/${path.join('/')} ${message}`);
  }
  if (!hasSchemas) return [];
  const isValid = await validatorOf(name);
  return isValid(artifact) ? [] : allFaults(name, artifact);
}

const validators = new Map<DbtArtifact, ValidateFunction>();

async function validatorOf(name: DbtArtifact): Promise<ValidateFunction> {
  const known = validators.get(name) ?? loadValidator(name, await codeOf(name));
  validators.set(name, known);
  return known;
}

/** A validator as JavaScript: compiled by one file of a test run, read by all others. */
async function codeOf(name: DbtArtifact): Promise<string> {
  const folder = await madeOnce('artifact-validators', async (made) => {
    for (const one of Object.keys(SCHEMAS) as DbtArtifact[]) {
      const ajv = new Ajv2020({ ...OPTIONS, code: { source: true } });
      writeFileSync(join(made, one), standalone.default(ajv, ajv.compile(schemaOf(one))));
    }
  });
  return readFileSync(join(folder, name), 'utf8');
}

function loadValidator(name: string, code: string): ValidateFunction {
  const module = { exports: {} as ValidateFunction };
  // It asks for parts of ajv, which is found from here.
  new Function('require', 'module', 'exports', `${code}\n//# sourceURL=${name}`)(
    createRequire(import.meta.url),
    module,
    module.exports,
  );
  return module.exports;
}

const OPTIONS = { strict: false, validateFormats: false } as const;

const schemaOf = (name: DbtArtifact) =>
  shareSubschemas(JSON.parse(readFileSync(join(FOLDER, `${SCHEMAS[name]}.json`), 'utf8')));

/** dbt 1.12.6 writes a key more than its published schema has, and velo writes what dbt does. */
const OF_DBT = /^\/semantic_models\/[^/]+\/dimensions\/\d+ .*"additionalProperty":"datatype"/;

/** Every fault: in a node that fits none of its kinds, what keeps it from each of them. */
function allFaults(name: DbtArtifact, artifact: unknown): readonly string[] {
  const validate = new Ajv2020({ ...OPTIONS, allErrors: true }).compile(schemaOf(name));
  validate(artifact);
  return (validate.errors ?? [])
    .map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
    .filter((fault) => !OF_DBT.test(fault));
}
