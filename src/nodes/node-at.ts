import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { TABLE_SOURCE } from './source-text.ts';

/**
 * The same node with its rows in another relation; a source that stands for files becomes one that is a table.
 * Laid over the node, since a node of the cache reads its fields only when it is asked for them.
 */
export function nodeAt(node: Node, relation: Relation): Node {
  const place = `${relation.schema}.${relation.name}`;
  const moved = { relation, place, ...(node.kind === 'source' && { detail: TABLE_SOURCE }) };
  return Object.create(node, Object.getOwnPropertyDescriptors(moved)) as Node;
}
