import { statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';

interface Files {
  /** Absolute path or glob. */
  readonly pattern: string;
  /** Path from the project, size in bytes and time of change of each file, in order of name. */
  readonly states: readonly (readonly [name: string, bytes: number, changedMs: number])[];
}

/** The files of a location now. Paths start at the project's folder. */
export function listFiles(location: string, projectDir: string): Files {
  const pattern = isAbsolute(location) ? location : join(projectDir, location);
  const found = globSync(pattern.replaceAll('\\', '/'), {
    absolute: true,
    expandDirectories: false,
  });
  const states = found.sort().map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [relative(projectDir, file), size, mtimeMs] as const;
  });
  return { pattern, states };
}
