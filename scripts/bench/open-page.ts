import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BROWSER = 'chromium';
const USUAL = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom'];
const OPENED = 'opened-after-ms:';

/** The time since navigation began, in the document that is dumped: the browser's own start is no part of it. */
const CLOCK = `<script>addEventListener('load', () => { document.title = '${OPENED}' + performance.now(); });</script>`;

/** Whether there is a browser. */
export const canOpenPages = (): Promise<boolean> =>
  run(BROWSER, ['--version']).then(
    () => true,
    () => false,
  );

/**
 * Opens a page of the file system in Chromium: milliseconds until it is loaded and its scripts have drawn it.
 * Leaves a copy beside it. @throws Error when it does not open
 */
export async function openPage(page: string): Promise<number> {
  const timed = `${page}.timed.html`;
  await writeFile(timed, `${await readFile(page, 'utf8')}${CLOCK}`);
  const { stdout } = await run(BROWSER, [...USUAL, pathToFileURL(timed).href], {
    maxBuffer: 1 << 28,
  });
  const [, ms] = stdout.match(new RegExp(`<title>${OPENED}([\\d.]+)</title>`)) ?? [];
  if (ms === undefined) throw new Error(`${page} was not opened by ${BROWSER}`);
  return Number(ms);
}
