import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { batchName } from '../core/microbatch.ts';
import type { Manifest, NodeId } from '../core/node.ts';
import type { NodeResult } from '../core/result.ts';
import { compiledBatchFile, compiledFile } from './compiled-file.ts';

/** Writes the SQL of each node that was rendered. @throws what the file system says */
export function writeCompiled(
  folder: string,
  manifest: Manifest,
  compiled: ReadonlyMap<NodeId, string>,
): void {
  const files = [...compiled].flatMap(([id, sql]) => {
    const node = manifest.nodes.get(id);
    return node ? [[compiledFile(node), sql] as const] : [];
  });
  writeFiles(folder, files);
}

/** Writes the SQL of each batch of a run. @throws what the file system says */
export function writeCompiledBatches(
  folder: string,
  manifest: Manifest,
  results: readonly NodeResult[],
): void {
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
  writeFiles(folder, files);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** One after the other without a promise each: of thousands of small files these cost more than the writing. */
function writeFiles(
  folder: string,
  files: readonly (readonly [path: string, text: string])[],
): void {
  const made = new Set<string>();
  for (const [path, text] of files) {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    // To read is a fifth of what to write costs, and mostly they are the same.
    if (readIfThere(file) !== text) writeFileSync(file, text);
  }
}
