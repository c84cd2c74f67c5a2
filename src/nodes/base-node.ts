import { type Fingerprint, type Node, nodeId, type Reference } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
import { codeConfig } from './config-schemas.ts';
import type { Described, NodeProperties, ParseContext, ProjectSourceFile } from './node-kind.ts';
import type { ConfigLayer } from './resolve-config.ts';

/** What nodes of every kind are made from. */
export interface NodeParts {
  readonly kind: string;
  readonly name: string;
  /** Parts of the id after kind and package; the name when absent. */
  readonly idParts?: readonly string[];
  readonly path: string;
  readonly span: Span;
  readonly fqn: readonly string[];
  readonly context: Pick<ParseContext, 'packageName'>;
  readonly described: Described;
  readonly config: Readonly<Record<string, unknown>>;
  readonly unrendered: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly relation?: Relation | undefined;
  readonly place?: string;
  readonly columns?: Node['columns'];
  readonly propertiesPath?: string | undefined;
  readonly rawCode?: string;
  readonly fingerprint?: Fingerprint;
  readonly volatile?: boolean;
  readonly macros?: readonly string[] | undefined;
  readonly answersTo?: Node['answersTo'];
  readonly extra?: Node['extra'];
}

/** A node that is never built: kinds that are override what they know better. */
export function baseNode(parts: NodeParts): Node {
  const { kind, name, context, config, relation } = parts;
  const place = relation ? `${relation.schema}.${relation.name}` : '';
  const node: Node = {
    id: nodeId(kind, context.packageName, ...(parts.idParts ?? [name])),
    kind,
    name,
    packageName: context.packageName,
    path: parts.path,
    span: parts.span,
    fqn: parts.fqn,
    description: parts.described.description,
    docBlocks: parts.described.docBlocks,
    tags: (config['tags'] as readonly string[] | undefined) ?? [],
    columns: parts.columns ?? [],
    config,
    unrenderedConfig: parts.unrendered,
    references: parts.references,
    relation,
    alias: relation?.name,
    place: parts.place ?? place,
    materialized: String(config['materialized'] ?? kind),
    buildable: false,
    storesRows: false,
    updatesInPlace: false,
    volatile: parts.volatile ?? false,
    fingerprint: parts.fingerprint ?? {},
    eventTime: undefined,
    asOf: undefined,
    check: undefined,
    propertiesPath: parts.propertiesPath,
    macros: parts.macros,
    rawCode: parts.rawCode ?? '',
    extra: parts.extra,
    detail: undefined,
  };
  return parts.answersTo ? { ...node, answersTo: parts.answersTo } : node;
}

const NOT_DESCRIBED: Described = { description: '', docBlocks: [] };

/** Where a file's code starts: blanks before it are no part of it. */
export function startOf({ shownPath, text }: ProjectSourceFile): Span {
  const blanks = /^\s*/.exec(text)?.[0] ?? '';
  const lines = blanks.split(/\r\n|\r|\n/);
  return { file: shownPath, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The parts that a file and its entry in YAML give. */
export const fileParts = (
  file: ProjectSourceFile,
  properties: NodeProperties | undefined,
): Pick<NodeParts, 'path' | 'span' | 'described' | 'columns' | 'propertiesPath'> => ({
  path: file.path,
  span: startOf(file),
  described: properties ?? NOT_DESCRIBED,
  columns: properties?.columns ?? [],
  propertiesPath: properties?.path,
});

/** Where dbt places what has no relation of its own: in the target's schema. */
export const targetPlace = ({ scope }: Pick<ParseContext, 'scope'>) => ({
  database: scope.target?.database ?? null,
  schema: scope.target?.schema ?? '',
});

/**
 * The weakest-first layers of a node: its package's project file, YAML, the file's own config() calls, and for nodes
 * of packages the root project's file.
 */
export function configLayers(
  context: ParseContext,
  fqn: readonly string[],
  properties: Pick<NodeProperties, 'config'> | undefined,
  own: readonly ConfigLayer[],
): readonly ConfigLayer[] {
  const project = context.projectConfig(fqn);
  return [...project.own, ...(properties ? [properties.config] : []), ...own, ...project.root];
}

/**
 * The same for what dbt gives the settings of models, analyses and hooks: those that only models know are not for them.
 */
export function codeConfigLayers(
  context: ParseContext,
  fqn: readonly string[],
  properties: Pick<NodeProperties, 'config'> | undefined,
  own: readonly ConfigLayer[],
): readonly ConfigLayer[] {
  const project = context.projectConfig(fqn);
  return [
    ...project.own.map(ofCode),
    ...(properties ? [properties.config] : []),
    ...own,
    ...project.root.map(ofCode),
  ];
}

function ofCode({ values, unrendered, spanOf }: ConfigLayer): ConfigLayer {
  const known = (all: ConfigLayer['values']) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(codeConfig.shape, key)));
  return { values: known(values), unrendered: unrendered && known(unrendered), spanOf };
}
