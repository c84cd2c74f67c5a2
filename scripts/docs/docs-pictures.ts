// Takes the pictures of the docs page in docs/images: the sample is built, its page is made, and Chromium looks at it.
//   npm run build && node scripts/run-ts.mjs scripts/docs/docs-pictures.ts [path of chromium]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');

/** What is looked at, and how. */
const PICTURES = [
  { name: 'docs-overview', place: '', height: 800, dark: false },
  {
    name: 'docs-model',
    place: '#/node/model.velo.trainer_velocity',
    height: 1100,
    dark: false,
  },
  { name: 'docs-dark', place: '#/node/model.velo.win_model', height: 1500, dark: true },
] as const;

const target = mkdtempSync(join(tmpdir(), 'velo-pictures-'));
try {
  velo('build', '--as-of', '2026-01-10');
  velo('docs', 'generate');
  const page = pathToFileURL(join(target, 'index.html')).href;
  for (const { name, place, height, dark } of PICTURES) {
    browse([
      ...(dark ? ['--force-dark-mode'] : []),
      `--window-size=1280,${height}`,
      `--screenshot=${join(IMAGES, `${name}.png`)}`,
      page + place,
    ]);
  }
} finally {
  rmSync(target, { recursive: true, force: true });
}

function velo(...args: readonly string[]): void {
  const bin = join(ROOT, 'dist/cli/bin.js');
  execFileSync('node', [bin, ...args, '--target-path', target], { cwd: ROOT, stdio: 'ignore' });
}

function browse(args: readonly string[]): void {
  const usual = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  const browser = process.argv[2] ?? 'chromium';
  execFileSync(browser, [...usual, '--virtual-time-budget=3000', ...args], { stdio: 'ignore' });
}
