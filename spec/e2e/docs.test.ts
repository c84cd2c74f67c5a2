import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { DocsData } from '../../src/artifacts/docs-data.ts';
import { makeProject, type TestProject } from './velo.ts';

const EVIL = '</script><script>alert(1)</script>';

const FILES = {
  'seeds/sales.csv': 'id,day,amount\n1,2024-01-01,5\n2,2024-01-02,\n',
  'models/marts/daily.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date',
  begin='2024-01-01') }}
select cast(day as date) as as_of_date, amount from {{ ref('sales') }}
where day >= {{ as_of.start }} and day < {{ as_of.end }}
`,
  'models/shown.sql': `select *, '{{ "${EVIL}" }}' as evil from {{ ref('daily') }}`,
  'models/models.yml': `models:
  - name: daily
    description: "What was sold, by day ${EVIL}"
    columns:
      - name: as_of_date
        description: The day
        data_tests: [not_null]
      - name: amount
        data_tests: [{not_null: {config: {severity: warn}}}]
exposures:
  - name: board
    type: dashboard
    owner: {email: a@example.com}
    depends_on: [ref('shown')]
`,
};

const SCRIPT = `export const config = { materialized: 'table', refs: ['sales'] };
export default async function scripted(context) {
  const { id } = await context.read('sales', { columns: ['id'] });
  return { columns: { id: { type: 'BIGINT', values: id } } };
}
`;

/** The data in the page, as its script reads it. */
function dataOf(project: TestProject, name = 'index.html'): DocsData {
  const page = project.read(`target/${name}`);
  const [, text = ''] =
    /<script type="application\/json" id="data">(.*)<\/script>/.exec(page) ?? [];
  return JSON.parse(text);
}

async function built(): Promise<TestProject> {
  const project = makeProject(FILES);
  // One of the tests finds a row, and warns.
  await project.velo(['build', '--as-of', '2024-01-02']);
  return project;
}

test('writes the catalog, the manifest with SQL, and a page with all there is to know', async () => {
  const project = await built();
  const made = await project.velo(['docs', 'generate', '--static']);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const catalog = project.readJson('target/catalog.json');
  expect(catalog).toMatchObject({
    nodes: {
      'model.shop.daily': {
        metadata: { type: 'BASE TABLE', schema: 'main', name: 'daily', database: 'shop' },
        columns: { as_of_date: { type: 'DATE', index: 1 }, amount: { index: 2 } },
      },
      'model.shop.shown': { metadata: { type: 'VIEW' } },
      'seed.shop.sales': {},
    },
    sources: {},
  });
  const manifest = project.readJson('target/manifest.json') as {
    readonly nodes: Readonly<Record<string, { readonly compiled_code?: string }>>;
  };
  expect(manifest.nodes['model.shop.shown']?.compiled_code).toContain('"main"."daily"');

  const page = project.read('target/index.html');
  expect(project.read('target/static_index.html').length).toBe(page.length);
  // Nothing is fetched, and no text of the project ends the script it stands in.
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  const { nodes, project: name } = dataOf(project);
  expect(name).toBe('shop');
  expect(nodes.map((node) => node.name)).toEqual(['board', 'daily', 'sales', 'shown']);
  const [, daily, , shown] = nodes;
  expect(daily).toMatchObject({
    description: `What was sold, by day ${EVIL}`,
    relation: 'main.daily',
    parents: [2],
    columns: [
      { name: 'as_of_date', type: 'DATE', description: 'The day' },
      { name: 'amount', description: '' },
    ],
    asOf: {
      column: 'as_of_date',
      grain: 'day',
      begin: Date.UTC(2024, 0, 1),
      finished: [{ start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 3) }],
    },
  });
  expect(daily?.tests.map(({ column, status }) => [column, status])).toEqual([
    ['as_of_date', 'pass'],
    ['amount', 'warn'],
  ]);
  expect(shown?.compiled).toContain(EVIL);
});

test('of a selection, without SQL, without the database', async () => {
  const project = await built();
  const keys = () => Object.keys(project.readJson('target/catalog.json')['nodes'] as object);
  expect(await project.velo(['docs', 'generate', '-s', 'daily'])).toMatchObject({ exitCode: 0 });
  expect(keys()).toEqual(['model.shop.daily']);

  project.remove('target/manifest.json');
  const bare = await project.velo(['docs', 'generate', '--no-compile']);
  expect(bare).toMatchObject({ exitCode: 0 });
  expect(keys()).toHaveLength(3);
  expect(project.exists('target/manifest.json')).toBe(false);
  expect(dataOf(project).nodes.every(({ compiled }) => compiled === undefined)).toBe(true);

  const empty = await project.velo(['docs', 'generate', '--empty-catalog']);
  expect(empty.stdout).not.toContain('Building catalog');
  expect(keys()).toEqual([]);
});

test('says what columns are made of, in the page, the manifest and a file of its own', async () => {
  const project = makeProject({ ...FILES, 'models/scripted.ts': SCRIPT });
  await project.velo(['build', '--as-of', '2024-01-02']);
  const made = await project.velo(['docs', 'generate']);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const { nodes } = dataOf(project);
  const from = (name: string) =>
    nodes
      .find((node) => node.name === name)
      ?.columns.map((column) => [
        column.name,
        column.from.map(([at, of]) => `${nodes[at]?.name}.${of}`),
      ]);
  expect(from('daily')).toEqual([
    ['as_of_date', ['sales.day']],
    ['amount', ['sales.amount']],
  ]);
  expect(from('shown')).toEqual([
    ['as_of_date', ['daily.as_of_date']],
    ['amount', ['daily.amount']],
    ['evil', []],
  ]);
  expect(nodes.filter(({ isUnclear }) => isUnclear).map(({ name }) => name)).toEqual(['scripted']);
  const amount = [{ node: 'seed.shop.sales', column: 'amount' }];
  expect(project.readJson('target/lineage.json')['nodes']).toMatchObject({
    'model.shop.daily': { is_followed: true, columns: { amount } },
    'model.shop.scripted': { is_followed: false, columns: {} },
  });
  const manifest = project.readJson('target/manifest.json');
  expect(manifest).toMatchObject({
    metadata: { env: { velo_lineage: 'lineage.json' } },
    nodes: { 'model.shop.daily': { columns: { amount: { lineage: amount } } } },
  });

  await project.velo(['docs', 'generate', '--no-column-lineage']);
  expect(
    dataOf(project).nodes.flatMap(({ columns }) => columns.flatMap((one) => one.from)),
  ).toEqual([]);
});

test('docs serve shows the page and the artifacts, and nothing else', async () => {
  const project = await built();
  const early = await project.velo(['docs', 'serve', '--no-browser', '--port', '0']);
  expect(early).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('docs generate') });
  await project.velo(['docs', 'generate']);
  const server = project.start(['docs', 'serve', '--no-browser', '--port', '0']);
  let said = '';
  server.child.stdout?.on('data', (text) => {
    said += String(text);
  });
  await server.untilPrinted('Ctrl-C');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  const statuses = await Promise.all(
    ['/', '/catalog.json', '/shop.duckdb', '/../velo_project.yml', '/%2e%2e/velo_project.yml'].map(
      (path) => statusOf(url, path),
    ),
  );
  expect(statuses).toEqual([200, 200, 404, 404, 404]);
  server.child.kill('SIGINT');
  expect(await server.ended).toMatchObject({ exitCode: 0 });
});

/** As it is: fetch would tidy the path up. */
const statusOf = (url: string, path: string): Promise<number | undefined> =>
  new Promise((done, failed) => {
    request(url, { path }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', failed)
      .end();
  });
