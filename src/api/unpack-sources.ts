import type { SourceDetail } from '../nodes/source-text.ts';
import type { LoadedProject } from './load-project.ts';

/**
 * Unpacks the archives that sources stand for, unless they are already. @throws ProjectError 'source-file-damaged'
 */
export async function unpackSources({
  manifest,
  settings,
}: Pick<LoadedProject, 'manifest' | 'settings'>): Promise<void> {
  for (const node of manifest.nodes.values()) {
    if (node.kind !== 'source') continue;
    const archives = (node.detail as SourceDetail).external?.archives;
    if (!archives) continue;
    // What unpacks is only loaded where there is something to unpack.
    const { unpackArchives } = await import('../nodes/unpack-archives.ts');
    await unpackArchives(archives, settings.projectDir, node.span);
  }
}
