import { describe, expect, test } from 'vitest';
import { query, type TestProject } from '../e2e/velo.ts';
import {
  hasRecords,
  readInvocations,
  readRelations,
  readRunResults,
  readScenario,
} from './records.ts';
import { fillDatabase, withShop } from './shop.ts';

const AUDIT = 'main_dbt_test__audit';
const OF_ANOTHER_CALL = 'is_between_stg_items_qty__3__1';

/** Tables of failing rows as dbt left them. */
describe.skipIf(!hasRecords)(
  'stored failures as dbt was recorded (skipped without ../shared)',
  () => {
    if (!hasRecords) return;
    const calls = readInvocations();

    async function expectAsRecorded(shop: TestProject, n: number, step: string): Promise<void> {
      const call = calls.get(n);
      const result = await shop.velo(call?.args ?? [], { env: call?.env ?? {} });
      expect(result.exitCode, result.stdout + result.stderr).toBe(call?.exit);
      const shown = (text: string) => text.match(/select \* from .*/g);
      expect(shown(result.stdout)).toEqual(shown(call?.stdout ?? ''));
      const recorded = Object.entries(readRelations(step)).filter(
        ([name]) => name.startsWith(AUDIT) && !name.endsWith(OF_ANOTHER_CALL),
      );
      expect(recorded.length).toBeGreaterThan(0);
      for (const [name, { columns, rows }] of recorded) {
        const described = await query(`${shop.dir}/shop.duckdb`, `describe ${name}`);
        expect(described.map(([column, type]) => [column, type])).toEqual(columns);
        const found = await query(`${shop.dir}/shop.duckdb`, `select * from ${name}`);
        expect(found.map((row) => row.map(String)).sort()).toEqual(
          rows.map((row) => row.map(String)).sort(),
        );
      }
    }

    test('--store-failures (39): one table a test, empty where it passed', () =>
      withShop(async (shop) => {
        await fillDatabase(shop.dir, '021-build-first');
        await expectAsRecorded(shop, 39, '039-store-failures');
      }));

    test('store_failures of a test (139), and its relation in run_results', () =>
      withShop(async (shop) => {
        await fillDatabase(shop.dir, '021-build-first');
        const write = readScenario('failures').find(
          ({ op, path }) => op === 'write' && path?.endsWith('zz.yml'),
        );
        shop.write({ [write?.path ?? '']: write?.text ?? '' });
        await expectAsRecorded(shop, 139, '139-test-fail');
        const facts = (artifact: Readonly<Record<string, unknown>>) =>
          (artifact['results'] as readonly Record<string, unknown>[])
            .filter(({ unique_id: id }) => String(id).startsWith('test.'))
            .map(({ unique_id, status, failures, message, relation_name }) =>
              JSON.stringify([unique_id, status, failures, message, relation_name]),
            )
            .sort();
        expect(facts(shop.readJson('target/run_results.json'))).toEqual(
          facts(readRunResults('139-test-fail')),
        );
      }));
  },
);
