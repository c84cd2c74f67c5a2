import { excerptFlag } from '../core/excerpt.ts';
import type { Node } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { Warn } from './warn.ts';

/** Says what a run that reads a part of its inputs leaves alone, or makes without rows. */
export function warnOfParts({ excerpt, steps }: Plan, { nodes }: Graph, warn: Warn): void {
  if (!excerpt) return;
  const of = (isBuilt: boolean): readonly string[] =>
    steps
      .filter(({ action }) => (action === 'build') === isBuilt)
      .flatMap(({ node }) => nodes.get(node) ?? [])
      .filter(({ asOf, model }) => asOf !== undefined || model !== undefined)
      .map(({ name }: Node) => name);
  const flag = excerptFlag(excerpt);
  const [kept, made] = [of(false), of(true)];
  if (kept.length > 0) warn(`${flag} leaves as_of and trained models as they are: ${listed(kept)}`);
  if (made.length > 0) warn(`${flag} makes as_of models without a date: ${listed(made)}`);
}

const listed = ([first, ...others]: readonly string[]): string =>
  others.length > 0 ? `${first} and ${others.length} more` : String(first);
