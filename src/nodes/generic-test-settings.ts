import type { TestEntry } from './generic-test.ts';
import { testSettingsText } from './generic-test-call.ts';
import type { ProjectLayers } from './node-kind.ts';
import type { ConfigLayer } from './resolve-config.ts';

/** dbt cuts a long name and sets what is left as the alias. */
export function aliasedSettings(
  { config }: TestEntry,
  { name, alias }: { readonly name: string; readonly alias: string },
): ConfigLayer['values'] {
  if (alias === name || Object.hasOwn(config.values, 'alias')) return config.values;
  return { ...config.values, alias };
}

/** All settings of a test, weakest first: of the project file, of its macro, of its entry in YAML. */
export function testLayers(
  entry: TestEntry,
  settings: ConfigLayer['values'],
  fromMacro: readonly ConfigLayer[],
  isSimpleTest: boolean,
  project: ProjectLayers,
): readonly ConfigLayer[] {
  const own = settingsLayer(entry, settings, isSimpleTest);
  // dbt reads the template, where the macro's own settings do not stand: they show only when nothing else is there.
  const ofMacro = own === entry.config ? fromMacro : fromMacro.map(hidden);
  return [...project.own, ...ofMacro, own, ...project.root];
}

/** Settings as dbt knows them unrendered: of its plainest tests the values, of others the text in their template. */
function settingsLayer(
  { config }: TestEntry,
  values: ConfigLayer['values'],
  isSimpleTest: boolean,
): ConfigLayer {
  if (Object.keys(values).length === 0) return config;
  const unrendered = isSimpleTest ? values : testSettingsText(values);
  return { values, unrendered, spanOf: config.spanOf };
}

/** Settings that dbt does not show unrendered. */
const hidden = (layer: ConfigLayer): ConfigLayer => ({ ...layer, unrendered: {} });

/** Tags of the entry and of its column come first, then all of the config. */
export function testTags(
  { columnTags, config }: TestEntry,
  tags: readonly string[],
): readonly string[] {
  const own = config.values['tags'] ?? [];
  const written = [...new Set([...columnTags, ...(Array.isArray(own) ? own : [own])].map(String))];
  return written.length === 0 ? tags : [...new Set([...written.sort(), ...tags])];
}
