import type { Node } from '../core/node.ts';

/**
 * Where a node's compiled SQL goes below `target/compiled`, with '/'. Generic tests and snapshots, of which a file may
 * hold several, get a file of their own below that file.
 */
export function compiledFile(node: Node): string {
  const { kind, packageName, path, name, alias } = node;
  if (kind === 'operation') return `${packageName}/${hookFile(node)}/hooks/${name}.sql`;
  if (kind === 'snapshot') return `${packageName}/${path}/${name}.sql`;
  // dbt sees a unit test's SQL in the folder of its file, below that file.
  if (kind === 'unit_test') {
    return `${packageName}/${path}/${path.slice(0, path.lastIndexOf('/') + 1)}${name}.sql`;
  }
  return path.endsWith('.sql')
    ? `${packageName}/${path}`
    : `${packageName}/${path}/${alias ?? name}.sql`;
}

/** Where a hook around the run stands: dbt names the project's file so. */
export const hookFile = ({ extra, path }: Node): string =>
  String(extra?.['original_file_path'] ?? path);

/** The same for one batch of a microbatch model: `shop/models/events/events_2024-01-05.sql`. */
export function compiledBatchFile(node: Node, batch: string): string {
  const file = compiledFile(node).replace(/\.\w+$/, '');
  return `${file}/${file.slice(file.lastIndexOf('/') + 1)}_${batch}.sql`;
}
