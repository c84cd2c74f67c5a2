import type { Node } from '../core/node.ts';
import type { IndirectSelection } from './indirect-selection.ts';

/** Test data: one criterion as it was made, beside its text. */
export interface MadeCriterion {
  readonly method: string;
  readonly value: string;
  readonly at: boolean;
  /** Steps up and down; undefined where there is no `+`, Infinity where it has no number. */
  readonly up: number | undefined;
  readonly down: number | undefined;
}

/** Criteria that must all hold. */
export type MadePart = readonly MadeCriterion[];

/** Nodes and who reads whom, as a list of pairs: `edges` has [3, 5] when node 5 reads node 3. */
export interface MadeGraph {
  readonly nodes: readonly Node[];
  readonly edges: readonly (readonly [number, number])[];
}

export const textOf = ({ method, value, at, up, down }: MadeCriterion): string => {
  const plus = (depth: number | undefined) => (depth === Infinity ? '' : String(depth));
  const before = up === undefined ? '' : `${plus(up)}+`;
  const after = down === undefined ? '' : `+${plus(down)}`;
  return `${at ? '@' : before}${method}:${value}${at ? '' : after}`;
};

/**
 * What a selection means, spelled out node by node: no sets, no order, no shared work. Distances are those of all pairs.
 * Slow, and short enough to be seen right.
 */
export function selectByDefinition(
  graph: MadeGraph,
  include: readonly MadePart[],
  exclude: readonly MadePart[],
  mode: IndirectSelection,
): ReadonlySet<string> {
  const { nodes } = graph;
  const all = nodes.map((_, i) => i);
  const steps = distances(graph);
  const from = (a: number, b: number) => steps[a]?.[b] ?? Infinity;
  const parents = all.map((x) => graph.edges.flatMap(([a, b]) => (b === x ? [a] : [])));
  const isTest = (x: number) => ['test', 'unit_test'].includes(nodes[x]?.kind ?? '');

  const named = (c: MadeCriterion, x: number) => holds(c, nodes[x] as Node);
  const base = (c: MadeCriterion, x: number): boolean =>
    all.some((y) => {
      if (!named(c, y)) return false;
      if (c.at) return all.some((z) => from(y, z) < Infinity && from(x, z) < Infinity);
      const isNear = (distance: number, depth = 0) => distance < Infinity && distance <= depth;
      return isNear(from(x, y), c.up) || isNear(from(y, x), c.down);
    });
  const isReady = (test: number, has: (x: number) => boolean, how: IndirectSelection) => {
    const isThere = (p: number) =>
      has(p) ||
      (how === 'buildable' &&
        (nodes[p]?.kind === 'source' || all.some((y) => has(y) && from(p, y) < Infinity)));
    return how === 'eager' || (how !== 'empty' && (parents[test] ?? []).every(isThere));
  };
  const touches = (c: MadeCriterion, x: number) =>
    isTest(x) && (parents[x] ?? []).some((p) => base(c, p));
  const inCriterion = (c: MadeCriterion, x: number, how: IndirectSelection) =>
    base(c, x) || (touches(c, x) && isReady(x, (y) => base(c, y), how));
  const inParts = (parts: readonly MadePart[], x: number, how: IndirectSelection) =>
    parts.some((part) => part.every((c) => inCriterion(c, x, how)));

  const isOut = all.map((x) => inParts(exclude, x, 'eager'));
  const isIn = all.map((x) => !isOut[x] && (include.length === 0 || inParts(include, x, mode)));
  const waits = (x: number) =>
    mode !== 'eager' &&
    include.flat().some((c) => touches(c, x) && !isReady(x, (y) => base(c, y), mode));
  const isSelected = (x: number) =>
    isIn[x] || (!isOut[x] && waits(x) && isReady(x, (y) => isIn[y] === true, mode));
  return new Set(all.filter(isSelected).map((x) => nodes[x]?.id ?? ''));
}

/** Steps from each node to each node after it; 0 to itself. */
function distances({ nodes, edges }: MadeGraph): number[][] {
  const steps = nodes.map((_, a) => nodes.map((__, b) => (a === b ? 0 : Infinity)));
  const get = (a: number, b: number) => steps[a]?.[b] ?? Infinity;
  for (const [a, b] of edges) (steps[a] as number[])[b] = 1;
  for (const k of nodes.keys())
    for (const a of nodes.keys())
      for (const b of nodes.keys())
        (steps[a] as number[])[b] = Math.min(get(a, b), get(a, k) + get(k, b));
  return steps;
}

/** `*` is any text, `?` one letter, `[ab]` one of these. */
function isLike(text: string, pattern: string): boolean {
  const [first = ''] = pattern;
  if (pattern === '') return text === '';
  if (first === '*') {
    return isLike(text, pattern.slice(1)) || (text !== '' && isLike(text.slice(1), pattern));
  }
  if (text === '') return false;
  if (first === '[') {
    const end = pattern.indexOf(']');
    const isOne = pattern.slice(1, end).includes(text.charAt(0));
    return isOne && isLike(text.slice(1), pattern.slice(end + 1));
  }
  return (first === '?' || first === text.charAt(0)) && isLike(text.slice(1), pattern.slice(1));
}

/** What each method looks at, for the nodes that are made here. */
function holds({ method, value }: MadeCriterion, node: Node): boolean {
  const { kind, name, fqn, path, tags, packageName, config, check } = node;
  const like = (text: unknown) => typeof text === 'string' && isLike(text, value);
  switch (method) {
    case 'fqn':
      // Sources and exposures have methods of their own.
      if (kind === 'source') return false;
      return (
        name === value ||
        fqn.join('.') === value ||
        `${fqn.join('.')}.`.startsWith(`${value}.`) ||
        `${fqn.slice(1).join('.')}.`.startsWith(`${value}.`)
      );
    case 'tag':
      return tags.some(like);
    case 'path':
      return path === value || path.startsWith(`${value}/`);
    case 'file':
      return [path.replace(/.*\//, ''), path.replace(/.*\//, '').replace(/\.\w+$/, '')].some(like);
    case 'source':
      return kind === 'source' && like(fqn[1]);
    case 'exposure':
      return kind === 'exposure' && like(name);
    case 'resource_type':
      return kind === value;
    case 'package':
      return value === 'this' ? packageName === 'shop' : like(packageName);
    case 'config.materialized':
      return config['materialized'] === value;
    case 'group':
      return like(config['group']);
    case 'access':
      return like(config['access']);
    case 'test_name':
      return like(check?.generic?.name);
    case 'test_type':
      if (value === 'unit') return kind === 'unit_test';
      if (value === 'data') return check !== undefined;
      return check !== undefined && (value === 'generic') === (check.generic !== undefined);
    default:
      throw new Error(`no method ${method}`);
  }
}
