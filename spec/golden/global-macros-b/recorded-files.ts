import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SQL = join(import.meta.dirname, '../../../../shared/reference/dbt/sql');

/** Whether dbt's records are on this machine. */
export const hasShared = existsSync(SQL);

export const ADAPTERS = ['duckdb', 'postgres'] as const;

/** A recorded file, by its path in sql/. */
export function recorded(path: string): string {
  return readFileSync(join(SQL, path), 'utf8');
}

/** The first statement a node sent that starts with `start`; empty when there is none. */
export function sent(file: string, connection: string, start: string): string {
  const lines = JSON.parse(recorded(file)) as { conn?: string; sql?: string }[];
  const found = lines.find(({ conn, sql }) => conn === connection && sql?.startsWith(start));
  return found?.sql ?? '';
}
