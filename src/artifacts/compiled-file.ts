import type { Node } from '../core/node.ts';

/** Where a node's compiled SQL goes below `target/compiled`, with '/'; generic tests get a file of their own below their YAML's. */
export function compiledFile({ packageName, path, name, alias, kind }: Node): string {
  // A file may hold several snapshots, and dbt names theirs without the alias.
  if (kind === 'snapshot') return `${packageName}/${path}/${name}.sql`;
  return path.endsWith('.sql')
    ? `${packageName}/${path}`
    : `${packageName}/${path}/${alias ?? name}.sql`;
}
