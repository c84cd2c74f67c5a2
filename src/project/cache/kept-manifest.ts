import type { Manifest } from '../../core/node.ts';
import { openCache } from './cache-index.ts';
import { openProject } from './open-project.ts';

/**
 * The project as it was when it was last read into this target folder, whatever has changed since: for those who would
 * rather have old names at once than new ones later. Undefined when nothing is kept.
 */
export function keptManifest(folder: string): Manifest | undefined {
  const cache = openCache(folder, undefined);
  return cache && openProject('', cache).manifest;
}
