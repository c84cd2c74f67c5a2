import { expect, test } from 'vitest';
import { nodeId } from '../core/node.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { manifestOf, modelNode, refTo, testNode } from '../graph/node-fixture.ts';
import { warnOfDeprecatedModels } from './warn-of-deprecated-models.ts';

const versioned = (label: string, latest: boolean, date: string | null) =>
  modelNode('dim_customers', [], {
    id: nodeId('model', 'shop', 'dim_customers', `v${label}`),
    version: { label, latest },
    extra: { deprecation_date: date, latest_version: 2 },
  });

const old = versioned('1', false, '2024-06-30T00:00:00+00:00');
const toOld = {
  kind: 'ref' as const,
  path: ['dim_customers.v1'],
  span: { file: 'models/rpt_versions.sql', line: 3, column: 5 },
};
const report = modelNode('rpt_versions', [], {
  references: [refTo('dim_customers'), toOld],
});

function warningsAt(now: string, nodes = [old, versioned('2', true, null), report]) {
  const said: { message: string; line: number | undefined }[] = [];
  const project = {
    graph: buildGraph(manifestOf(nodes)),
    deprecated: nodes.filter(({ extra }) => (extra?.['deprecation_date'] ?? null) !== null),
  };
  warnOfDeprecatedModels(project, Date.parse(now), (message, span) =>
    said.push({ message, line: span?.line }),
  );
  return said;
}

test('a ref to a model that will go, in the words of record 013, at the ref', () => {
  expect(warningsAt('2024-01-10T12:00:00Z')).toEqual([
    {
      message:
        "While compiling 'rpt_versions': Found a reference to dim_customers.v1, which is slated for deprecation on '2024-06-30T00:00:00+00:00'. A new version of 'dim_customers' is available. Try it out: {{ ref('shop', 'dim_customers', v='2') }}.",
      line: 3,
    },
  ]);
});

test('a ref to a model whose day is past', () => {
  const [said] = warningsAt('2024-07-01T00:00:00Z');
  expect(said?.message).toContain("which was deprecated on '2024-06-30T00:00:00+00:00'.");
});

test('a model without a newer version', () => {
  const gone = modelNode('gone', [], { extra: { deprecation_date: '2024-06-30T00:00:00+00:00' } });
  expect(warningsAt('2024-01-10', [gone, modelNode('reader', ['gone'])])).toEqual([
    {
      message:
        "While compiling 'reader': Found a reference to gone, which is slated for deprecation on '2024-06-30T00:00:00+00:00'.",
      line: 1,
    },
  ]);
});

test('tests of the model do not count', () => {
  const own = { ...testNode('t', [], old.id), references: [toOld] };
  expect(warningsAt('2024-01-10', [old, own])).toEqual([]);
});
