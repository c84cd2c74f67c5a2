import { expect, test } from 'vitest';
import {
  createDatabase,
  dropDatabase,
  inDatabase,
  type TestDatabase,
} from '../postgres/database.ts';
import { profilesFor } from '../postgres/project.ts';
import { hasRecords, readRelations } from './records.ts';
import { type Asked, expectRelation, openScenario } from './scenario.ts';
import { withShop } from './shop.ts';

const SIX_DAYS = ['--event-time-start', '2024-01-05', '--event-time-end', '2024-01-11'];

/** It has a line for each call: dbt had been called before. */
const NOT_COMPARED = ['main.audit_log'];

const SNAPSHOTS = Object.keys(hasRecords ? readRelations('329-pg-snap-state2') : {}).filter(
  (name) => name.startsWith('main_snap.'),
);

test.skipIf(!hasRecords)(
  'the reference project in Postgres as dbt was recorded (skipped without ../shared)',
  () =>
    withShop(async (shop) => {
      const server = await createDatabase();
      try {
        shop.write({ 'profiles.yml': profilesFor(server) });
        const database = askPostgres(server);
        // The sample's hooks write to a schema that is not theirs to make.
        await inDatabase(server, 'create schema main');
        const first = await shop.velo(['build', ...SIX_DAYS]);
        expect(first.exitCode, first.stdout).toBe(0);
        const expectSame = async (step: string, names: readonly string[]) => {
          for (const name of names) await expectRelation(step, name, database);
        };
        const all = Object.keys(readRelations('327-pg-build-first'));
        expect(all.length).toBeGreaterThan(40);
        await expectSame(
          '327-pg-build-first',
          all.filter((name) => !NOT_COMPARED.includes(name)),
        );
        const { call } = openScenario('pg', shop);
        expect(SNAPSHOTS).toHaveLength(4);
        await call('pg-snap-state2');
        await expectSame('329-pg-snap-state2', SNAPSHOTS);
        await call('pg-snap-state3');
        await expectSame('330-pg-snap-state3', SNAPSHOTS);
        await call('pg-schema-change');
        await expectSame('331-pg-schema-change', ['main.osc_append', 'main.osc_sync']);
        await call('pg-full-refresh');
        const broken = await call('pg-contract-violation');
        expect(broken.stdout).toContain(
          '| title       | TEXT            |               | missing in contract   |',
        );
        const violated = await call('pg-constraint-violated');
        expect(violated.stdout).toContain('violates check constraint');
        await call('pg-default-strategy');
        await call('pg-default-strategy-2');
        expect(await database.query('select k, v from main.zz_lim')).toEqual([[1, 6]]);
        await call('pg-mv-index-change');
        await expectSame('331-pg-schema-change', ['main.mv_orders', 'main.dim_products']);
      } finally {
        await dropDatabase(server);
      }
    }),
);

function askPostgres(server: TestDatabase): Asked {
  const query = async (sql: string) =>
    (await inDatabase(server, sql)).map((row) => row.map(ofWire));
  return {
    query,
    columnsOf: (schema, table) =>
      inDatabase(
        server,
        `select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = to_regclass('"${schema}"."${table}"') and attnum > 0 and not attisdropped order by attnum`,
      ),
  };
}

/** Texts of the wire as the records have them. */
function ofWire(text: string | null): unknown {
  if (text === 't' || text === 'f') return text === 't';
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
