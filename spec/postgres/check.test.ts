import { expect, test } from 'vitest';
import { makePostgresProject } from './project.ts';

const SCHEMAS = `select nspname from pg_namespace where nspname like 'velo_scratch%' or nspname = 'main'`;

test('velo check finds every fault in a transaction that is rolled back', async () => {
  const { project, query } = await makePostgresProject({
    'seeds/runs.csv': 'horse,pos\nalice,1\nbob,2\n',
    'models/a.sql': "select horse, pos + 1 as next from {{ ref('runs') }}\n",
    'models/b.sql': "select horse,\n  nxt\nfrom {{ ref('a') }} as a\n",
    'models/c.sql': "select horse + date '2024-01-01' as x\nfrom {{ ref('a') }} as a\n",
    'models/d.sql': "select next * 2 as twice from {{ ref('a') }} as a\n",
    'tests/t.sql': "select *\nfrom {{ ref('d') }} as d\nwhere thrice > 1\n",
  });
  const faulty = await project.velo(['check']);
  const places = [...faulty.stderr.matchAll(/^error\[\S+\] (.*)$/gm)].map(([, place]) => place);
  expect(places.sort()).toEqual(['models/b.sql:2:3', 'models/c.sql:1:14', 'tests/t.sql:3:7']);
  expect([faulty.exitCode, faulty.stdout]).toEqual([1, 'Checked 4 models and 1 test: 3 errors\n']);
  expect(await query(SCHEMAS)).toEqual([]);
  project.write({
    'models/b.sql': "select horse from {{ ref('a') }} as a\n",
    'models/c.sql': "select next from {{ ref('a') }} as a\n",
    'tests/t.sql': "select * from {{ ref('d') }} as d where twice < 0\n",
  });
  const mended = await project.velo(['check']);
  expect([mended.exitCode, mended.stderr]).toEqual([0, '']);
});
