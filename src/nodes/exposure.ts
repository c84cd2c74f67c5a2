import { exposureConfig } from './config-schemas.ts';
import type { YamlKind } from './node-kind.ts';
import { yamlNode } from './yaml-node.ts';
import { yamlReferences } from './yaml-references.ts';

/** A use of the data outside the project. */
export const exposure: YamlKind = {
  name: 'exposure',
  section: 'exposures',
  trees: ['exposures'],
  parse(entry, context) {
    const { value } = entry;
    const dependsOn = (value['depends_on'] as readonly string[] | null | undefined) ?? [];
    const references = dependsOn.flatMap((text, index) =>
      yamlReferences(text, entry.spanOf(['depends_on', index]), context),
    );
    const extra = {
      type: value['type'],
      owner: { email: null, name: null, ...(value['owner'] as object) },
      label: value['label'] ?? null,
      maturity: value['maturity'] ?? null,
      url: value['url'] ?? null,
    };
    return [yamlNode('exposure', entry, context, exposureConfig, { references, extra })];
  },
};
