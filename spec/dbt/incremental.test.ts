import { describe, expect, test } from 'vitest';
import { hasRecords } from './records.ts';
import { askDuckdb, expectRelation, openScenario } from './scenario.ts';
import { withShop } from './shop.ts';

const MODELS = '+path:models/marts/incremental';
const SIX_DAYS = ['--event-time-start', '2024-01-05', '--event-time-end', '2024-01-11'];

describe.skipIf(!hasRecords)('incremental as dbt was recorded (skipped without ../shared)', () => {
  test('strategies, changed columns, protection from a full refresh', () =>
    withShop(async (shop) => {
      await shop.velo(['seed']);
      const first = await shop.velo(['run', '-s', MODELS, ...SIX_DAYS]);
      expect(first.exitCode, first.stdout).toBe(0);
      const database = askDuckdb(shop);
      const { call } = openScenario('increments', shop);
      const expectSame = (step: string, names: readonly string[]) =>
        names.reduce<Promise<void>>(
          (before, name) => before.then(() => expectRelation(step, `main.${name}`, database)),
          Promise.resolve(),
        );
      await call('state2-run');
      await expectSame('280-state2-run', ['fct_orders', 'fct_orders_delins', 'fct_orders_append']);
      await call('state3-build');
      await expectSame('281-state3-build', [
        'fct_orders',
        'fct_orders_delins',
        'fct_orders_append',
        'osc_append',
        'osc_sync',
      ]);
      const { stdout } = await call('schema-change');
      expect(stdout).toContain(
        'The source and target schemas on this incremental model are out of',
      );
      await expectSame('282-schema-change', ['osc_append', 'osc_sync']);
      // What `ignore` leaves out is new: store_id.
      const ignored = await database.query(
        'select count(*), count(columns(*)) from main.osc_ignore',
      );
      expect(ignored).toEqual([['20', '20', '20']]);
      await call('schema-change-back');
      await expectSame('283-schema-change-back', ['osc_append', 'osc_sync']);
      await call('full-refresh-false');
      await call('merge-update-columns');
      await call('merge-update-columns-2');
      await expectSame('287-merge-update-columns-2', ['zz_lim', 'fct_orders_append']);
      await call('incremental-to-view');
      await call('view-to-table');
      await call('delete-insert-null-keys');
      await call('delete-insert-null-keys-2');
      // dbt would have the row without a key twice.
      const rows = await database.query('select k, v from main.zz_nk order by k nulls last');
      expect(rows).toEqual([
        [1, 2],
        [null, 2],
      ]);
      await call('predicates-ambiguous');
    }));
});
