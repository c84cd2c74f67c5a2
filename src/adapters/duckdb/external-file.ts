import type { ExternalFile, ExternalStatements, FileFormat } from '../adapter.ts';
import { literal, quote } from './names.ts';

const READERS: Readonly<Record<FileFormat, string>> = {
  parquet: 'read_parquet',
  csv: 'read_csv',
  json: 'read_json_auto',
};

/** `COPY` into a file, or into a folder with one for each partition, and what reads it. */
export function externalFile({ path, format, options, sql }: ExternalFile): ExternalStatements {
  const isParted = options.some(([name]) => name.toLowerCase() === 'partition_by');
  const given = options.map(([name, value]) => `${name} ${optionText(name, value)}`);
  const hasHeader = options.some(([name]) => name.toLowerCase() === 'header');
  const all = [
    `format ${format}`,
    ...(format === 'csv' && !hasHeader ? ['header 1'] : []),
    ...given,
  ];
  const pattern = isParted ? `${path}/**/*.${format}` : path;
  const reading = [
    literal(pattern),
    ...(format === 'csv' ? ['auto_detect = true'] : []),
    ...(isParted ? ['hive_partitioning = true'] : []),
  ];
  return {
    write: `copy (\n${sql}\n) to ${literal(path)} (${all.join(', ')})`,
    rows: `select * from ${READERS[format]}(${reading.join(', ')})`,
  };
}

/** Names of columns where the option takes them, else a literal. */
function optionText(name: string, value: unknown): string {
  const values = Array.isArray(value) ? value : [value];
  if (name.toLowerCase() === 'partition_by') {
    return `(${values
      .flatMap((one) => String(one).split(','))
      .map((one) => quote(one.trim()))
      .join(', ')})`;
  }
  const texts = values.map((one) =>
    typeof one === 'number' || typeof one === 'boolean' ? String(one) : literal(String(one)),
  );
  return Array.isArray(value) ? `(${texts.join(', ')})` : (texts[0] ?? '');
}
