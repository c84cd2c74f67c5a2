import type { Group } from '../core/node.ts';
import type { PropertiesSource } from './read-properties.ts';
import type { Describe } from './yaml-entry.ts';

/** The `groups:` of a package. */
export const readGroups = (
  packageName: string,
  sources: readonly PropertiesSource[],
  describe: Describe,
): readonly Group[] =>
  sources.flatMap((source) =>
    (source.value.groups ?? []).map((entry, index) => ({
      id: `group.${packageName}.${entry.name}`,
      name: entry.name,
      packageName,
      path: source.path,
      owner: entry.owner,
      description: entry.description
        ? describe(entry.description, source, ['groups', index, 'description']).description
        : null,
      config: { meta: {}, ...(entry.meta ? { meta: entry.meta } : {}), ...entry.config },
      span: source.yaml.spanOf(['groups', index, 'name']),
    })),
  );
