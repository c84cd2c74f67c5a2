import type { ProjectFile } from '../config/project-file.ts';
import type { Warn } from './warn.ts';

const RENAMED = { 'source-paths': 'model-paths', 'data-paths': 'seed-paths' } as const;

/** Tells of keys of the project file that have another name today. */
export function warnOfOldPaths({ config, yaml }: ProjectFile, warn: Warn): void {
  for (const [old, now] of Object.entries(RENAMED)) {
    if ((config[old as keyof typeof RENAMED] ?? null) === null) continue;
    const span = yaml.spanOf([], old);
    warn(`deprecated: '${old}' is the old name of '${now}' (${span.file}:${span.line})`, span);
  }
}
