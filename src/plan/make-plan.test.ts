import { describe, expect, test } from 'vitest';
import type { AsOf } from '../core/as-of.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type NodeState, stateKey } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { manifestOf, modelNode, sourceNode, testNode } from '../graph/node-fixture.ts';
import { makePlan } from './make-plan.ts';
import type { PlanInput } from './need.ts';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

const asOf: AsOf = {
  column: 'd',
  grain: 'day',
  begin: day('2024-01-01'),
  lookback: [],
  batchSize: 'auto',
  dependsOnPast: false,
  onChange: 'rebuild',
  ahead: false,
};

type Given = Partial<Omit<PlanInput, 'graph' | 'selection'>> & {
  readonly only?: readonly string[];
};

function planOf(nodes: readonly Node[], given: Given = {}): Plan {
  const graph = buildGraph(manifestOf(nodes));
  const { only, ...rest } = given;
  const selection = new Set(
    nodes.filter(({ name }) => only === undefined || only.includes(name)).map(({ id }) => id),
  );
  return makePlan({
    graph,
    selection,
    states: new Map(),
    changes: new Map(),
    measured: new Map(),
    modelMoves: new Map(),
    asOfStart: undefined,
    restate: undefined,
    ignoreLate: false,
    budgetBytes: undefined,
    exists: () => true,
    asOfEnd: day('2024-01-11'),
    fullRefresh: false,
    reuse: true,
    batchSize: undefined,
    reuseTests: true,
    microbatch: { now: 0 },
    ...rest,
  });
}

const NOTHING = { seen: {}, epoch: '', rows: undefined, totalRows: undefined };

const keyOf = ({ id, place }: Node): string => stateKey(id, place);

/** The ledger after all of a plan was done. */
function statesAfter(nodes: readonly Node[], plan: Plan): Map<string, NodeState> {
  const states = new Map<string, NodeState>();
  for (const node of nodes) {
    const version = plan.versions.get(node.id);
    if (!version) continue;
    const ranges = node.asOf ? [{ start: node.asOf.begin, end: plan.asOfEnd }] : [];
    const { fingerprint } = node;
    states.set(keyOf(node), { ...NOTHING, ...version, fingerprint, ranges, durationMs: 1 });
  }
  return states;
}

const code = (sql: string, config = '', macros: Record<string, string> = {}): Partial<Node> => ({
  fingerprint: { SQL: sql, config, ...macros },
});

/** What a plan builds, and why: `name: code text, …`. */
const words = ({ steps }: Plan): string[] =>
  steps
    .filter(({ action }) => action === 'build')
    .map(({ node, reasons }) => {
      const name = node.split('.').at(-1);
      return `${name}: ${reasons.map((reason) => `${reason.code} ${reason.text}`).join(', ')}`;
    });

const CHAIN = [
  sourceNode('raw', 'rows', code('files 1')),
  modelNode('a', ['source:raw.rows'], code('a1')),
  modelNode('b', ['a'], { ...code('b1'), asOf, updatesInPlace: false }),
  modelNode('c', ['b'], code('c1')),
];

const changed = (name: string, given: Partial<Node>): Node[] =>
  CHAIN.map((node) => (node.id.endsWith(`.${name}`) ? { ...node, ...given } : node));

describe('why a node is built', () => {
  const built = statesAfter(CHAIN, planOf(CHAIN));

  test('new', () => {
    expect(words(planOf(CHAIN))).toEqual([
      'a: new never built',
      'b: new 2024-01-01 … 2024-01-10',
      'c: new never built',
    ]);
  });

  test('nothing has changed', () => {
    expect(words(planOf(CHAIN, { states: built }))).toEqual([]);
  });

  test.each<[string, Node[], string[]]>([
    [
      'the SQL',
      changed('a', code('a2')),
      ['a: code-changed SQL', 'b: input-changed a', 'c: input-changed b'],
    ],
    ['the config', changed('b', code('b1', 'x')), ['b: code-changed config', 'c: input-changed b']],
    ['both', changed('c', code('c2', 'x')), ['c: code-changed SQL, config']],
    [
      'macros, in order of name',
      changed('c', code('c1', '', { 'macro z': '1', 'macro m': '1' })),
      ['c: code-changed macro m, macro z'],
    ],
    [
      'a file of a source',
      changed('rows', code('files 2')),
      ['a: input-changed raw.rows', 'b: input-changed a', 'c: input-changed b'],
    ],
    [
      'an input, by name, and the code',
      [...CHAIN.slice(0, 3), modelNode('c', ['a'], code('c2'))],
      ['c: code-changed SQL, input-changed a, b'],
    ],
  ])('%s changed', (_, nodes, expected) => {
    const exact = words(planOf(nodes, { states: built })).map((text) =>
      text.replace('input-changed b, a', 'input-changed a, b'),
    );
    expect(exact).toEqual(expected);
  });

  test('a macro changed or is no longer called', () => {
    const before = changed('c', code('c1', '', { 'macro m': '1', 'macro n': '1' }));
    const states = statesAfter(before, planOf(before));
    const after = changed('c', code('c1', '', { 'macro m': '2' }));
    expect(words(planOf(after, { states }))).toEqual(['c: code-changed macro m, macro n']);
  });

  test('its relation is gone', () => {
    const exists = ({ name }: Node) => name !== 'b';
    expect(words(planOf(CHAIN, { states: built, exists }))).toEqual([
      'b: missing-relation its relation is gone',
    ]);
  });

  test('a full refresh of what is selected', () => {
    const plan = planOf(CHAIN, { states: built, fullRefresh: true, only: ['b'] });
    expect(words(plan)).toEqual(['b: full-refresh asked for']);
    expect(plan.steps[0]?.replace).toBe(true);
  });

  test('volatile tables, and tables made from them, but no views', () => {
    const nodes = [
      modelNode('now', [], { volatile: true }),
      modelNode('view', ['now'], { materialized: 'view', storesRows: false }),
      modelNode('table', ['view']),
    ];
    const states = statesAfter(nodes, planOf(nodes));
    const text = 'volatile reads what can change unseen';
    expect(words(planOf(nodes, { states }))).toEqual([`now: ${text}`, `table: ${text}`]);
  });
});

describe('as_of ranges', () => {
  const built = statesAfter(CHAIN, planOf(CHAIN));

  test('only later dates, in place', () => {
    const plan = planOf(CHAIN, { states: built, asOfEnd: day('2024-01-13'), only: ['b'] });
    expect(plan.steps).toMatchObject([
      {
        action: 'build',
        replace: false,
        batches: [{ start: day('2024-01-11'), end: day('2024-01-13') }],
      },
    ]);
  });

  test('a rebuild keeps the dates after the asked end', () => {
    const plan = planOf(changed('b', code('b2')), {
      states: built,
      asOfEnd: day('2024-01-05'),
      only: ['b'],
    });
    expect(plan.steps).toMatchObject([
      {
        action: 'build',
        replace: true,
        batches: [{ start: day('2024-01-01'), end: day('2024-01-11') }],
      },
    ]);
  });

  test('an end before begin makes an empty table once', () => {
    const asOfEnd = day('2023-06-01');
    const plan = planOf(CHAIN, { asOfEnd, only: ['b'] });
    const [step] = plan.steps;
    expect(step?.batches).toEqual([{ start: asOf.begin, end: asOf.begin }]);
    expect(words(plan)).toEqual(['b: new never built']);
    const states = statesAfter(CHAIN, plan);
    expect(words(planOf(CHAIN, { states, asOfEnd, only: ['b'] }))).toEqual([]);
  });
});

describe('tests', () => {
  const base = modelNode('a');
  const other = modelNode('o');
  const child = modelNode('c', ['a']);
  const onBase = testNode('not_null', ['a'], base.id);
  const onBoth = testNode('both', ['a', 'o']);
  const warns: Node = {
    ...testNode('warns', ['a'], base.id),
    check: { attachedTo: base.id, severity: 'warn', judgesDatesAlone: false },
  };
  const related = testNode('related', ['c', 'a'], child.id);
  const nodes = [base, other, child, onBase, onBoth, warns, related];
  const stepsOf = (plan: Plan) =>
    Object.fromEntries(plan.steps.map((step) => [step.node.split('.').at(-1), step]));

  test('those of one node that is built run in its step, others after all they read', () => {
    const plan = planOf(nodes);
    const steps = stepsOf(plan);
    expect(steps['a']?.checks).toEqual([onBase.id, warns.id]);
    expect(steps['c']?.checks).toEqual([related.id]);
    expect(Object.keys(steps).sort()).toEqual(['a', 'both', 'c', 'o']);
    expect([...(steps['both']?.after ?? [])].sort()).toEqual([base.id, other.id].sort());
    expect(steps['c']?.after).toEqual([base.id]);
  });

  test('of a node that stays as it is they are one step, and what is made from it waits', () => {
    const states = statesAfter(nodes, planOf(nodes));
    for (const test of [onBase, warns]) states.delete(keyOf(test));
    const steps = stepsOf(planOf(nodes, { states }));
    const checks = [warns.id];
    expect(steps['not_null']).toMatchObject({ action: 'build', after: [base.id], checks });
    expect(steps).not.toHaveProperty('warns');
    expect(steps['c']?.after).toEqual([base.id, onBase.id]);
    expect(steps['both']).toMatchObject({ action: 'reuse' });
    expect(steps['related']).toMatchObject({ action: 'reuse' });
  });

  test('a test of two models holds up only what is made from both', () => {
    const join = modelNode('join', ['a', 'o']);
    const steps = stepsOf(planOf([base, other, child, join, onBoth]));
    expect(steps['join']?.after).toContain(onBoth.id);
    expect(steps['c']?.after).not.toContain(onBoth.id);
  });

  test('passed ones are not run again, unless all are asked for', () => {
    const states = statesAfter(nodes, planOf(nodes));
    expect(words(planOf(nodes, { states }))).toEqual([]);
    const only = ['not_null', 'warns'];
    const again = planOf(nodes, { states, reuseTests: false, only });
    expect(words(again)).toEqual(['not_null: test-pending not passed yet on these rows']);
    expect(again.steps[0]?.checks).toEqual([warns.id]);
  });

  test('each step comes after all it waits for', () => {
    const { steps } = planOf(nodes);
    const seen = new Set<NodeId>();
    for (const step of steps) {
      for (const before of step.after) expect(seen).toContain(before);
      seen.add(step.node);
    }
  });
});

describe('inputs that are not built in this run', () => {
  test('count as they stand, so that the child is built again once they are', () => {
    const states = statesAfter(CHAIN, planOf(CHAIN));
    const nodes = changed('a', code('a2'));
    expect(words(planOf(nodes, { states, only: ['b'] }))).toEqual([]);
    const alone = planOf(nodes, { states, only: ['a'] });
    for (const [id, state] of statesAfter(nodes, alone)) states.set(id, state);
    expect(words(planOf(nodes, { states }))).toEqual(['b: input-changed a', 'c: input-changed b']);
  });

  test('ephemeral models and unselected nodes are looked through for the order', () => {
    const nodes = [
      modelNode('a'),
      modelNode('e', ['a'], { materialized: 'ephemeral', buildable: false, storesRows: false }),
      modelNode('u', ['e']),
      modelNode('z', ['u']),
    ];
    const { steps } = planOf(nodes, { only: ['a', 'e', 'z'] });
    expect(steps.map(({ node, after }) => [node, after])).toEqual([
      ['model.shop.a', []],
      ['model.shop.z', ['model.shop.a']],
    ]);
  });
});

test('incremental tables keep their rows when code or inputs change, not when asked to refresh', () => {
  const nodes = (sql: string) => [
    modelNode('i', [], { ...code(sql), materialized: 'incremental', updatesInPlace: true }),
  ];
  const states = statesAfter(nodes('1'), planOf(nodes('1')));
  const replaced = (given: Given) => planOf(nodes('2'), { states, ...given }).steps[0]?.replace;
  expect(replaced({})).toBe(false);
  expect(replaced({ fullRefresh: true })).toBe(true);
  expect(replaced({ exists: () => false })).toBe(true);
  expect(planOf(nodes('1')).steps[0]?.replace).toBe(true);
});

test('the same input gives the same plan', () => {
  const one = planOf(CHAIN);
  expect(JSON.stringify(planOf([...CHAIN].reverse()))).toBe(JSON.stringify(one));
});
