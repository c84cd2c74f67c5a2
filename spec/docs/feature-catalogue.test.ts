import { beforeAll, describe, expect, it } from 'vitest';
import { renderCatalogue } from '../../scripts/docs/catalogue/render-catalogue.ts';
import { signal } from '../../scripts/docs/catalogue/signal.ts';
import type { CatalogueTable } from '../../scripts/docs/catalogue/tables.ts';
import { measureSample, withWarehouse } from '../../scripts/docs/catalogue/warehouse.ts';
import { query } from '../e2e/velo.ts';
import { racingWarehouse, SAMPLE } from '../shared/racing-warehouse.ts';
import { readText, sectionsOf } from './documents.ts';

const page = readText('docs/feature-catalogue.md');
const hk = signal.parse(JSON.parse(readText('docs/feature-catalogue.hk.json')));

/** The cells of a table's section by column, read as a person reads the page. */
function entriesOf(table: string): ReadonlyMap<string, readonly string[]> {
  const rows = (sectionsOf(page).get(table) ?? '')
    .split('\n')
    .filter((line) => /^\| \*\*/.test(line));
  return new Map(
    rows.map((row) => [/`(\w+)`/.exec(row)?.[1] ?? row, row.slice(2, -2).split(' | ')]),
  );
}

describe('docs/feature-catalogue.md', () => {
  let database = '';
  let tables: readonly CatalogueTable[] = [];
  let remade = '';

  beforeAll(async () => {
    const warehouse = await racingWarehouse(SAMPLE);
    database = warehouse.database;
    await withWarehouse(warehouse.targetPath, async (connection, found) => {
      tables = found;
      remade = renderCatalogue(found, await measureSample(connection, found), hk);
    });
  }, 300_000);

  it('is what `npm run catalogue` writes now', () => {
    expect(page).toBe(remade);
  });

  it('has an entry for each column of the warehouse, and no other', async () => {
    const real = await query(
      database,
      `select table_name, list(column_name order by column_name) from information_schema.columns
       where table_schema = 'main' and table_name in (${tables.map(({ name }) => `'${name}'`).join(', ')})
       group by 1 order by 1`,
    );
    expect(real.length).toBe(14);
    expect(
      tables.map(({ name }) => [name, [...entriesOf(name).keys()].toSorted()]).toSorted(),
    ).toEqual(real);
    const measured = Object.entries(hk.tables);
    expect(
      measured.map(([name, columns]) => [name, Object.keys(columns).toSorted()]).toSorted(),
    ).toEqual(real);
  });

  it('gives the share of NULL that counting gives', async () => {
    for (const { name, columns } of tables) {
      const counts = columns.map(
        (column) => `100.0 * count(*) filter ("${column.name}" is null) / count(*)`,
      );
      const [shares = []] = await query(database, `select ${counts.join(', ')} from ${name}`);
      for (const [i, column] of columns.entries()) {
        const share = Number(shares[i]);
        const said = /^NULL (?:[<>] )?([\d.]+) %/.exec(entriesOf(name).get(column.name)?.[1] ?? '');
        expect(Number(said?.[1]), `${name}.${column.name}`).toBeCloseTo(share, 0);
      }
    }
  });

  it('says of no column with NULLs that it never is', () => {
    const wrong = tables.flatMap(({ name, columns }) =>
      columns
        .filter(({ whenNull }) => whenNull === 'never')
        .filter((column) => {
          const [, sample = ''] = entriesOf(name).get(column.name) ?? [];
          return !sample.startsWith('NULL 0 %') || hk.tables[name]?.[column.name]?.nulls !== 0;
        })
        .map((column) => `${name}.${column.name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('ranks every number and flag that Hong Kong has values of, but keys and labels', () => {
    const dataset = hk.tables['training_dataset'] ?? {};
    const unranked = Object.keys(dataset).filter((name) => !dataset[name]?.ranked);
    // There are no prices of before the race, and no times of the off.
    const empty = Object.keys(dataset).filter((name) => dataset[name]?.nulls === 1);
    expect(empty.filter((name) => !name.startsWith('market_'))).toEqual(['decision_ts']);
    expect(unranked.toSorted()).toEqual(
      [
        ...['race_id', 'horse_id', 'as_of_date', 'race_date', 'course', 'distance_band', 'surface'],
        ...['going', 'going_group', 'jockey_id', 'trainer_id', 'stall_third', 'running_style'],
        ...['draw_optimal_range', 'won', 'placed', 'value'],
        ...empty,
      ].toSorted(),
    );
  });
});
