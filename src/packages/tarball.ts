import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ProjectError } from '../core/errors.ts';
import type { TarballSpec } from './package-spec.ts';
import { withoutSecrets } from './package-spec.ts';

const DOWNLOAD_TIMEOUT_MS = 600_000;

/**
 * Downloads and unpacks an archive into a new folder. @returns the folder of the package: archives mostly
 * hold one folder with everything in it. @throws ProjectError 'package-unavailable'
 */
export async function fetchTarball({ url, span }: TarballSpec, dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const archive = `${dir}.tar`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!answer.ok || !answer.body) throw new Error(`the server answered ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive));
    // tar refuses members that lead out of the folder.
    await promisify(execFile)('tar', ['-xf', archive, '-C', dir]);
  } catch (cause) {
    const said = withoutSecrets(lastLine(cause));
    throw new ProjectError(
      'package-unavailable',
      `${withoutSecrets(url)} cannot be fetched\n${said}`,
      { span, cause },
    );
  } finally {
    await rm(archive, { force: true });
  }
  const [only, ...others] = await readdir(dir, { withFileTypes: true });
  return only?.isDirectory() && others.length === 0 ? join(dir, only.name) : dir;
}

function lastLine(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message?: string };
  // fetch() says only that it failed; its own cause says why.
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : '';
  return (stderr || inner || message || String(cause)).trim().split('\n').at(-1) ?? '';
}
