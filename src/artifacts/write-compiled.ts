import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest, NodeId } from '../core/node.ts';
import { compiledFile } from './compiled-file.ts';

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
      await writeFile(file, sql);
    }),
  );
}
