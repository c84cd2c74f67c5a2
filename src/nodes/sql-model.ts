import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { toValue, type Value } from '../jinja/value.ts';
import { materializations } from '../materializations/index.ts';
import { configLayers, startOf } from './base-node.ts';
import { overridingMacros } from './build-macros.ts';
import { codeFacts } from './code-fingerprint.ts';
import { modelConfig } from './config-schemas.ts';
import { constraintsOf } from './constraints.ts';
import { contractFacts, foreignTables } from './contract.ts';
import { dressFacts } from './dress-relation.ts';
import { materialize } from './materialize.ts';
import { customMaterialization, dataConfig, modelIdentity, modelNode } from './model-node.ts';
import type { Builder, FileKind, ParseContext } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { yamlReferences } from './yaml-references.ts';

/** A SELECT with Jinja in `models/**.sql`. */
export const sqlModel: FileKind = {
  name: 'model',
  section: 'models',
  trees: ['models'],
  folders: 'model-paths',
  extension: '.sql',
  async parse(file, context) {
    const identity = modelIdentity(file, context);
    const { fqn, properties } = identity;
    const source = { file: file.shownPath, text: file.text };
    const parsed = parseTemplateNode(source, context, ownNames(identity, file.path, context));
    const layers = configLayers(context, fqn, properties, parsed.configs);
    const unknownConfig = hasOwnMaterialization(layers, context)
      ? () => undefined
      : context.unknownConfig;
    const { config, unrendered } = resolveConfig(modelConfig, layers, unknownConfig);
    const names = [...parsed.template.names, ...overridingMacros(context.macros)];
    const code = { text: file.text, rendered: parsed.rendered, names };
    const { columns = [], entry, span = startOf(file) } = properties ?? {};
    const described = { config, columns, constraints: constraintsOf(entry?.['constraints']) };
    const own = {
      ...contractFacts(described),
      ...dressFacts(config, { description: '', ...properties, columns }),
    };
    const references = [
      ...parsed.references,
      ...foreignTables(described).flatMap((to) => yamlReferences(to, span, context)),
    ];
    const ofData = dataConfig(config);
    const facts = codeFacts(
      code,
      Object.keys(own).length > 0 ? { ...ofData, ...own } : ofData,
      context,
    );
    return [
      modelNode({ file, context, properties, config, unrendered, layers, references, ...facts }),
    ];
  },
};

/** What is known of a model before its settings are, for settings such as `alias=model.name ~ '_all'`. */
function ownNames(
  { name, fqn, properties }: ReturnType<typeof modelIdentity>,
  path: string,
  { packageName }: ParseContext,
): Readonly<Record<string, Value>> {
  const version = properties?.version?.v;
  const idParts = ['model', packageName, name, ...(version === undefined ? [] : [`v${version}`])];
  return {
    get this() {
      return relationValue({ schema: '', name }, '<this>');
    },
    get model() {
      return toValue({
        name,
        resource_type: 'model',
        package_name: packageName,
        original_file_path: path,
        unique_id: idParts.join('.'),
        fqn,
        alias: name,
      });
    },
  };
}

/** A materialization of the project's own reads settings of its own. */
function hasOwnMaterialization(layers: readonly ConfigLayer[], context: ParseContext): boolean {
  const name = layers.findLast(({ values }) => values['materialized'])?.values['materialized'];
  return typeof name === 'string' && customMaterialization(name, context) !== undefined;
}

export const sqlModelBuilder: Builder = {
  claims: (node) =>
    node.kind === 'model' &&
    node.path.endsWith('.sql') &&
    materializations.all().some(({ name }) => name === node.materialized),
  async build(node, context) {
    if (node.materialized === 'materialized_view' && !context.dialect.materializedView) {
      throw noMaterializedViews(node, context.dialect.name);
    }
    const { existing, replace, batch } = context;
    const adds = node.materialized === 'incremental' && !replace && existing === 'table';
    const { isIncremental = adds } = context;
    const compiled = await context.compile(node, { batch, isIncremental });
    return materialize(node, compiled, context);
  },
};

const noMaterializedViews = ({ span }: Node, engine: string): ProjectError =>
  new ProjectError('unsupported', `${engine} has no materialized views`, {
    span,
    hint: "make it a table, or enable it only where there are some: enabled=(target.type == 'postgres')",
  });
