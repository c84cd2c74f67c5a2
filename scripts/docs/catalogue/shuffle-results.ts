import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'yaml';
import { z } from 'zod';
import { duckdbDialect } from '../../../src/adapters/duckdb/dialect.ts';
import { shuffledRows } from '../../../src/leakage/shuffled-rows.ts';

const properties = z.object({
  sources: z
    .array(
      z.object({
        tables: z
          .array(
            z.object({
              columns: z.array(
                z.object({
                  name: z.string(),
                  outcome: z.union([z.string(), z.literal(true)]).optional(),
                }),
              ),
            }),
          )
          .length(1),
      }),
    )
    .length(1),
});

/**
 * Writes Hong Kong's runs with the results of each race dealt out anew among its starters, as no_label_leak does, into
 * `folder`, which then can be a data_path.
 */
export async function shuffleResults(
  propertiesFile: string,
  dataFolder: string,
  folder: string,
  seed: number,
): Promise<void> {
  const yaml = properties.parse(parse(readFileSync(propertiesFile, 'utf8')));
  const declared = yaml.sources[0]?.tables[0]?.columns ?? [];
  const outcomes = declared.flatMap(({ name, outcome }) =>
    outcome === undefined ? [] : [{ column: name, when: outcome === true ? undefined : outcome }],
  );
  mkdirSync(folder, { recursive: true });
  const text = `read_parquet('${join(dataFolder, 'runs.parquet')}')`;
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const described = await connection.runAndReadAll(`describe select * from ${text}`);
  const columns = described.getRowsJson().map(([name]) => String(name));
  const sql = shuffledRows(
    { text, columns, outcomes, group: 'race_id' },
    { seed, dialect: duckdbDialect },
  );
  await connection.run(`copy (${sql}) to '${join(folder, 'runs.parquet')}'`);
  connection.closeSync();
  instance.closeSync();
}
