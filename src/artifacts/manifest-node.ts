import { hash } from 'node:crypto';
import type { Node } from '../core/node.ts';
import { compiledFile } from './compiled-file.ts';
import {
  columnEntries,
  dependsOn,
  type EntryContext,
  identity,
  metaOf,
  patchPath,
  refEntries,
  referencePaths,
  textOr,
} from './entry-parts.ts';

const DBT_KINDS: ReadonlySet<string> = new Set([
  'model',
  'seed',
  'snapshot',
  'test',
  'analysis',
  'operation',
  'function',
]);

const SHOWN = { show: true, node_color: null } as const;
const NO_CONTRACT = { enforced: false, alias_types: true, checksum: null } as const;

/**
 * An entry of `nodes` or `functions`. Kinds dbt has no word for (train, score, backtest) are models to its tools.
 * What the node itself says under the manifest's names (`extra`) takes the place of what is said of all nodes.
 */
export function nodeEntry(node: Node, context: EntryContext) {
  const type = DBT_KINDS.has(node.kind) ? node.kind : 'model';
  const { storedIn: _, ...own } = node.extra ?? {};
  // Spreading so many fields into a new object takes twenty times as long, and its garbage outlives young collections.
  return Object.assign(
    commonEntry(node, type, context),
    type === 'seed' ? seedEntry(node, context) : codeEntry(node, context),
    type === 'model' ? modelEntry(node) : undefined,
    node.check ? checkEntry(node) : undefined,
    own,
    type === 'model' ? { primary_key: primaryKey(node, context) } : undefined,
  );
}

/** dbt's schema knows no severity info. */
const knownConfig = ({ config, check }: Node): Node['config'] =>
  check?.severity === 'info' ? { ...config, severity: 'warn' } : config;

function commonEntry(node: Node, type: string, context: EntryContext) {
  const { relation, config } = node;
  return {
    database: relation?.database ?? null,
    schema: relation?.schema ?? '',
    ...identity(node, type),
    ...(node.check?.generic ? { path: `${node.alias ?? node.name}.sql` } : {}),
    alias: node.alias ?? relation?.name ?? node.name,
    checksum: checksumOf(node),
    config: knownConfig(node),
    tags: node.tags,
    description: node.description,
    columns: columnEntries(node.columns, context.columnsFrom?.(node.id)),
    meta: metaOf(node),
    group: textOr(config['group'], null),
    docs: config['docs'] ?? SHOWN,
    patch_path: patchPath(node),
    build_path: null,
    unrendered_config: node.unrenderedConfig ?? {},
    created_at: context.createdAt,
    relation_name: relationName(node, context),
    raw_code: node.rawCode,
    doc_blocks: node.docBlocks ?? [],
  };
}

/** Where rows are kept: nowhere for an ephemeral model, and for a test only when it stores its failures. */
function relationName({ relation, extra, materialized }: Node, context: EntryContext) {
  const stored = (extra?.['storedIn'] as Node['relation']) ?? relation;
  return stored && materialized !== 'ephemeral' ? context.relationName(stored) : null;
}

/** Nothing stands before a seed, so it may only name macros. */
const seedEntry = (node: Node, { projectDir }: EntryContext) => ({
  root_path: projectDir === undefined ? null : packageFolder(node, projectDir),
  depends_on: { macros: node.macros ?? [] },
});

/** The file's path from the project and from its package differ by the package's folder. */
function packageFolder({ span, path }: Node, projectDir: string): string {
  const folder = span.file.endsWith(`/${path}`) ? span.file.slice(0, -path.length - 1) : '';
  return folder === '' ? projectDir : `${projectDir}/${folder}`;
}

function codeEntry(node: Node, context: EntryContext) {
  const compiledCode = context.compiledCode(node.id);
  return {
    language: languageOf(node.path),
    refs: refEntries(node),
    sources: referencePaths(node, 'source'),
    metrics: referencePaths(node, 'metric'),
    functions: referencePaths(node, 'function'),
    depends_on: dependsOn(node, context),
    ...(compiledCode === undefined
      ? { compiled_path: null }
      : {
          compiled_path: `${context.targetPath}/compiled/${compiledFile(node)}`,
          compiled: true,
          compiled_code: compiledCode,
          extra_ctes_injected: true,
          extra_ctes: context.extraCtes?.(node.id) ?? [],
        }),
    contract: NO_CONTRACT,
  };
}

function languageOf(path: string): string {
  if (path.endsWith('.ts')) return 'typescript';
  return path.endsWith('.py') ? 'python' : 'sql';
}

const modelEntry = (node: Node) => ({
  access: textOr(node.config['access'], 'protected'),
  constraints: [],
  version: null,
  latest_version: null,
  deprecation_date: null,
  primary_key: [],
  time_spine: null,
});

/** The key a model's constraints name, else the one its tests show. */
function primaryKey({ id, extra }: Node, { testedKey }: EntryContext): readonly string[] {
  const named = extra?.['primary_key'] as readonly string[] | undefined;
  return named && named.length > 0 ? named : testedKey(id);
}

function checkEntry({ check, extra }: Node) {
  const generic = check?.generic;
  if (!generic) return {};
  const { attachedTo } = check;
  return {
    column_name: textOr(generic.args['column_name'], null),
    file_key_name: extra?.['file_key_name'] ?? null,
    // dbt attaches tests to nodes only, and a source is none.
    attached_node: attachedTo?.startsWith('source.') ? null : (attachedTo ?? null),
    test_metadata: {
      name: generic.name,
      kwargs: generic.args,
      namespace: generic.namespace ?? null,
    },
  };
}

/** dbt hashes the text of a file with each run of white space as one blank; a generic test has no file. */
function checksumOf({ check, rawCode }: Node) {
  if (check?.generic) return { name: 'none', checksum: '' };
  const words = rawCode.trim().replace(/\s+/g, ' ');
  return { name: 'sha256', checksum: hash('sha256', words) };
}
