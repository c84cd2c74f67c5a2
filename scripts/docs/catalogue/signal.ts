import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { isNumeric } from './distribution.ts';
import { rowsOf } from './rows-of.ts';
import type { CatalogueTable } from './tables.ts';
import { type Auc, makeField, makeRanks, makeWinners, withinRaceAucs } from './within-race-auc.ts';

/** Of every shuffle. */
export const SEED = 1;
/** Deals of the labels that the bands are made of. */
const SHUFFLES = 200;
/** Of 99.9 % of a normal distribution. */
const BAND_Z = 3.2905;
/** Of 95 %. */
const INTERVAL_Z = 1.96;

const range = z.tuple([z.number(), z.number()]);

const columnSignal = z.object({
  /** Share of the table's rows without a value. */
  nulls: z.number(),
  /** Absent for words, dates and labels. */
  ranked: z
    .object({
      races: z.number(),
      /** Races in which the feature tells runners apart. */
      telling: z.number(),
      auc: z.number(),
      interval: range,
      /** The AUC where results were dealt out anew before anything was built. */
      shuffled: z.number(),
      band: range,
    })
    .optional(),
});

/** What features tell about winning: the content of docs/feature-catalogue.hk.json. */
export const signal = z.object({
  from: z.string(),
  to: z.string(),
  races: z.number(),
  runners: z.number(),
  seed: z.number(),
  shuffles: z.number(),
  tables: z.record(z.string(), z.record(z.string(), columnSignal)),
});

export type Signal = z.infer<typeof signal>;
export type ColumnSignal = z.infer<typeof columnSignal>;

/** Measures every table of a built warehouse; the connection gets temporary tables. */
export async function measureSignal(
  connection: DuckDBConnection,
  tables: readonly CatalogueTable[],
): Promise<Signal> {
  const onField = await columnsOf(connection, 'training_dataset');
  const keys = [...new Set(tables.flatMap(({ key }) => key))].filter((name) => onField.has(name));
  await makeField(connection, 'training_dataset', keys);
  await makeWinners(connection, SHUFFLES, SEED);
  const [[from, to, races, runners] = []] = await rowsOf(
    connection,
    `select min(as_of_date), max(as_of_date), count(distinct race), count(*) from field`,
  );
  const measured: [string, Record<string, ColumnSignal>][] = [];
  for (const table of tables)
    measured.push([table.name, await measureTable(connection, table, keys)]);
  return {
    from: String(from),
    to: String(to),
    races: Number(races),
    runners: Number(runners),
    seed: SEED,
    shuffles: SHUFFLES,
    tables: Object.fromEntries(measured),
  };
}

/** A measurement with the AUCs and bands of another one, of a warehouse built from shuffled results. */
export function withShuffled(measured: Signal, shuffled: Signal): Signal {
  const tables = Object.entries(measured.tables).map(([table, columns]) => [
    table,
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => {
        const other = shuffled.tables[table]?.[name]?.ranked;
        const ranked = column.ranked &&
          other && { ...column.ranked, shuffled: other.auc, band: other.band };
        return [name, ranked ? { ...column, ranked } : column];
      }),
    ),
  ]);
  return { ...measured, tables: Object.fromEntries(tables) };
}

async function measureTable(
  connection: DuckDBConnection,
  table: CatalogueTable,
  fieldKeys: readonly string[],
): Promise<Record<string, ColumnSignal>> {
  const types = await columnsOf(connection, table.name);
  const features = table.columns
    .map(({ name }) => name)
    .filter((name) => isRanked(types.get(name) ?? ''))
    .filter((name) => !table.labels.includes(name));
  // A table with more than one row for a runner, as course_going_bias has, ranks nobody.
  const ranked = table.key.every((name) => fieldKeys.includes(name))
    ? await rankFeatures(connection, table, features)
    : new Map<string, ColumnSignal['ranked']>();
  const nulls = await nullShares(connection, table);
  return Object.fromEntries(
    table.columns.map(({ name }, i) => {
      const found = ranked.get(name);
      return [name, { nulls: nulls[i] ?? 0, ...(found ? { ranked: found } : {}) }];
    }),
  );
}

async function rankFeatures(
  connection: DuckDBConnection,
  { name, key }: CatalogueTable,
  features: readonly string[],
): Promise<Map<string, ColumnSignal['ranked']>> {
  await makeRanks(connection, name, key, features);
  const aucs = await withinRaceAucs(connection);
  const shuffled = aucs.filter(({ shuffle }) => shuffle > 0);
  return new Map(
    aucs
      .filter(({ shuffle }) => shuffle === 0)
      .map((result) => {
        const same = shuffled.filter(({ feature }) => feature === result.feature);
        return [
          result.feature,
          rankedOf(
            result,
            same.map(({ auc }) => auc),
          ),
        ];
      }),
  );
}

/** `shuffled`: AUCs after labels alone were dealt out; where the features come from there, the AUC lies within its band. */
function rankedOf(result: Auc, shuffled: readonly number[]): ColumnSignal['ranked'] {
  const { races, telling, auc, standardError } = result;
  const variance = shuffled.reduce((sum, each) => sum + (each - 0.5) ** 2, 0) / shuffled.length;
  return {
    races,
    telling,
    auc: rounded(auc),
    interval: around(auc, INTERVAL_Z * standardError),
    shuffled: rounded(auc),
    band: around(0.5, BAND_Z * Math.sqrt(variance)),
  };
}

async function nullShares(
  connection: DuckDBConnection,
  { name, columns }: CatalogueTable,
): Promise<readonly number[]> {
  const shares = columns.map((column) => `1 - count("${column.name}") / count(*)`);
  const [row = []] = await rowsOf(connection, `select ${shares.join(', ')} from ${name}`);
  return row.map((share) => rounded(Number(share)));
}

async function columnsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf(connection, `select column_name, column_type from (describe ${table})`);
  return new Map(rows.map(([name, type]) => [String(name), String(type)]));
}

const isRanked = (type: string): boolean => isNumeric(type) || type === 'BOOLEAN';

const around = (centre: number, margin: number): [number, number] => [
  rounded(centre - margin),
  rounded(centre + margin),
];

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
