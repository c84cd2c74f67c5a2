import { expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const FILES = {
  'seeds/runs.csv': 'horse,race_date,pos\nalice,2024-01-01,1\nbob,2024-01-02,2\n',
  'seeds/horses.csv': 'horse,born\nalice,2020\nbob,2021\n',
  'models/starred.sql': "select *, pos = 1 as won from {{ ref('runs') }} as runs\n",
  'models/inlined.sql':
    "{{ config(materialized='ephemeral') }}\nselect horse as who, born from {{ ref('horses') }} as horses\n",
  'models/joined.sql': `with wins as (select horse, count(*) filter (where won) as wins from {{ ref('starred') }} group by horse)
select wins.horse, wins.wins, 2024 - inlined.born as age
from wins join {{ ref('inlined') }} as inlined on inlined.who = wins.horse
`,
  'models/both.sql': `select horse as name, age as number from {{ ref('joined') }} as joined
union all
select who, born from {{ ref('inlined') }} as inlined
`,
  'models/scripted.ts': `export const config = { materialized: 'table', refs: ['both'] };
export default async function scripted(context) {
  const { name } = await context.read('both', { columns: ['name'] });
  return { columns: { name: { type: 'VARCHAR', values: name } } };
}
`,
  'models/last.sql': "select upper(name) as loud from {{ ref('scripted') }} as scripted\n",
};

it('follows a column through CTEs, joins, unions, stars and ephemeral models down to seeds', async () => {
  const project = makeProject(FILES);
  const shown = async (...args: readonly string[]) =>
    (await project.velo(['lineage', ...args])).stdout;
  expect(await shown('joined.wins')).toBe(`joined.wins
└─ starred.won  (decides rows)
   └─ runs.pos
`);
  expect(await shown('both.number')).toBe(`both.number
├─ joined.age
│  └─ horses.born
└─ horses.born
`);
  expect(await shown('joined.age', '--rows')).toBe(`joined.age
├─ horses.born
├─ starred.horse  (decides rows)
│  └─ runs.horse
└─ horses.horse  (decides rows)
`);
  expect(await shown('starred')).toBe(`starred.horse
└─ runs.horse
starred.race_date
└─ runs.race_date
starred.pos
└─ runs.pos
starred.won
└─ runs.pos
`);
  expect(await shown('runs.pos', '--downstream')).toBe(`runs.pos
├─ starred.pos
└─ starred.won
   └─ joined.wins  (decides rows)
`);
});

it('says where it cannot follow, and what it does not know', async () => {
  const project = makeProject(FILES);
  const last = await project.velo(['lineage', 'last.loud']);
  expect(last.stdout).toBe(`last.loud
└─ scripted.name  (cannot be followed: not plain SQL)
`);
  const json = JSON.parse(
    (await project.velo(['lineage', 'last.loud', '--output', 'json'])).stdout,
  );
  expect(json).toMatchObject([
    {
      node: 'model.shop.last',
      ways: [{ node: 'model.shop.scripted', role: 'value', isOpaque: true }],
    },
  ]);
  const unknown = await project.velo(['lineage', 'joined.agee']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    2,
    expect.stringContaining("did you mean 'age'?"),
  ]);
  const nobody = await project.velo(['lineage', 'joinde.age']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([
    2,
    expect.stringContaining("did you mean 'joined'?"),
  ]);
});
