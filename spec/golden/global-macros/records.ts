import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** dbt's records; where they are absent, tests that need them are skipped. */
const DBT = join(import.meta.dirname, '../../../../shared/reference/dbt');

export const hasRecords = existsSync(DBT);

export const SKIPPED = '(skipped without ../shared)';

export const readRecord = (path: string): string => readFileSync(join(DBT, path), 'utf8');

export const readJson = (path: string): unknown => JSON.parse(readRecord(path));

/** A text dbt compiled or ran, by its path in sql/. */
export const recorded = (path: string): string => readRecord(`sql/${path}`);

interface Sent {
  readonly conn?: string;
  readonly sql?: string;
}

/** The statements of a recorded run, without their leading blanks, as the record has them. */
export const recordedStatements = (name: string): string[] =>
  (readJson(`sql/statements-${name}.json`) as Sent[]).flatMap(({ sql }) =>
    sql === undefined ? [] : [sql],
  );

/** The first statement a node sent that starts with `start`; empty when there is none. */
export function sent(name: string, connection: string, start: string): string {
  const lines = readJson(`sql/statements-${name}.json`) as Sent[];
  return lines.find(({ conn, sql }) => conn === connection && sql?.startsWith(start))?.sql ?? '';
}
