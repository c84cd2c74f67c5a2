import { expect, test } from 'vitest';
import { nodeId } from '../core/node.ts';
import { type ColumnGraph, type Edge, shortestPath } from './column-paths.ts';

const at = (text: string) => {
  const [node = '', column = ''] = text.split('.');
  return { node: nodeId(node), column };
};

const edge = (from: string, more: Partial<Edge> = {}): Edge => ({
  from: at(from),
  role: 'value',
  isBound: false,
  places: [],
  looseBounds: [],
  ...more,
});

/** source.result → runs.won → form.wins, and a longer way round by runs.rank and view.rank. */
const GRAPH: ColumnGraph = new Map([
  [
    nodeId('runs'),
    {
      columns: new Map([
        ['won', [edge('source.result')]],
        ['rank', [edge('source.result')]],
      ]),
      everywhere: [],
    },
  ],
  [nodeId('view'), { columns: new Map([['rank', [edge('runs.rank')]]]), everywhere: [] }],
  [
    nodeId('form'),
    {
      columns: new Map([['wins', [edge('view.rank'), edge('runs.won', { isBound: true })]]]),
      everywhere: [edge('source.result', { role: 'rows' })],
    },
  ],
]);

const wayTo = (end: string, mayPass: (one: Edge) => boolean) =>
  shortestPath(GRAPH, at(end), ({ column }) => column === 'result', mayPass)?.map(
    ({ node, column, by }) => `${node}.${column}${by ? ` ${by.role}` : ''}`,
  );

test('the shortest way counts, whatever it is', () => {
  expect(wayTo('form.wins', () => true)).toEqual(['source.result', 'form.wins rows']);
});

test('ways that do not count are left out', () => {
  expect(wayTo('form.wins', ({ role }) => role === 'value')).toEqual([
    'source.result',
    'runs.won value',
    'form.wins value',
  ]);
  expect(wayTo('form.wins', ({ role, isBound }) => role === 'value' && !isBound)).toEqual([
    'source.result',
    'runs.rank value',
    'view.rank value',
    'form.wins value',
  ]);
  expect(wayTo('form.wins', () => false)).toBeUndefined();
});
