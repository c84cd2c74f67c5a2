// Draws docs/images/build.svg: velo builds the sample in a real terminal (tmux), and its screen becomes an SVG.
//   npm run build && node scripts/run-ts.mjs scripts/docs/terminal-picture.ts
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderSvg } from './render-svg.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PICTURE = join(ROOT, 'docs/images/build.svg');
const COLUMNS = 92;
const TIMEOUT_MS = 120_000;

const work = mkdtempSync(join(tmpdir(), 'velo-picture-'));
try {
  const screen = await recordScreen(work);
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, renderSvg(screen, COLUMNS));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** All lines of a terminal in which the sample is built twice, with their escape sequences. */
async function recordScreen(folder: string): Promise<string[]> {
  const velo = `node ${join(ROOT, 'dist/cli/bin.js')} build --target-path ${folder}/target`;
  const shown = "printf '\\033[2m$\\033[0m npx velo build\\n'";
  const script = `${shown}; ${velo}; printf '\\n'; ${shown}; ${velo}; touch ${folder}/done; sleep 60`;
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-f', '/dev/null', '-S', join(folder, 'socket'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  tmux('new-session', '-d', '-x', '200', '-y', '20', 'sleep 120');
  try {
    tmux('set-option', '-g', 'history-limit', '5000');
    tmux('new-session', '-d', '-s', 'build', '-x', String(COLUMNS), '-y', '30', script);
    await untilExists(join(folder, 'done'));
    const screen = tmux('capture-pane', '-t', 'build', '-e', '-p', '-S', '-').trimEnd();
    // As a newcomer sees it, whose target folder is the usual one.
    return screen.replaceAll(`${folder}/target`, 'target').split('\n');
  } finally {
    tmux('kill-server');
  }
}

async function untilExists(file: string): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!existsSync(file)) {
    if (performance.now() > deadline) throw new Error('velo build did not end');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
