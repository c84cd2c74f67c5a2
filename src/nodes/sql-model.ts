import { configLayers } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { modelConfig } from './config-schemas.ts';
import { materialize } from './materialize.ts';
import { dataConfig, modelIdentity, modelNode } from './model-node.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** A SELECT with Jinja in `models/**.sql`. */
export const sqlModel: FileKind = {
  name: 'model',
  section: 'models',
  trees: ['models'],
  folders: 'model-paths',
  extension: '.sql',
  async parse(file, context) {
    const parsed = parseTemplateNode({ file: file.shownPath, text: file.text }, context);
    const { fqn, properties } = modelIdentity(file, context);
    const layers = configLayers(context, fqn, properties, parsed.configs);
    const { config, unrendered } = resolveConfig(modelConfig, layers, context.unknownConfig);
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    const { references } = parsed;
    const facts = codeFacts(code, dataConfig(config), context);
    return [
      modelNode({ file, context, properties, config, unrendered, layers, references, ...facts }),
    ];
  },
};

export const sqlModelBuilder: Builder = {
  claims: (node) => node.kind === 'model' && node.path.endsWith('.sql'),
  async build(node, context) {
    const { existing, replace, batch } = context;
    const isIncremental = node.materialized === 'incremental' && !replace && existing === 'table';
    const compiled = await context.compile(node, { batch, isIncremental });
    return materialize(node, compiled, context);
  },
};
