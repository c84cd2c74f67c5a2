import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../config/read-text.ts';
import { checkYaml, readYaml } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import { selectorsSchema } from './schema/selectors.ts';

/** The selectors of selectors.yml by name, as written; none when there is no such file. */
export function readSelectors(
  projectDir: string,
  errors: VeloError[],
): Readonly<Record<string, unknown>> {
  const file = 'selectors.yml';
  const path = join(projectDir, file);
  if (!existsSync(path)) return {};
  const value = collect(errors, () => {
    const yaml = readYaml(file, readText(path, file));
    return checkYaml(selectorsSchema, yaml.value ?? {}, yaml);
  });
  return Object.fromEntries((value?.selectors ?? []).map((one) => [one.name, one]));
}
