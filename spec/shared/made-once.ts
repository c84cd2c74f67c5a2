import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inject } from 'vitest';

const MADE_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 100;

/**
 * A folder that `make` fills once in a test run: by whichever file asks first, while the others wait. Whoever wants to
 * change something in it takes a copy. @throws what `make` threw, for everybody who asks
 */
export async function madeOnce(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const root = join(inject('sharedFolder'), name);
  const [folder, made, failed] = ['folder', 'made', 'failed'].map((part) => join(root, part)) as [
    string,
    string,
    string,
  ];
  await mkdir(inject('sharedFolder'), { recursive: true });
  const isFirst = await mkdir(root).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    await mkdir(folder);
    await make(folder).then(
      () => writeFile(made, ''),
      (error: unknown) => writeFile(failed, String(error)),
    );
  }
  for (let waitedMs = 0; waitedMs < MADE_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if ((await textOf(made)) !== undefined) return folder;
    const failure = await textOf(failed);
    if (failure !== undefined) throw new Error(failure);
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`nobody made ${name} within ${MADE_WITHIN_MS / 1000} s`);
}

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch(() => undefined);
