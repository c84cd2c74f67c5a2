import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Commit of a folder, `-dirty` when files differ from it; undefined outside of git, and where there is no git. */
export async function gitCommit(folder: string): Promise<string | undefined> {
  try {
    const git = async (...args: readonly string[]) =>
      (await promisify(execFile)('git', args, { cwd: folder })).stdout.trim();
    const [commit, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return undefined;
  }
}
