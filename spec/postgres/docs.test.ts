import { expect, test } from 'vitest';
import { makePostgresProject } from './project.ts';

const FILES = {
  'seeds/sales.csv': 'id,name,amount\n1,a,1.5\n2,b,2\n',
  'models/totals.sql': `{{ config(materialized='table') }}
select name, cast(sum(amount) as numeric(12, 2)) as amount, now() as seen_at from {{ ref('sales') }} group by name
`,
  'models/shown.sql': "select * from {{ ref('totals') }}",
  'models/models.yml': `sources:
  - name: feed
    schema: main
    config:
      loaded_at_field: seen_at
      freshness: {warn_after: {count: 1, period: hour}, error_after: {count: 1, period: day}}
    tables:
      - name: visits
      - name: older
        config: {loaded_at_query: "select min(seen_at) from {{ this }}"}
        identifier: visits
`,
};

test('the catalog and the age of sources in Postgres', async () => {
  const { project, query } = await makePostgresProject(FILES);
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  await query(`create table visits as select now() at time zone 'Pacific/Auckland' at time zone 'Pacific/Auckland' as seen_at
    union all select now() - interval '2 hours'`);
  await query(`comment on table totals is 'by name'`);
  await query(`comment on column totals.amount is 'all of it'`);

  expect(await project.velo(['docs', 'generate'])).toMatchObject({ exitCode: 0, stderr: '' });
  const catalog = project.readJson('target/catalog.json');
  const [[owner] = []] = await query('select current_user');
  expect(catalog).toMatchObject({
    nodes: {
      'model.shop.totals': {
        metadata: { type: 'BASE TABLE', schema: 'main', name: 'totals', comment: 'by name', owner },
        columns: {
          name: { type: 'text', index: 1, comment: null },
          amount: { type: 'numeric(12,2)', index: 2, comment: 'all of it' },
          seen_at: { type: 'timestamp with time zone', index: 3 },
        },
      },
      'model.shop.shown': { metadata: { type: 'VIEW' } },
      'seed.shop.sales': { columns: { id: { type: 'integer', index: 1 } } },
    },
    sources: {
      'source.shop.feed.older': { metadata: { name: 'visits' } },
      'source.shop.feed.visits': { metadata: { name: 'visits' } },
    },
  });

  const seen = await project.velo(['source', 'freshness']);
  expect(seen).toMatchObject({ exitCode: 0, stderr: '' });
  expect(seen.stdout).toMatch(/WARN freshness of feed\.older \.+ \[WARN in/);
  expect(seen.stdout).toMatch(/PASS freshness of feed\.visits \.+ \[PASS in/);
});
