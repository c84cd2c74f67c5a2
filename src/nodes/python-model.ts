import { hashOf } from '../core/fingerprint.ts';
import type { Reference } from '../core/node.ts';
import { configLayers } from './base-node.ts';
import { pythonModelConfig } from './config-schemas.ts';
import { dataConfig, modelIdentity, modelNode } from './model-node.ts';
import type { FileKind, ParseContext, ProjectSourceFile } from './node-kind.ts';
import { distinct, parseTemplateNode } from './parse-template-node.ts';
import { type PythonCall, pythonCalls } from './python-calls.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';

/** A model in `models/**.py`: dbt's Python models are read, so that their project can be, and never run. */
export const pythonModel: FileKind = {
  name: 'model',
  section: 'models',
  trees: ['models'],
  folders: 'model-paths',
  extension: '.py',
  async parse(file, context) {
    const calls = pythonCalls(file.text);
    const { references, configs } = captured(calls, file, context);
    const { fqn, properties } = modelIdentity(file, context);
    const layers = configLayers(context, fqn, properties, configs);
    // Its code may ask for settings of any name: dbt.config.get('top').
    const resolved = resolveConfig(pythonModelConfig, layers, () => undefined);
    const used = keysUsed(calls);
    const config = { ...resolved.config, ...used };
    const unrendered = { ...resolved.unrendered, ...used };
    const fingerprint = { code: hashOf(file.text), config: hashOf(dataConfig(config)) };
    const facts = { references, fingerprint, volatile: false, macros: [] };
    return [modelNode({ file, context, properties, config, unrendered, layers, ...facts })];
  },
};

/** Arguments must be literals, as in dbt, and Jinja reads those like Python. */
function captured(
  calls: readonly PythonCall[],
  file: ProjectSourceFile,
  context: ParseContext,
): { readonly references: readonly Reference[]; readonly configs: readonly ConfigLayer[] } {
  const references: Reference[] = [];
  const configs: ConfigLayer[] = [];
  for (const { name, args, line, column } of calls) {
    if (!['ref', 'source', 'config'].includes(name)) continue;
    const place = { file: file.shownPath, line, column };
    const parsed = parseTemplateNode({ ...place, text: `{{ ${name}(${args}) }}` }, context);
    references.push(...parsed.references);
    // Python's values are plain: there is nothing unrendered about them.
    configs.push(...parsed.configs.map((layer) => ({ ...layer, unrendered: layer.values })));
  }
  return { references: distinct(references), configs };
}

/** dbt notes which settings the code asks for, and what it takes in place of one that is not set. */
function keysUsed(calls: readonly PythonCall[]) {
  const keys = (name: string) =>
    calls.filter((call) => call.name === name).flatMap((call) => call.literals.slice(0, 1));
  const defaults = (name: string) =>
    calls.filter((call) => call.name === name).map((call) => call.literals[1] ?? null);
  return {
    config_keys_used: keys('config.get'),
    config_keys_defaults: defaults('config.get'),
    meta_keys_used: keys('config.meta_get'),
    meta_keys_defaults: defaults('config.meta_get'),
  };
}
