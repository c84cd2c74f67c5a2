import { ProjectError } from '../core/errors.ts';
import type { ColumnInfo, Node, NodeId } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';

/** How the rows of an input are dated: by a column of their own, or of the row `key` points at in `parent`. */
export interface Dating {
  readonly column: string;
  readonly via?: { readonly parent: Node; readonly key: string } | undefined;
}

/** A column that is known only after its row's event; `when`: in the rows that fulfil this SQL condition. */
export interface Outcome {
  readonly column: string;
  readonly when: string | undefined;
}

/** An input whose rows are dated, so that later ones can be taken away and its outcomes be changed. */
export interface DatedInput {
  readonly node: Node;
  readonly dating: Dating;
  /** Empty where it has none, or where those it has come from an input that declares its own. */
  readonly outcomes: readonly Outcome[];
}

/** Columns of a node that YAML calls an outcome or a label: what a feature may not show of its own day. */
export const outcomesOf = ({ columns }: Pick<Node, 'columns'>): readonly Outcome[] =>
  columns.filter(isOutcome).map(({ name, outcome }) => ({
    column: name,
    when: typeof outcome === 'string' ? outcome : undefined,
  }));

const isOutcome = ({ outcome, label }: ColumnInfo): boolean =>
  (outcome !== undefined && outcome !== false) || label !== undefined;

/**
 * The dated inputs above `models`, parents first. Outcomes are taken where they enter the project: a model's are those
 * of its inputs when one of these declares any.
 * @throws ProjectError 'leakage-undated' for outcomes whose rows have no date
 */
export function findInputs(models: readonly Node[], graph: Graph): readonly DatedInput[] {
  const above = new Set(models.flatMap(({ id }) => [...graph.upstream(id)]));
  const declaring = new Set(
    [...above].filter((id) => outcomesOf(nodeAt(id, graph)).length > 0 && !isJudged(id, graph)),
  );
  const enters = (id: NodeId) =>
    declaring.has(id) && ![...graph.upstream(id)].some((one) => declaring.has(one));
  return graph.order.flatMap((node): DatedInput[] => {
    if (!above.has(node.id)) return [];
    const outcomes = enters(node.id) ? outcomesOf(node) : [];
    if (outcomes.length === 0 && !isInput(node)) return [];
    const dating = datingOf(node, graph);
    if (dating) return [{ node, dating, outcomes }];
    if (outcomes.length > 0) throw undated(node);
    return [];
  });
}

/** Made outside of the project: nothing stands before it. */
const isInput = ({ kind }: Node): boolean => kind === 'source' || kind === 'seed';

/** A feature table's own outcomes come from its inputs, declared there or not. */
const isJudged = (id: NodeId, graph: Graph): boolean => nodeAt(id, graph).asOf !== undefined;

function datingOf(node: Node, graph: Graph): Dating | undefined {
  const from = node.config['event_time_from'] as { to: string; key: string } | undefined;
  const column = node.eventTime;
  if (column !== undefined) return { column };
  if (!from) return undefined;
  const parent = [...graph.nodes.values()].find((one) => isNamed(one, from.to));
  if (parent?.eventTime !== undefined) {
    return { column: parent.eventTime, via: { parent, key: from.key } };
  }
  const fault = parent ? `which has no event_time` : `which is not in the project`;
  throw new ProjectError(
    'leakage-undated',
    `'${node.name}' takes its dates from ${from.to}, ${fault}`,
    {
      span: node.span,
      hint: parent
        ? `give '${parent.name}' an event_time: the column that dates its rows`
        : "write it as ref('name') or source('source', 'table')",
    },
  );
}

/** Whether `ref('x')` or `source('a', 'b')` means this node. */
function isNamed({ kind, name, fqn }: Node, text: string): boolean {
  const words = [...text.matchAll(/'([^']+)'|"([^"]+)"/g)].map(([, a, b]) => a ?? b);
  if (/^\s*source\s*\(/.test(text)) {
    return kind === 'source' && fqn.slice(-2).join('.') === words.join('.');
  }
  return REFERABLE.has(kind) && words.at(-1) === name;
}

const REFERABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);

const undated = (node: Node): ProjectError =>
  new ProjectError('leakage-undated', `'${node.name}' has outcomes, but nothing dates its rows`, {
    span: node.span,
    hint: "give it event_time: <column>, or event_time_from: {to: ref('x'), key: <column>}",
  });

function nodeAt(id: NodeId, { nodes }: Graph): Node {
  const node = nodes.get(id);
  if (!node) throw new Error(`the graph names ${id}, which the manifest lacks`);
  return node;
}
