import { performance } from 'node:perf_hooks';
import type { Connection } from '../../../src/adapters/adapter.ts';
import { duckdb } from '../../../src/adapters/duckdb/duckdb.ts';
import { type Node, nodeId } from '../../../src/core/node.ts';
import { modelNode } from '../../../src/graph/node-fixture.ts';
import { testConfig } from '../../../src/nodes/config-schemas.ts';
import { type CheckContext, runChecks } from '../../../src/nodes/run-checks.ts';
import type { Group } from '../bench.ts';
import { median } from '../median.ts';
import { inTurn } from '../run-process.ts';

const TABLES = 100;
const ROWS = 20_000;
const COLUMNS = 10;
const RUNS = 7;

/** Tests of many tables by the same code, with and without a shared scan. */
export const tests: Group = {
  name: 'tests',
  about: `2,000 tests over ${TABLES} tables of ${ROWS} rows in memory, by the code that runs tests, in one warm process.`,
  async measure(_folder, tell) {
    tell(`${RUNS} runs of each`);
    await using warehouse = await duckdb.open(
      duckdb.parseSettings({ type: 'duckdb', path: ':memory:' }),
    );
    const tables = Array.from({ length: TABLES }, (_, i) => tableNode(`table_${i}`));
    return await warehouse.use(async (connection) => {
      for (const { name } of tables) await connection.execute(tableText(name));
      const context = contextOf(tables, connection);
      const groups = tables.map(testsOf);
      const [shared = [], alone = []] = await inTurn(RUNS, [
        () => timed(groups, context),
        () =>
          timed(
            groups.flatMap((group) => group.map((test) => [test])),
            context,
          ),
      ]);
      const against = { name: 'one statement a test', wallMs: median(alone) };
      const name = '2,000 tests over 100 tables, one scan a table';
      return [{ name, runs: RUNS, wallMs: median(shared), against, target: { atMostRatio: 0.2 } }];
    });
  },
};

const tableNode = (name: string): Node =>
  Object.assign(modelNode(name), { relation: { schema: 'main', name }, storesRows: true });

const tableText = (name: string): string => {
  const columns = Array.from({ length: COLUMNS }, (_, at) => `(n * ${at + 3}) % 1000 as c${at}`);
  return `create table ${name} as select ${columns.join(', ')} from range(${ROWS}) as r(n)`;
};

/** Two tests for each column: as many as a careful project has. */
const testsOf = (table: Node): readonly Node[] =>
  Array.from({ length: COLUMNS }, (_, at) => `c${at}`).flatMap((column) => [
    testNode(table, column, 'not_null', {}),
    testNode(table, column, 'accepted_range', { min_value: 0, max_value: 999 }),
  ]);

function testNode(
  table: Node,
  column: string,
  checkName: string,
  args: Readonly<Record<string, unknown>>,
): Node {
  const reference = { kind: 'ref', path: [table.name], span: table.span } as const;
  return Object.assign(modelNode(`${checkName}_${table.name}_${column}`), {
    id: nodeId('test', 'shop', `${checkName}_${table.name}_${column}`),
    kind: 'test',
    config: testConfig.parse({}),
    references: [reference],
    check: { attachedTo: table.id, severity: 'error', judgesDatesAlone: false },
    detail: { test: 'generic', checkName, builtIn: true, args, templates: {}, column },
  });
}

function contextOf(tables: readonly Node[], connection: Connection): CheckContext {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const unused = () => Promise.reject(new Error('no test of these needs it'));
  return {
    connection,
    dialect: duckdb.dialect,
    forgetsFailures: false,
    folders: { projectDir: '', scriptCacheDir: '', artifactsDir: '', unpackedDir: '' },
    compile: unused,
    leaksOf: unused,
    datesOf: () => undefined,
    resolve: (_, { path: [name = ''] }) => byName.get(name) as Node,
  };
}

/** @throws Error when a test does not pass: then something else is measured */
async function timed(groups: readonly (readonly Node[])[], context: CheckContext): Promise<number> {
  const startedAt = performance.now();
  for (const group of groups) {
    const outcomes = await runChecks(group, context);
    const failed = outcomes.find(({ status }) => status !== 'pass');
    if (failed) throw new Error(`${failed.node.name}: ${failed.message}`);
  }
  return performance.now() - startedAt;
}
