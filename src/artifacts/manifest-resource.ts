import type { DocBlock, Group, MacroInfo, Node } from '../core/node.ts';
import {
  columnEntries,
  dependsOn,
  type EntryContext,
  identity,
  metaOf,
  pathBelowRoot,
  refEntries,
  referencePaths,
} from './entry-parts.ts';

/*
 * What dbt lists outside of `nodes`. The kinds keep what only they have under the manifest's names in `extra`.
 */

/** An entry of `sources`. */
export function sourceEntry(node: Node, context: EntryContext) {
  const { relation, extra } = node;
  return {
    database: relation?.database ?? null,
    schema: relation?.schema ?? '',
    ...identity(node, 'source'),
    path: node.path,
    source_name: node.fqn.at(-2) ?? '',
    source_description: '',
    loader: '',
    identifier: relation?.name ?? node.name,
    ...extra,
    description: node.description,
    columns: columnEntries(node.columns),
    meta: metaOf(node),
    tags: node.tags,
    config: node.config,
    patch_path: null,
    unrendered_config: node.unrenderedConfig ?? {},
    relation_name: relation ? context.relationName(relation) : null,
    created_at: context.createdAt,
    doc_blocks: node.docBlocks ?? [],
  };
}

/** An entry of `exposures`. */
export const exposureEntry = (node: Node, context: EntryContext) => ({
  ...identity(node, 'exposure'),
  ...node.extra,
  description: node.description,
  meta: metaOf(node),
  tags: node.tags,
  config: node.config,
  unrendered_config: node.unrenderedConfig ?? {},
  depends_on: dependsOn(node, context),
  refs: refEntries(node),
  sources: referencePaths(node, 'source'),
  metrics: referencePaths(node, 'metric'),
  created_at: context.createdAt,
});

/** An entry of `unit_tests`. */
export const unitTestEntry = (node: Node, context: EntryContext) => ({
  ...identity(node, 'unit_test'),
  ...node.extra,
  description: node.description,
  depends_on: dependsOn(node, context),
  config: node.config,
  created_at: context.createdAt,
});

/** An entry of `metrics`; dbt names its inputs only in `depends_on`. */
export const metricEntry = (node: Node, context: EntryContext) => ({
  ...semanticEntry(node, 'metric', context),
  description: node.description,
  sources: [],
  metrics: [],
  meta: metaOf(node),
  tags: [],
});

/** An entry of `semantic_models`. */
export const semanticModelEntry = (node: Node, context: EntryContext) => ({
  ...semanticEntry(node, 'semantic_model', context),
  node_relation: nodeRelation(node, context),
  description: node.description === '' ? null : node.description,
});

/** An entry of `saved_queries`. */
export const savedQueryEntry = (node: Node, context: EntryContext) => ({
  ...semanticEntry(node, 'saved_query', context),
  description: node.description === '' ? null : node.description,
  tags: node.tags,
});

/** Where the rows of its model are. */
function nodeRelation({ id }: Node, { parents, nodeOf, relationName }: EntryContext) {
  const [first] = parents(id);
  const relation = first === undefined ? undefined : nodeOf(first)?.relation;
  return relation
    ? {
        alias: relation.name,
        schema_name: relation.schema,
        database: relation.database ?? null,
        relation_name: relationName(relation),
      }
    : null;
}

const semanticEntry = (node: Node, type: string, context: EntryContext) => ({
  ...identity(node, type),
  ...node.extra,
  config: node.config,
  unrendered_config: node.unrenderedConfig ?? {},
  group: node.config['group'] ?? null,
  depends_on: dependsOn(node, context),
  refs: refEntries(node),
  created_at: context.createdAt,
});

/** An entry of `macros`. */
export const macroEntry = (macro: MacroInfo, createdAt: number) => {
  const docs = { show: true, node_color: null };
  return {
    name: macro.name,
    resource_type: 'macro',
    package_name: macro.packageName,
    path: macro.path,
    original_file_path: macro.path,
    unique_id: `macro.${macro.packageName}.${macro.name}`,
    macro_sql: macro.text,
    depends_on: { macros: macro.macros },
    description: macro.description,
    meta: macro.meta,
    docs,
    config: { meta: macro.meta, docs },
    patch_path:
      macro.propertiesPath === undefined ? null : `${macro.packageName}://${macro.propertiesPath}`,
    arguments: macro.arguments,
    created_at: createdAt,
    supported_languages: macro.languages ?? null,
  };
};

/** An entry of `docs`. */
export const docEntry = (doc: DocBlock) => ({
  name: doc.name,
  resource_type: 'doc',
  package_name: doc.packageName,
  path: pathBelowRoot(doc.path),
  original_file_path: doc.path,
  unique_id: doc.id,
  block_contents: doc.text,
});

/** An entry of `groups`. */
export const groupEntry = (group: Group) => ({
  name: group.name,
  resource_type: 'group',
  package_name: group.packageName,
  path: pathBelowRoot(group.path),
  original_file_path: group.path,
  unique_id: group.id,
  owner: { email: null, name: null, ...group.owner },
  description: group.description,
  config: group.config,
});
