import { codeFacts } from './code-fingerprint.ts';
import { modelConfig } from './config-schemas.ts';
import { materialize } from './materialize.ts';
import { configLayers, dataConfig, modelNode } from './model-node.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** A SELECT with Jinja in `models/**.sql`. */
export const sqlModel: FileKind = {
  name: 'model',
  folders: 'model-paths',
  extension: '.sql',
  async parse(file, context) {
    const parsed = parseTemplateNode({ file: file.path, text: file.text }, context);
    const fqn = [context.packageName, ...file.parts];
    const properties = context.propertiesOf(file.parts.at(-1) ?? '');
    const layers = configLayers(context, fqn, properties, parsed.configs);
    const config = resolveConfig(modelConfig, layers);
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    return modelNode({
      file,
      context,
      config,
      layers,
      references: parsed.references,
      ...codeFacts(code, dataConfig(config), context),
      detail: undefined,
    });
  },
};

export const sqlModelBuilder: Builder = {
  claims: (node) => node.kind === 'model' && node.path.endsWith('.sql'),
  async build(node, context) {
    const { existing, replace, batch } = context;
    const isIncremental = node.materialized === 'incremental' && !replace && existing === 'table';
    const compiled = context.compile(node, { batch, isIncremental });
    return materialize(node, compiled, context);
  },
};
