import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest, Node, NodeId } from '../core/node.ts';

/** Where a node's compiled SQL goes below `target/compiled`; generic tests get a file of their own below their YAML's. */
function compiledFile({ packageName, path, name, config }: Node): string {
  const file = `${String(config['alias'] ?? name)}.sql`;
  return join(packageName, path.endsWith('.sql') ? path : join(path, file));
}

/** Writes the SQL of each node that was rendered. @throws what the file system says */
export async function writeCompiled(
  folder: string,
  manifest: Manifest,
  compiled: ReadonlyMap<NodeId, string>,
): Promise<void> {
  const made = new Map<string, Promise<unknown>>();
  await Promise.all(
    [...compiled].map(async ([id, sql]) => {
      const node = manifest.nodes.get(id);
      if (!node) return;
      const file = join(folder, compiledFile(node));
      const parent = dirname(file);
      if (!made.has(parent)) made.set(parent, mkdir(parent, { recursive: true }));
      await made.get(parent);
      await writeFile(file, `${sql}\n`);
    }),
  );
}
