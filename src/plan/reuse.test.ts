import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, NodeId } from '../core/node.ts';
import { type NodeState, stateKey } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { buildGraph, type Graph } from '../graph/build-graph.ts';
import { manifestOf, modelNode } from '../graph/node-fixture.ts';
import { makePlan } from './make-plan.ts';

const KINDS: readonly Partial<Node>[] = [
  { materialized: 'table' },
  { materialized: 'view', storesRows: false },
  { materialized: 'ephemeral', storesRows: false, buildable: false, relation: undefined },
];

/** A project of some models: the kind of each, and bits that say which earlier ones it reads. */
interface Shape {
  readonly kind: number;
  readonly inputs: number;
}

const COUNT = 4;
const has = (bits: number, index: number): boolean => ((bits >> index) & 1) === 1;
const bits = fc.nat(2 ** COUNT - 1);
const shapes = fc.array(fc.record({ kind: fc.nat(2), inputs: bits }), {
  minLength: COUNT,
  maxLength: COUNT,
});
/** Runs: which models' code changes before each, or changes back, which are selected, and which fail. */
const runs = fc.array(fc.record({ edits: bits, selected: bits, failing: bits }), { maxLength: 6 });

function nodesOf(given: readonly Shape[], codes: readonly number[]): Node[] {
  return given.map(({ kind, inputs }, i) => {
    const refs = given.flatMap((_, j) => (j < i && has(inputs, j) ? [`m${j}`] : []));
    const fingerprint = { SQL: `m${i} v${codes[i]}` };
    return modelNode(`m${i}`, refs, { ...KINDS[kind], fingerprint });
  });
}

/** A warehouse that is played: what tables hold, and how views were defined. */
interface Played {
  readonly tables: Map<NodeId, string>;
  readonly views: Map<NodeId, string>;
  readonly states: Map<string, NodeState>;
}

/** The rows a node gives who reads it now, or undefined when something is not there. */
function read(id: NodeId, graph: Graph, played: Played): string | undefined {
  const node = graph.nodes.get(id);
  if (node?.storesRows) return played.tables.get(id);
  const sql = node?.buildable ? played.views.get(id) : node?.fingerprint['SQL'];
  return sql === undefined ? undefined : select(sql, id, graph, played);
}

/** `code(rows of its inputs)`: the same text means the same rows. */
function select(sql: string, id: NodeId, graph: Graph, played: Played): string | undefined {
  const inputs = graph.parents(id).map((parent) => read(parent, graph, played));
  return inputs.includes(undefined) ? undefined : `${sql}(${inputs.join(',')})`;
}

function play(graph: Graph, selection: ReadonlySet<NodeId>, failing: number, played: Played): void {
  const plan = makePlan({
    graph,
    selection,
    changes: new Map(),
    measured: new Map(),
    modelMoves: new Map(),
    asOfStart: undefined,
    restate: undefined,
    ignoreLate: false,
    budgetBytes: undefined,
    states: played.states,
    exists: ({ id }) => played.tables.has(id) || played.views.has(id),
    asOfEnd: 0,
    fullRefresh: false,
    reuse: true,
    batchSize: undefined,
    reuseTests: true,
    microbatch: { now: 0 },
  });
  const failed = new Set<NodeId>();
  for (const step of plan.steps) {
    const isBlocked = step.after.some((id) => failed.has(id));
    const isDone = !isBlocked && (step.action === 'reuse' || buildNode(step.node, plan));
    if (!isDone) failed.add(step.node);
  }

  function buildNode(id: NodeId, { versions }: Plan): boolean {
    const node = graph.nodes.get(id);
    const version = versions.get(id);
    if (!node || !version) throw new Error(`${id} has no version`);
    const { fingerprint } = node;
    const rows = select(fingerprint['SQL'] ?? '', id, graph, played);
    if (rows === undefined || has(failing, Number(node.name.slice(1)))) return false;
    if (node.storesRows) played.tables.set(id, rows);
    else played.views.set(id, fingerprint['SQL'] ?? '');
    played.states.set(stateKey(id, node.place), {
      ...version,
      fingerprint,
      seen: {},
      ranges: [],
      epoch: '',
      rows: 0,
      totalRows: 0,
      durationMs: 0,
    });
    return true;
  }
}

/** A table, a view of it, and a table made from the view. */
const THROUGH_A_VIEW: Shape[] = [
  { kind: 0, inputs: 0 },
  { kind: 1, inputs: 0b1 },
  { kind: 0, inputs: 0b10 },
  { kind: 0, inputs: 0 },
];
/** The first changes by itself, then the last by itself, then the first changes back: the view never did. */
const BACK_AND_FORTH = [
  { edits: 0, selected: 0b1111, failing: 0 },
  { edits: 0b1, selected: 0b1, failing: 0 },
  { edits: 0b100, selected: 0b100, failing: 0 },
  { edits: 0b1, selected: 0, failing: 0 },
];

test('whatever was built before, in parts and with failures: a whole run ends with rows like new', () => {
  fc.assert(
    fc.property(shapes, runs, (given, history) => {
      const played: Played = { tables: new Map(), views: new Map(), states: new Map() };
      const codes = given.map(() => 0);
      for (const { edits, selected, failing } of history) {
        for (const i of codes.keys()) if (has(edits, i)) codes[i] = 1 - (codes[i] ?? 0);
        const graph = buildGraph(manifestOf(nodesOf(given, codes)));
        const selection = new Set(
          [...graph.nodes.values()].filter((_, i) => has(selected, i)).map(({ id }) => id),
        );
        play(graph, selection, failing, played);
      }
      const graph = buildGraph(manifestOf(nodesOf(given, codes)));
      const all = new Set(graph.nodes.keys());
      play(graph, all, 0, played);
      const fresh: Played = { tables: new Map(), views: new Map(), states: new Map() };
      play(graph, all, 0, fresh);
      for (const id of all) expect(read(id, graph, played)).toBe(read(id, graph, fresh));
      // And then there is nothing to do.
      const before = new Map(played.states);
      play(graph, all, 2 ** COUNT - 1, played);
      expect(played.states).toEqual(before);
    }),
    { numRuns: 3000, examples: [[THROUGH_A_VIEW, BACK_AND_FORTH]] },
  );
});
