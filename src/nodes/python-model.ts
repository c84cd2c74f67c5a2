import { hashOf } from '../core/fingerprint.ts';
import { configLayers } from './base-node.ts';
import { pythonModelConfig } from './config-schemas.ts';
import { dataConfig, modelIdentity, modelNode } from './model-node.ts';
import type { FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { pythonCalls } from './python-calls.ts';
import { resolveConfig } from './resolve-config.ts';

/**
 * A Python model of a dbt project: its place in the graph is read, as dbt does, from the calls of `dbt.ref`,
 * `dbt.source` and `dbt.config`; its code is never run.
 */
export const pythonModel: FileKind = {
  name: 'model',
  section: 'models',
  trees: ['models'],
  folders: 'model-paths',
  extension: '.py',
  async parse(file, context) {
    const calls = pythonCalls(file.text);
    // The arguments are literals, which Python and the template language write alike.
    const template = calls.map(({ name, args }) => `{{ ${name}(${args}) }}`).join('\n');
    const parsed = parseTemplateNode({ file: file.shownPath, text: template }, context);
    const { fqn, properties } = modelIdentity(file, context);
    const layers = configLayers(context, fqn, properties, parsed.configs);
    // Its code may ask for settings of any name: dbt.config.get('top').
    const resolved = resolveConfig(pythonModelConfig, layers, () => undefined);
    const { config, unrendered } = resolved;
    return [
      modelNode({
        file,
        context,
        properties,
        config,
        unrendered,
        layers,
        references: parsed.references,
        fingerprint: { code: hashOf(file.text), config: hashOf(dataConfig(config)) },
        volatile: false,
        macros: [],
      }),
    ];
  },
};
