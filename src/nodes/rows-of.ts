import type { Dialect } from '../adapters/adapter.ts';
import type { Node } from '../core/node.ts';
import type { BuildContext } from './node-kind.ts';
import { sourceText } from './source-text.ts';

/** A SELECT of a node's rows as they stand: of its relation, its files, or its own SQL where it has neither. */
export async function rowsOf(
  node: Node,
  { dialect, compile }: { readonly dialect: Dialect; readonly compile: BuildContext['compile'] },
): Promise<string> {
  if (node.kind === 'source') return `select * from ${sourceText(node, dialect)}`;
  if (node.buildable && node.relation) return `select * from ${dialect.relation(node.relation)}`;
  return (await compile(node, { batch: undefined, isIncremental: false })).sql;
}
