import { baseNode, codeConfigLayers, fileParts, targetPlace } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { codeConfig } from './config-schemas.ts';
import type { FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** A query in `analyses/`: compiled, never run. */
export const analysis: FileKind = {
  name: 'analysis',
  section: 'analyses',
  trees: ['models', 'analyses'],
  folders: 'analysis-paths',
  extension: '.sql',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    // dbt's tree has a folder of this name for them, whatever the setting says.
    const fqn = [context.packageName, 'analysis', ...file.parts];
    const properties = context.propertiesOf(name);
    const parsed = parseTemplateNode({ file: file.shownPath, text: file.text }, context);
    const layers = codeConfigLayers(context, fqn, properties, parsed.configs);
    const { config, unrendered } = resolveConfig(codeConfig, layers, context.unknownConfig);
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    const node = baseNode({
      kind: 'analysis',
      name,
      fqn,
      context,
      config,
      unrendered,
      references: parsed.references,
      rawCode: file.text.trim(),
      extra: { path: `analysis/${file.parts.join('/')}.sql`, ...targetPlace(context) },
      ...codeFacts(code, {}, context),
      ...fileParts(file, properties),
    });
    return [{ node: { ...node, alias: name }, enabled: config.enabled }];
  },
};
