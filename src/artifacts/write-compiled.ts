import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { batchName } from '../core/microbatch.ts';
import type { Manifest, NodeId } from '../core/node.ts';
import type { NodeResult } from '../core/result.ts';
import { compiledBatchFile, compiledFile } from './compiled-file.ts';

/** Writes the SQL of each node that was rendered. @throws what the file system says */
export async function writeCompiled(
  folder: string,
  manifest: Manifest,
  compiled: ReadonlyMap<NodeId, string>,
): Promise<void> {
  const files = [...compiled].flatMap(([id, sql]) => {
    const node = manifest.nodes.get(id);
    return node ? [[compiledFile(node), sql] as const] : [];
  });
  await writeFiles(folder, files);
}

/** Writes the SQL of each batch of a run. @throws what the file system says */
export async function writeCompiledBatches(
  folder: string,
  manifest: Manifest,
  results: readonly NodeResult[],
): Promise<void> {
  const files = results.flatMap(({ node: id, batches = [] }) => {
    const node = manifest.nodes.get(id);
    const size = node?.microbatch?.batchSize;
    if (!size) return [];
    return batches.flatMap(({ interval, compiledCode }) => {
      const name = batchName(interval.start, size);
      return compiledCode === undefined
        ? []
        : [[compiledBatchFile(node, name), compiledCode] as const];
    });
  });
  await writeFiles(folder, files);
}

async function writeFiles(
  folder: string,
  files: readonly (readonly [path: string, text: string])[],
): Promise<void> {
  const made = new Map<string, Promise<unknown>>();
  await Promise.all(
    files.map(async ([path, text]) => {
      const file = join(folder, path);
      const parent = dirname(file);
      if (!made.has(parent)) made.set(parent, mkdir(parent, { recursive: true }));
      await made.get(parent);
      await writeFile(file, text);
    }),
  );
}
