import { describe, expect, test } from 'vitest';
import { hasRecords, readInvocations, readRelations } from './records.ts';
import { askDuckdb, expectRelation, openScenario } from './scenario.ts';
import { withShop } from './shop.ts';

const CALLS = ['contract-violation', 'contract-type-mismatch', 'contract-missing-type'];

describe.skipIf(!hasRecords)('contracts as dbt was recorded (skipped without ../shared)', () => {
  test('what differs is told in dbt’s table, and nothing is written', () =>
    withShop(async (shop) => {
      const first = await shop.velo(['build', '-s', '+dim_products', '+dim_customers']);
      expect(first.exitCode, first.stdout).toBe(0);
      const database = askDuckdb(shop);
      const step = '021-build-first';
      const promised = Object.keys(readRelations(step)).filter((name) => /main\.dim_/.test(name));
      expect(promised).toHaveLength(4);
      for (const name of promised) {
        if (!name.endsWith('_v3') && !name.endsWith('_old'))
          await expectRelation(step, name, database);
      }
      const { call } = openScenario('failures', shop);
      for (const id of CALLS) {
        const { stdout } = await call(id);
        for (const line of tellingLines(id)) expect(stdout).toContain(line);
      }
      const { stdout } = await call('constraint-violated');
      expect(stdout).toContain(
        'CHECK constraint failed on table dim_products with expression CHECK((price > 10))',
      );
      await expectRelation(step, 'main.dim_products', database);
    }));
});

/** dbt's message, without where it was raised. */
function tellingLines(id: string): readonly string[] {
  const { stdout } = [...readInvocations().values()].find(({ name }) => name.endsWith(id)) ?? {
    stdout: '',
  };
  const message = /\n *Compilation Error in model .*\n([\s\S]*?)\n {2}\n {2}> in macro/.exec(
    stdout.replaceAll(/^HH:MM:SS /gm, ''),
  )?.[1];
  expect(message, id).toBeDefined();
  return (message ?? '').split('\n').map((line) => line.trim());
}
