import { readYaml, type YamlFile, type YamlPath } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { ContextLayer } from '../jinja/context.ts';
import { type FoundFile, partsOf } from './discover-files.ts';
import { type PropertiesFile, propertiesSchema } from './properties-schema.ts';
import { renderYamlValue } from './render-yaml.ts';
import { salvage } from './salvage.ts';
import type { Unread } from './unread.ts';

/** Ways to write that dbt has given up: `tests:`, and arguments of a test that do not stand below `arguments`. */
export type OldSpelling = 'tests' | { readonly test: string; readonly owner: string };

/** A properties file: as written, and checked with its settings rendered. */
export interface PropertiesSource {
  /** Relative to its package. */
  readonly path: string;
  /** Folders below the model path. */
  readonly folders: readonly string[];
  readonly yaml: YamlFile;
  readonly value: PropertiesFile;
  /** Tells of an old spelling. */
  noteOld(spelling: OldSpelling, span: Span): void;
}

/** Where what is found in a file goes. */
export interface PropertiesNotes {
  readonly errors: VeloError[];
  /** Gets the words of what was left out. */
  readonly unread: Unread;
  noteOld(spelling: OldSpelling, span: Span): void;
}

/** Reads a properties file; its faults go to `errors`, all of them, and do not hide the rest of the file. */
export function readProperties(
  file: FoundFile,
  text: string,
  names: ContextLayer,
  { errors, unread, noteOld }: PropertiesNotes,
): PropertiesSource | undefined {
  const yaml = collect(errors, () => readYaml(file.shownPath, text));
  if (!yaml) unread.add(text);
  if (!yaml || yaml.value === null) return undefined;
  const rendered = renderSettings(yaml, names, errors);
  const before = errors.length;
  const value = salvage(propertiesSchema, rendered, yaml, { errors, unread });
  if (!value) return undefined;
  const folders = partsOf(file).slice(0, -1);
  // What was left out must not be found where the file is looked at as it was written.
  const shown = errors.length === before ? yaml : { ...yaml, value };
  return { path: file.path, folders, yaml: shown, value, noteOld };
}

/** What has its own time: texts when docs are known, hooks when they run, queries when they are asked. */
const LATER: ReadonlySet<string> = new Set([
  'description',
  'unit_tests',
  'loaded_at_query',
  'pre-hook',
  'pre_hook',
  'post-hook',
  'post_hook',
]);

/** Lists of tests, whose arguments are rendered when they run. */
const TESTS = new Set(['data_tests', 'tests']);

/** Tests with `edit` done to their `config`, of the entry or below the test's name. */
function editTests(
  value: unknown,
  at: YamlPath,
  edit: (setting: unknown, at: YamlPath) => unknown,
): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one, index) => editTests(one, [...at, index], edit));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (key === 'config') return [key, edit(one, [...at, key])];
      return [key, key === 'arguments' ? one : editTests(one, [...at, key], edit)];
    }),
  );
}

/** Only settings are rendered; a file without templates is taken as it is. */
function renderSettings(yaml: YamlFile, names: ContextLayer, errors: VeloError[]): unknown {
  const visit = (value: unknown, at: YamlPath): unknown => {
    if (typeof value === 'string') {
      if (!value.includes('{{') && !value.includes('{%')) return value;
      return collect(errors, () => renderYamlValue(value, yaml, at, names));
    }
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((one, index) => visit(one, [...at, index]));
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        TESTS.has(key)
          ? visitTests(one, [...at, key])
          : LATER.has(key)
            ? one
            : visit(one, [...at, key]),
      ]),
    );
  };
  const visitTests = (value: unknown, at: YamlPath): unknown =>
    editTests(value, at, (setting, settingAt) => visit(setting, settingAt));
  return yaml.text.includes('{{') || yaml.text.includes('{%') ? visit(yaml.value, []) : yaml.value;
}
