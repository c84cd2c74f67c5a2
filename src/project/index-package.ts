import type { VeloError } from '../core/errors.ts';
import { modelProperties } from './model-versions.ts';
import { type Indexed, indexProperties, type PropertiesIndex } from './properties-index.ts';
import type { PropertiesSource } from './read-properties.ts';
import { type Describe, nodeProperties } from './yaml-entry.ts';

/** Sections whose entries speak of files. */
const FILE_SECTIONS = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'functions',
  'data_tests',
  'tests',
] as const;

/** What the properties files of a package say of its files. */
export function indexPackage(
  sources: readonly PropertiesSource[],
  describe: Describe,
  errors: VeloError[],
): PropertiesIndex {
  const entries = sources.flatMap((source) =>
    FILE_SECTIONS.flatMap((section) =>
      [...(source.value[section] ?? []).keys()].flatMap((index): Indexed[] => {
        const at = [section, index];
        if (section === 'models') {
          const ofModel = modelProperties(source, at, describe, errors);
          return ofModel.map((properties) => ({ section, properties }));
        }
        const properties = nodeProperties(source, at, describe, errors);
        return [
          {
            section: section === 'tests' ? 'data_tests' : section,
            properties: { stems: [properties.name], properties },
          },
        ];
      }),
    ),
  );
  return indexProperties(entries, errors);
}
