import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasRecords } from './records.ts';
import { withShop } from './shop.ts';

const DBT = fileURLToPath(
  new URL('../../../shared/reference/dbt/artifacts/021-build-first', import.meta.url),
);

test.skipIf(!hasRecords)(
  'a project is not modified against the manifest dbt wrote of it (skipped without ../shared)',
  () =>
    withShop(async (shop) => {
      const modified = async () => {
        const args = ['ls', '-q', '-s', 'state:modified', '--state', DBT];
        const { stdout } = await shop.velo(args, { env: { SHOP_TARGET: 'duck' } });
        return stdout.trim().split('\n');
      };
      // dbt keeps the tree its parser made of the condition in this model's config().
      const always = 'shop.marts.incremental.fct_events_daily';
      expect(await modified()).toEqual([always]);
      const items = shop.read('models/staging/stg_items.sql');
      shop.write({ 'models/staging/stg_items.sql': `${items}\n-- changed\n` });
      expect(await modified()).toEqual([
        always,
        'shop.staging.stg_items',
        'shop.staging.is_between_stg_items_qty__3__1',
        'shop.staging.row_count_at_least_stg_items_5',
      ]);
    }),
);
