import { resolve } from 'node:path';

/** A path as it is given, or from `folder` where there is one: without it, paths count from where the process stands. */
export const fromFolder = (folder: string | undefined, path: string): string =>
  folder === undefined ? path : resolve(folder, path);
