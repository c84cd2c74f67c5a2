import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { RESOURCE_KINDS } from '../core/resource-kinds.ts';

export interface KindOptions {
  /** Kinds to take; `all` and `default` (all but analyses) are known as well. */
  readonly resourceTypes?: readonly string[] | undefined;
  readonly excludeResourceTypes?: readonly string[] | undefined;
}

const GROUPS: ReadonlySet<string> = new Set(['all', 'default']);

/** Whether a kind of node is asked for. @throws ConfigError 'usage' for a kind that is not known */
export function kindFilter(
  nodes: Iterable<Node>,
  { resourceTypes = [], excludeResourceTypes = [] }: KindOptions,
): (kind: string) => boolean {
  const asked = [...resourceTypes, ...excludeResourceTypes];
  const isUsual = (kind: string) => kind !== 'analysis';
  if (asked.length === 0) return isUsual;
  const known = new Set<string>(RESOURCE_KINDS);
  for (const { kind } of nodes) known.add(kind);
  const unknown = asked.find((type) => !known.has(type) && !GROUPS.has(type));
  if (unknown !== undefined) {
    throw new ConfigError('usage', `'${unknown}' is no resource type`, {
      hint: `known: ${[...known, ...GROUPS].join(', ')}`,
    });
  }
  const all = [...known];
  const usual = all.filter(isUsual);
  const kindsOf = (type: string) => (type === 'all' ? all : type === 'default' ? usual : [type]);
  const included = new Set(resourceTypes.length === 0 ? usual : resourceTypes.flatMap(kindsOf));
  const excluded = new Set(excludeResourceTypes.flatMap(kindsOf));
  return (kind) => included.has(kind) && !excluded.has(kind);
}
