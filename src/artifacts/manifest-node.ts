import { hash } from 'node:crypto';
import type { ColumnInfo, Node, NodeId, Reference } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';

/** What an entry needs besides its node. */
export interface EntryContext {
  readonly parents: (id: NodeId) => readonly NodeId[];
  /** The quoted name, as the dialect writes it. */
  readonly relationName: (relation: Relation) => string;
  /** The rendered SQL; undefined when the node was not rendered. */
  readonly compiledCode: (id: NodeId) => string | undefined;
  /** Ids under `macros`, the only ones `depends_on` may name. */
  readonly macroIds: ReadonlySet<string>;
  /** Label of the latest version of a versioned model. */
  readonly latestVersion: (node: Node) => string | undefined;
  /** Epoch seconds. */
  readonly createdAt: number;
}

const DBT_KINDS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'test', 'analysis']);

const SHOWN = { show: true, node_color: null } as const;

/** An entry of `nodes`. Kinds dbt has no word for (train, score, backtest) are models to its tools. */
export function nodeEntry(node: Node, context: EntryContext) {
  const type = DBT_KINDS.has(node.kind) ? node.kind : 'model';
  return {
    ...commonEntry(node, context),
    resource_type: type,
    ...(type === 'seed' ? {} : codeEntry(node, context)),
    ...(type === 'model' ? modelEntry(node, context) : {}),
    ...(node.check ? checkEntry(node) : {}),
  };
}

/** An entry of `sources`. */
export function sourceEntry(node: Node, context: EntryContext) {
  const [source = '', table = ''] = node.fqn.slice(-2);
  return {
    ...identity(node),
    resource_type: 'source',
    path: node.path,
    name: table,
    source_name: source,
    source_description: '',
    loader: textOr(node.config['loader'], ''),
    identifier: node.relation?.name ?? table,
    description: node.description,
    columns: columnEntries(node.columns),
    meta: metaOf(node),
    tags: node.tags,
    config: node.config,
    patch_path: patchPath(node),
    relation_name: relationName(node, context),
    created_at: context.createdAt,
  };
}

function identity(node: Node) {
  return {
    database: node.relation?.database ?? null,
    schema: node.relation?.schema ?? '',
    name: node.name,
    package_name: node.packageName,
    path: pathBelowRoot(node),
    original_file_path: node.path,
    unique_id: node.id,
    fqn: node.fqn,
  };
}

function commonEntry(node: Node, context: EntryContext) {
  return {
    ...identity(node),
    alias: node.relation?.name ?? node.name,
    checksum: checksumOf(node),
    config: node.config,
    tags: node.tags,
    description: node.description,
    columns: columnEntries(node.columns),
    meta: metaOf(node),
    group: textOr(node.config['group'], null),
    docs: SHOWN,
    patch_path: patchPath(node),
    build_path: null,
    unrendered_config: {},
    created_at: context.createdAt,
    relation_name: relationName(node, context),
    raw_code: node.rawCode,
    doc_blocks: [],
    depends_on: dependsOn(node, context),
  };
}

function codeEntry(node: Node, context: EntryContext) {
  const compiledCode = context.compiledCode(node.id);
  return {
    language: node.path.endsWith('.ts') ? 'typescript' : 'sql',
    refs: node.references.filter(({ kind }) => kind === 'ref').map(refEntry),
    sources: node.references.filter(({ kind }) => kind === 'source').map(({ path }) => path),
    metrics: [],
    functions: [],
    compiled_path: null,
    compiled: compiledCode !== undefined,
    compiled_code: compiledCode ?? null,
    extra_ctes_injected: compiledCode !== undefined,
    extra_ctes: [],
    contract: { enforced: false, alias_types: true, checksum: null },
  };
}

function modelEntry(node: Node, context: EntryContext) {
  return {
    access: textOr(node.config['access'], 'protected'),
    constraints: [],
    version: node.version?.label ?? null,
    latest_version: context.latestVersion(node) ?? null,
    deprecation_date: null,
    primary_key: [],
    time_spine: null,
  };
}

function checkEntry({ check }: Node) {
  const generic = check?.generic;
  if (!generic) return {};
  return {
    column_name: textOr(generic.args['column_name'], null),
    attached_node: check.attachedTo ?? null,
    test_metadata: {
      name: generic.name,
      kwargs: generic.args,
      namespace: generic.namespace ?? null,
    },
  };
}

/** Seeds may only name macros: nothing stands before them. */
function dependsOn(node: Node, { parents, macroIds }: EntryContext) {
  const macros = Object.keys(node.fingerprint)
    .filter((part) => part.startsWith('macro '))
    .map((part) => `macro.${node.packageName}.${part.slice('macro '.length)}`)
    .filter((id) => macroIds.has(id));
  return node.kind === 'seed' ? { macros } : { macros, nodes: parents(node.id) };
}

/** `dim.v2` is how a reference says version 2. */
function refEntry({ path }: Reference) {
  const [, name, version] = /^(.*)\.v(\w+)$/.exec(path.at(-1) ?? '') ?? [];
  return {
    name: name ?? path.at(-1) ?? '',
    package: path.length > 1 ? path[0] : null,
    version: version ?? null,
  };
}

function columnEntries(columns: readonly ColumnInfo[]) {
  return Object.fromEntries(
    columns.map(({ name, description, dataType, tags, meta }) => [
      name,
      {
        name,
        description,
        meta,
        data_type: dataType ?? null,
        constraints: [],
        quote: null,
        config: { meta, tags },
        tags,
        doc_blocks: [],
      },
    ]),
  );
}

/** dbt hashes files; a generic test has none. */
function checksumOf({ check, rawCode }: Node) {
  if (check?.generic) return { name: 'none', checksum: '' };
  return { name: 'sha256', checksum: hash('sha256', rawCode) };
}

/** dbt's `path`: without the folder of the kind, and for generic tests a file that could be. */
function pathBelowRoot({ check, name, path }: Node): string {
  if (check?.generic) return `${name}.sql`;
  return path.slice(path.indexOf('/') + 1);
}

const patchPath = ({ packageName, propertiesPath }: Node): string | null =>
  propertiesPath === undefined ? null : `${packageName}://${propertiesPath}`;

const relationName = ({ relation }: Node, context: EntryContext): string | null =>
  relation ? context.relationName(relation) : null;

function metaOf({ config }: Node): unknown {
  const meta = config['meta'];
  return typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? meta : {};
}

const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;
