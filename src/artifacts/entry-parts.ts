import type { ColumnOf } from '../core/leakage.ts';
import type { ColumnInfo, Node, NodeId, Reference } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { ExtraCte } from '../core/result.ts';

/** What an entry of the manifest needs besides its node. */
export interface EntryContext {
  readonly parents: (id: NodeId) => readonly NodeId[];
  /** An enabled node. */
  readonly nodeOf: (id: NodeId) => Node | undefined;
  /** The quoted name, as the dialect writes it. */
  readonly relationName: (relation: Relation) => string;
  /** The rendered SQL; undefined when the node was not rendered. */
  readonly compiledCode: (id: NodeId) => string | undefined;
  /** Ephemeral models that code holds. */
  readonly extraCtes?: ((id: NodeId) => readonly ExtraCte[]) | undefined;
  /** Columns that tests show to be the key of a model. */
  readonly testedKey: (id: NodeId) => readonly string[];
  /** Which columns the columns of a model are made of, by their names in lower case; undefined: nobody looked. */
  readonly columnsFrom?:
    | ((id: NodeId) => ReadonlyMap<string, readonly ColumnOf[]> | undefined)
    | undefined;
  /** Absolute; undefined when it is not to be told. */
  readonly projectDir: string | undefined;
  /** The target folder as artifacts name it: `target`. */
  readonly targetPath: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/** What every entry of the graph begins with. */
export function identity(node: Node, type: string) {
  return {
    name: node.name,
    resource_type: type,
    package_name: node.packageName,
    path: pathBelowRoot(node.path),
    original_file_path: node.path,
    unique_id: node.id,
    fqn: node.fqn,
  };
}

/** dbt's `path` leaves out the folder of the kind. */
export const pathBelowRoot = (path: string): string => path.slice(path.indexOf('/') + 1);

export const refEntries = (node: Node) => {
  const refs: ReturnType<typeof refEntry>[] = [];
  for (const reference of node.references) {
    if (reference.kind === 'ref') refs.push(refEntry(reference));
  }
  return refs;
};

/** `dim.v2` is how a reference says version 2. */
function refEntry({ path }: Reference) {
  const written = path.at(-1) ?? '';
  const [, name, version] = /^(.*)\.v(\w+)$/.exec(written) ?? [];
  return {
    name: name ?? written,
    package: path.length > 1 ? (path[0] ?? null) : null,
    version: version === undefined ? null : versionValue(version),
  };
}

/** YAML reads `v: 2` as a number. */
const versionValue = (label: string): string | number =>
  /^\d+$/.test(label) ? Number(label) : label;

/** Paths of the references of a kind: `[['feed', 'visits']]`. */
export function referencePaths(node: Node, kind: Reference['kind']) {
  const paths: (readonly string[])[] = [];
  for (const reference of node.references) if (reference.kind === kind) paths.push(reference.path);
  return paths;
}

/** The macros a node calls and its inputs, in dbt's order: sources first, functions last. */
export function dependsOn(node: Node, { parents }: EntryContext) {
  return { macros: node.macros ?? [], nodes: inOrder(parents(node.id)) };
}

const inOrder = (ids: readonly NodeId[]): readonly NodeId[] =>
  ids.length < 2 ? ids : ids.toSorted((a, b) => rankOf(a) - rankOf(b));

const rankOf = (id: NodeId): number =>
  id.startsWith('source.') ? 0 : id.startsWith('function.') ? 2 : 1;

/** `lineage` is velo's own: dbt's schema lets a column have more than it knows. */
export function columnEntries(
  columns: readonly ColumnInfo[],
  from?: ReadonlyMap<string, readonly ColumnOf[]>,
) {
  const entries: Record<string, unknown> = {};
  for (const { name, description, dataType, tags, meta, docBlocks, extra } of columns) {
    entries[name] = {
      name,
      description,
      meta,
      data_type: dataType ?? null,
      constraints: extra?.['constraints'] ?? [],
      quote: extra?.['quote'] ?? null,
      config: { meta, tags },
      tags,
      granularity: extra?.['granularity'] ?? null,
      dimension: extra?.['dimension'] ?? null,
      entity: extra?.['entity'] ?? null,
      doc_blocks: docBlocks ?? [],
      ...(from && { lineage: from.get(name.toLowerCase()) ?? [] }),
    };
  }
  return entries;
}

export const patchPath = ({ packageName, propertiesPath }: Node): string | null =>
  propertiesPath === undefined ? null : `${packageName}://${propertiesPath}`;

export function metaOf({ config }: Node): unknown {
  const meta = config['meta'];
  return typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? meta : {};
}

export const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;
