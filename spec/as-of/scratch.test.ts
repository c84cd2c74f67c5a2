import { expect, test } from 'vitest';
import { type LendScratch, lendScratch } from '../../src/api/lend-scratch.ts';
import { type LoadedProject, loadProject, openWarehouse } from '../../src/api/load-project.ts';
import { modelTools } from '../../src/api/model-tools.ts';
import type { Node } from '../../src/core/node.ts';
import type { Scratch } from '../../src/execute/scratch.ts';
import { makeProject, type TestProject } from '../e2e/velo.ts';
import { build } from './build.ts';
import { expectedWeek, SHOP } from './shop.ts';

const DAY_MS = 86_400_000;
const day = (iso: string): number => Date.parse(`${iso}T00:00:00Z`);
const days = (first: string, last: string) => ({ start: day(first), end: day(last) + DAY_MS });

interface Opened {
  readonly lend: LendScratch;
  node(name: string): Node;
}

/** The built shop, opened for scratches; what stands in its database before and after is compared. */
async function inShop(work: (opened: Opened, project: TestProject) => Promise<void>) {
  const project = makeProject(SHOP);
  await build(project.dir, { asOf: '2024-01-20' });
  const before = await catalog(project);
  const loaded = await loadProject({ projectDir: project.dir, environment: {}, emit: () => {} });
  const warehouse = await openWarehouse(loaded);
  try {
    const lend = await lendScratch(loaded, warehouse, modelTools(loaded, undefined));
    await work({ lend, node: (name) => nodeNamed(loaded, name) }, project);
  } finally {
    await warehouse[Symbol.asyncDispose]();
  }
  expect(await catalog(project)).toEqual(before);
}

function nodeNamed({ graph }: LoadedProject, name: string): Node {
  const node = [...graph.nodes.values()].find((one) => one.name === name);
  if (!node) throw new Error(`no node '${name}'`);
  return node;
}

const catalog = async (project: TestProject) => [
  await project.query('select schema_name from duckdb_schemas() where not internal order by all'),
  await project.query('select schema_name, table_name from duckdb_tables() order by all'),
  await project.query(
    'select schema_name, view_name from duckdb_views() where not internal order by all',
  ),
  await project.query('from week order by all'),
  await project.query('from velo.ledger order by seq'),
];

const WEEK_ROWS = `select concat_ws(' ', as_of_date::varchar, shop_id, sales, cents::bigint) as row`;

async function weekRows(
  { connection, dialect }: Scratch,
  relation: Parameters<Scratch['shadow']>[1],
) {
  const rows = await connection.query(
    `${WEEK_ROWS} from ${dialect.relation(relation)} order by as_of_date, shop_id`,
  );
  return rows.map(({ row }) => row);
}

test('a model is built in pieces or whole, from inputs as they stand, and nothing is left of it', () =>
  inShop(async ({ lend, node }) => {
    const [pieces, whole] = await Promise.all([
      lend(async (scratch) => {
        const done: number[] = [];
        const ranges = [
          days('2024-01-03', '2024-01-02'),
          days('2024-01-03', '2024-01-09'),
          days('2024-01-10', '2024-01-12'),
        ];
        const built = await scratch.build(node('week'), { ranges, onRange: (n) => done.push(n) });
        expect(done).toEqual([1, 2, 3]);
        return weekRows(scratch, built);
      }),
      lend(async (scratch) =>
        weekRows(
          scratch,
          await scratch.build(node('week'), { ranges: [days('2024-01-03', '2024-01-12')] }),
        ),
      ),
    ]);
    expect(pieces).toEqual(expectedWeek('2024-01-12'));
    expect(whole).toEqual(pieces);
  }));

test('inputs are replaced by changed copies, all the way down', () =>
  inShop(async ({ lend, node }) => {
    const rows = await lend(async (scratch) => {
      const { connection, dialect, shadow } = scratch;
      const copy = scratch.place('sales');
      // Twice the amounts of the seed; the view and the ephemeral model between come along.
      const sql = `select * replace (amount * 2 as amount) from sales`;
      for (const statement of dialect.replaceTable(copy, sql, undefined))
        await connection.execute(statement);
      shadow(node('sales'), copy);
      shadow(node('stg_sales'), await scratch.build(node('stg_sales')));
      return weekRows(
        scratch,
        await scratch.build(node('week'), { ranges: [days('2024-01-03', '2024-01-20')] }),
      );
    });
    expect(rows).toEqual(expectedWeek('2024-01-20', 4));
  }));

test('seeds and tables can be built, too; an error leaves nothing behind', () =>
  inShop(async ({ lend, node }) => {
    const count = await lend(async (scratch) => {
      scratch.shadow(node('sales'), await scratch.build(node('sales')));
      scratch.shadow(node('stg_sales'), await scratch.build(node('stg_sales')));
      const totals = await scratch.build(node('totals'));
      const [row] = await scratch.connection.query(
        `select sum(sales)::int as n from ${scratch.dialect.relation(totals)}`,
      );
      return row?.['n'];
    });
    expect(count).toBe(75);
    const failing = lend(async (scratch) => {
      await scratch.build(node('totals'));
      await scratch.connection.query('select error($$no$$)');
    });
    await expect(failing).rejects.toThrow('no');
  }));
