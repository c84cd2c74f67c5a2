import { baseNode } from './base-node.ts';
import { exposureConfig } from './config-schemas.ts';
import type { YamlKind } from './node-kind.ts';
import { resolveConfig } from './resolve-config.ts';
import { yamlReferences } from './yaml-references.ts';

/** A use of the data outside the project. */
export const exposure: YamlKind = {
  name: 'exposure',
  section: 'exposures',
  trees: ['exposures'],
  parse(entry, context) {
    const { value } = entry;
    const name = String(value['name']);
    const fqn = [context.packageName, ...entry.folders, name];
    const project = context.projectConfig(fqn);
    const layers = [...project.own, entry.configAt([]), ...project.root];
    const { config, unrendered } = resolveConfig(exposureConfig, layers, context.unknownConfig);
    const dependsOn = (value['depends_on'] as readonly string[] | null | undefined) ?? [];
    const node = baseNode({
      kind: 'exposure',
      name,
      path: entry.path,
      span: entry.spanOf(['name']),
      fqn,
      context,
      described: entry.described,
      config,
      unrendered,
      references: dependsOn.flatMap((text, index) =>
        yamlReferences(text, entry.spanOf(['depends_on', index]), context),
      ),
      extra: {
        type: value['type'],
        owner: { email: null, name: null, ...(value['owner'] as object) },
        label: value['label'] ?? null,
        maturity: value['maturity'] ?? null,
        url: value['url'] ?? null,
      },
    });
    return [{ node, enabled: config.enabled }];
  },
};
