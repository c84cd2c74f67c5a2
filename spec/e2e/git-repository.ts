import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../../src/config/environment.ts';
import type { Files } from './velo.ts';

/** A bare repository a test fills; `velo deps` reads it as it would a server's. */
export interface GitRepository {
  readonly url: string;
  /** Commits files on top of the branch; returns the commit's id. */
  commit(files: Files, options?: { readonly tag?: string; readonly branch?: string }): string;
}

const AUTHOR = { NAME: 'velo', EMAIL: 'velo@example.com', DATE: '2024-01-01T00:00:00Z' };

/** Makes `<folder>/<name>` as a bare repository with the branch `main`. */
export function makeRepository(folder: string, name: string): GitRepository {
  const url = join(folder, name);
  const work = `${url}.work`;
  mkdirSync(work, { recursive: true });
  const people = Object.entries(AUTHOR).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const { PATH = '' } = readEnvironment();
  const env = { PATH, HOME: folder, ...Object.fromEntries(people) };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', work, ...args], { env, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--bare', '--initial-branch=main', url);
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', url);
  return {
    url,
    commit(files, { tag, branch = 'main' } = {}) {
      git('checkout', '--quiet', '-B', branch);
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), content);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'files');
      // Annotated: the tag is an object of its own beside the commit.
      if (tag !== undefined) git('tag', '--annotate', '--message', tag, tag);
      git('push', '--quiet', '--tags', 'origin', branch);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Removes a repository: what is locked and installed must not need it. */
export const removeRepository = ({ url }: GitRepository): void =>
  rmSync(url, { recursive: true, force: true });
