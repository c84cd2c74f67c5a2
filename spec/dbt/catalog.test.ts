import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasRecords, RECORDS } from './records.ts';
import { fillDatabase, withShop } from './shop.ts';

interface Entry {
  readonly metadata: { readonly schema: string; readonly name: string; readonly database: string };
  readonly columns: Readonly<Record<string, { readonly type: string; readonly index: number }>>;
}

interface Catalog {
  readonly nodes: Readonly<Record<string, Entry>>;
  readonly sources: Readonly<Record<string, Entry>>;
}

test.skipIf(!hasRecords)(
  'catalog.json of dbt’s reference project: the tables, columns and types dbt found (skipped without ../shared)',
  async () => {
    const catalog = await withShop(async (shop) => {
      await fillDatabase(shop.dir, '021-build-first');
      const made = await shop.velo(['docs', 'generate', '--no-compile']);
      expect(made).toMatchObject({ exitCode: 0 });
      expect(made.stdout).toMatch(
        /Building catalog\n.*Catalog written to .*target\/catalog\.json\n/,
      );
      return shop.readJson('target/catalog.json') as unknown as Catalog;
    });
    const file = join(RECORDS, 'artifacts', '097-docs-generate', 'catalog.json');
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as Catalog;
    const unlike = [...Object.entries(recorded.nodes), ...Object.entries(recorded.sources)].flatMap(
      ([id, entry]) => {
        const ours = catalog.nodes[id] ?? catalog.sources[id];
        return JSON.stringify(shapeOf(ours)) === JSON.stringify(shapeOf(entry)) ? [] : [id];
      },
    );
    process.stdout.write(
      `catalog: ${Object.keys(catalog.nodes).length + Object.keys(catalog.sources).length} relations, unlike: ${unlike.join(', ')}\n`,
    );
    expect(unlike).toEqual(DIFFERENT);
    const known = new Set([...Object.keys(recorded.nodes), ...Object.keys(recorded.sources)]);
    const more = Object.keys({ ...catalog.nodes, ...catalog.sources });
    expect(more.filter((id) => !known.has(id))).toEqual([]);
  },
  60_000,
);

/** Failing rows are kept elsewhere. */
const DIFFERENT = ['test.shop.is_between_stg_items_qty__3__1.bf62c0bfdb'];

/** The database was filled with tables, views as well: their comments and kinds are not those of the record. */
const shapeOf = (entry: Entry | undefined) =>
  entry && {
    place: [entry.metadata.database, entry.metadata.schema, entry.metadata.name],
    columns: Object.entries(entry.columns).map(([name, { type, index }]) => [name, type, index]),
  };
