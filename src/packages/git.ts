import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { withoutSecrets } from './package-spec.ts';

/** What a git server has: commits by `HEAD`, `refs/heads/…` and `refs/tags/…`. */
export type Refs = ReadonlyMap<string, string>;

/** For whom git runs. */
export interface GitRequest {
  readonly url: string;
  readonly environment: Environment;
  /** Where the package is asked for. */
  readonly span: Span | undefined;
}

const LIST_TIMEOUT_MS = 60_000;
const FETCH_TIMEOUT_MS = 600_000;

/** Names velo sets or takes away: a git hook that runs velo must not lend it its own repository. */
const REPOSITORY_VARIABLES = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY'];

/** The refs of a repository; a tag's commit, not the tag itself. @throws ProjectError 'package-unavailable' */
export async function listRefs(request: GitRequest): Promise<Refs> {
  const text = await git(request, ['ls-remote', '--', request.url], LIST_TIMEOUT_MS);
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [commit, ref] = line.split('\t');
    // `refs/tags/x^{}` follows `refs/tags/x` and is what an annotated tag points at.
    if (commit && ref) refs.set(ref.replace(/\^\{\}$/, ''), commit);
  }
  return refs;
}

/** The commit a tag, branch or full commit id means; undefined for what only a clone could know. */
export function commitOf(refs: Refs, revision: string | undefined): string | undefined {
  if (revision === undefined) return refs.get('HEAD');
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  return refs.get(`refs/tags/${revision}`) ?? refs.get(`refs/heads/${revision}`);
}

/**
 * Puts the files of one commit into a new folder, without their history.
 * @param revision a commit, or the beginning of its id
 * @returns the commit's full id
 * @throws ProjectError 'package-unavailable'
 */
export async function fetchCommit(
  request: GitRequest,
  revision: string,
  dir: string,
): Promise<string> {
  await mkdir(dir, { recursive: true });
  const inDir = (...args: string[]) => git(request, ['-C', dir, ...args], FETCH_TIMEOUT_MS);
  // No template: hooks of the machine's owner have no business in a package.
  await inDir('init', '--quiet', '--template=');
  const direct = await fetchDirectly(inDir, request.url, revision);
  if (!direct) {
    await inDir('fetch', '--quiet', '--tags', '--', request.url, '+refs/heads/*:refs/remotes/o/*');
  }
  const commit = (await revParse(inDir, request, revision)).trim();
  await inDir('-c', 'core.autocrlf=false', 'checkout', '--quiet', '--detach', commit);
  await rm(join(dir, '.git'), { recursive: true, force: true });
  return commit;
}

type InDir = (...args: string[]) => Promise<string>;

/** One commit without the others; servers may refuse that, and it takes a full id. */
async function fetchDirectly(inDir: InDir, url: string, revision: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(revision)) return false;
  try {
    await inDir('fetch', '--quiet', '--depth', '1', '--no-tags', '--', url, revision);
    return true;
  } catch {
    return false;
  }
}

async function revParse(inDir: InDir, request: GitRequest, revision: string): Promise<string> {
  try {
    return await inDir('rev-parse', '--quiet', '--verify', `${revision}^{commit}`);
  } catch {
    throw new ProjectError(
      'package-unavailable',
      `${withoutSecrets(request.url)} has no revision '${revision}'`,
      { span: request.span },
    );
  }
}

function git(request: GitRequest, args: readonly string[], timeout: number): Promise<string> {
  const options = { env: gitEnvironment(request.environment), timeout, maxBuffer: 256 * 2 ** 20 };
  return new Promise((resolve, reject) => {
    execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error) reject(gitError(request, error, stderr, timeout));
      else resolve(stdout);
    });
  });
}

function gitEnvironment(environment: Environment): Environment {
  const kept = Object.entries(environment).filter(([name]) => !REPOSITORY_VARIABLES.includes(name));
  return {
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

interface ProcessFailure extends Error {
  readonly code?: string | number | null;
  readonly killed?: boolean;
}

function gitError(
  { url, span }: GitRequest,
  error: ProcessFailure,
  stderr: string,
  timeout: number,
): ProjectError {
  const shown = withoutSecrets(url);
  if (error.code === 'ENOENT') {
    return new ProjectError('package-unavailable', `${shown} cannot be fetched without git`, {
      span,
      hint: 'install git, or use local packages',
    });
  }
  const lines = withoutSecrets(stderr).trim().split('\n');
  // After what went wrong git's last lines may hold general advice.
  const reason = lines.find((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? '';
  const said = error.killed ? `no answer within ${timeout / 1000} seconds` : reason;
  return new ProjectError('package-unavailable', `git cannot read ${shown}\n${said}`.trim(), {
    span,
    hint: hintFor(stderr),
  });
}

function hintFor(stderr: string): string {
  if (/could not read (Username|Password)|Authentication failed|Permission denied/.test(stderr)) {
    return 'there is no such repository, or it is private and git has no credentials for it';
  }
  if (/Could not resolve host|Connection|timed out|unable to access/.test(stderr)) {
    return 'is the network there? Packages that are installed and locked need none';
  }
  return 'is the address right? Try it: git ls-remote';
}
