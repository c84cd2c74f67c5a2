import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { Group, Node, NodeId } from '../core/node.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { ParsedNode } from '../nodes/node-kind.ts';

/** Nodes as they are found. */
export interface NodeCollection {
  readonly nodes: Map<NodeId, Node>;
  readonly disabled: Map<NodeId, Node>;
  /** Enabled nodes by what ref() or source() calls them within their package. */
  readonly byName: Map<string, Node>;
  /** Enabled nodes by their place in the database. */
  readonly byRelation: Map<string, Node>;
  /** Tests YAML lists under enabled nodes; they become nodes when all others are known. */
  readonly tests: { readonly tested: Node; readonly entries: readonly TestEntry[] }[];
  /** Every group that a node names must be declared. */
  checkGroups(groups: readonly Group[], errors: VeloError[]): void;
}

export function createCollection(): NodeCollection {
  const nodes = new Map<NodeId, Node>();
  return {
    nodes,
    disabled: new Map(),
    byName: new Map(),
    byRelation: new Map(),
    tests: [],
    checkGroups(groups, errors) {
      const known = new Set(groups.map(({ name }) => name));
      for (const node of nodes.values()) {
        const group = node.config['group'];
        if (typeof group === 'string' && !known.has(group)) {
          errors.push(unknownGroup(node, group, known));
        }
      }
    },
  };
}

/** Adds a node with the tests written under it; a second one of its name or place is an error. */
export function addNode(
  { node, enabled, tests = [] }: ParsedNode,
  collection: NodeCollection,
  errors: VeloError[],
): void {
  if (!enabled) {
    collection.disabled.set(node.id, node);
    return;
  }
  const twin = twinOf(node, collection);
  if (twin) {
    errors.push(duplicate(node, twin));
    return;
  }
  collection.nodes.set(node.id, node);
  if (node.check === undefined) collection.byName.set(refName(node), node);
  const place = placeOf(node);
  if (place !== undefined) claimPlace(place, node, collection, errors);
  if (tests.length > 0) collection.tests.push({ tested: node, entries: tests });
}

const twinOf = (node: Node, { nodes, byName }: NodeCollection): Node | undefined =>
  nodes.get(node.id) ?? (node.check ? undefined : byName.get(refName(node)));

/** Kinds that ref() finds share their names. */
const REFERABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);

function refName({ kind, name, packageName, fqn, version }: Node): string {
  if (kind === 'source') return `source:${packageName}.${fqn.slice(-2).join('.')}`;
  const kindOfName = REFERABLE.has(kind) ? 'ref' : kind;
  return `${kindOfName}:${packageName}.${name}${version ? `.v${version.label}` : ''}`;
}

/** Only what velo writes: two sources may stand for one table. */
function placeOf({ relation, kind, materialized }: Node): string | undefined {
  if (!relation || !REFERABLE.has(kind) || materialized === 'ephemeral') return undefined;
  return [relation.database ?? '', relation.schema, relation.name].join('.').toLowerCase();
}

function claimPlace(
  place: string,
  node: Node,
  { byRelation }: NodeCollection,
  errors: VeloError[],
): void {
  const other = byRelation.get(place);
  if (!other) {
    byRelation.set(place, node);
    return;
  }
  errors.push(
    new ProjectError('duplicate-relation', `'${node.name}' would overwrite '${other.name}'`, {
      span: node.span,
      hint: `both are ${node.relation?.schema}.${node.relation?.name}; the other one is ${other.span.file}: give one an alias or a schema`,
    }),
  );
}

function duplicate(node: Node, twin: Node): ProjectError {
  const what = `a ${twin.kind}`;
  const line = twin.span.line > 1 ? `:${twin.span.line}` : '';
  return new ProjectError('duplicate-name', `there is ${what} named '${node.name}' already`, {
    span: node.span,
    hint: `the other one is ${twin.span.file}${line}`,
  });
}

const unknownGroup = (node: Node, group: string, known: ReadonlySet<string>): ProjectError =>
  new ProjectError(
    'unknown-group',
    `'${node.name}' is in group '${group}', which nothing declares`,
    {
      span: node.span,
      hint:
        didYouMean(group, known) ??
        (known.size > 0
          ? `declared are ${[...known].join(', ')}`
          : 'declare it under groups: in a YAML file'),
    },
  );
