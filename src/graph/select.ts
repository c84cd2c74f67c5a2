import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { NodeId } from '../core/node.ts';
import type { Graph } from './build-graph.ts';
import { type IndirectSelection, splitTests } from './indirect-selection.ts';
import type { DueNodes } from './match-due.ts';
import type { EarlierRun } from './match-state.ts';
import {
  evaluate,
  type Found,
  idsOf,
  type SelectionScope,
  type SelectionTree,
  union,
  without,
} from './selection-tree.ts';
import { type Intersection, parseSelector } from './selector-syntax.ts';
import { definitionTree } from './yaml-selector.ts';

export interface Selectors {
  /** What `--select` was given; empty selects all nodes. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** A name of selectors.yml: it is taken in place of `select` and `exclude`. */
  readonly selector?: string | undefined;
  /** What selectors.yml says, by name. */
  readonly definitions?: Readonly<Record<string, unknown>> | undefined;
  /** Which tests of the selected nodes come with them; `eager` when not given. */
  readonly indirectSelection?: IndirectSelection | undefined;
  /** For methods that compare with an earlier run. */
  readonly earlier?: EarlierRun | undefined;
  /** For methods that ask for dates to build. */
  readonly due?: DueNodes | undefined;
}

export interface Selection {
  readonly selected: ReadonlySet<NodeId>;
  /** Parts of `select` and `exclude` that match no node, as written. */
  readonly unmatched: readonly string[];
}

/**
 * The nodes a selector in dbt's grammar names. A test is excluded with any of its inputs.
 * @throws ConfigError 'selector-syntax'
 */
export function select(graph: Graph, selectors: Selectors): Selection {
  const { definitions = {}, indirectSelection: mode = 'eager' } = selectors;
  const { earlier, due } = selectors;
  const scope = selectionScope({ graph, mode, definitions, earlier, due });
  if (selectors.selector !== undefined) {
    return { selected: scope.named(selectors.selector), unmatched: [] };
  }
  const parts = parseSelector(selectors.select).map((part) => ({
    text: part.text,
    found: evaluate(treeOf(part), scope),
  }));
  const eager = { ...scope, mode: 'eager' } as const;
  const excluded = parseSelector(selectors.exclude).map((part) => ({
    text: part.text,
    found: evaluate(treeOf(part), eager),
  }));
  const gone = union(...excluded.map(({ found }) => found.nodes));
  const nodes = parts.length === 0 ? everything(graph) : union(...parts.map((p) => p.found.nodes));
  const waiting = union(...parts.map(({ found }) => found.waiting));
  return {
    selected: finished({ nodes: without(nodes, gone), waiting: without(waiting, gone) }, scope),
    unmatched: [...parts, ...excluded]
      .filter(({ found }) => found.nodes.size === 0)
      .map(({ text }) => text),
  };
}

/** Hooks are nodes to the template language; nobody selects them. */
const everything = (graph: Graph): ReadonlySet<NodeId> =>
  idsOf(graph, ({ kind }) => kind !== 'operation');

const treeOf = ({ criteria }: Intersection): SelectionTree => ({
  kind: 'intersection',
  parts: criteria.map((criterion) => ({ kind: 'criterion', criterion })),
});

/** Tests that waited for nodes of other parts come with them now. */
function finished({ nodes, waiting }: Found, scope: SelectionScope): ReadonlySet<NodeId> {
  if (scope.mode === 'eager') return nodes;
  return union(nodes, splitTests([...waiting], nodes, scope.graph, scope.mode).included);
}

interface ScopeInput extends Pick<SelectionScope, 'graph' | 'mode' | 'earlier' | 'due'> {
  readonly definitions: Readonly<Record<string, unknown>>;
}

function selectionScope(input: ScopeInput, within: readonly string[] = []): SelectionScope {
  const { graph, mode, earlier, due, definitions } = input;
  return {
    graph,
    mode,
    earlier,
    due,
    named(name) {
      const path = [...within, name];
      if (within.includes(name)) {
        const message = `selectors name each other: ${path.join(' -> ')}`;
        throw new ConfigError('selector-syntax', message);
      }
      const inner = selectionScope(input, path);
      return finished(evaluate(namedTree(name, definitions), inner), inner);
    },
  };
}

function namedTree(name: string, definitions: Readonly<Record<string, unknown>>): SelectionTree {
  if (Object.hasOwn(definitions, name)) return definitionTree(definitions[name]);
  const known = Object.keys(definitions);
  throw new ConfigError('selector-syntax', `selectors.yml has no selector '${name}'`, {
    hint: didYouMean(name, known) ?? (known.length > 0 ? `it has: ${known.join(', ')}` : undefined),
  });
}
