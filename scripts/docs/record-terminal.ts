import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is done in a terminal, and when its picture is taken. */
export interface Recording {
  /** Where the commands run. */
  readonly cwd: string;
  /** Lines for bash. */
  readonly script: readonly string[];
  readonly columns: number;
  /** The picture is of the screen as soon as this stands on it; without it, of all lines once the script is through. */
  readonly until?: RegExp | undefined;
}

const ROWS = 30;
const TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 60;

/** Lines of a real terminal (tmux) with their escape sequences. @throws Error when what is waited for does not come */
export async function recordTerminal(recording: Recording): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'velo-terminal-'));
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-f', '/dev/null', '-S', join(folder, 'socket'), ...args], {
      cwd: recording.cwd,
      encoding: 'utf8',
    });
  const done = join(folder, 'done');
  tmux('new-session', '-d', '-x', '200', '-y', '20', 'sleep 300');
  try {
    tmux('set-option', '-g', 'history-limit', '5000');
    const size = ['-x', String(recording.columns), '-y', String(ROWS)];
    const script = [...recording.script, `touch ${done}`, 'sleep 300'].join('\n');
    tmux(
      'new-session',
      '-d',
      '-s',
      'velo',
      '-c',
      recording.cwd,
      ...size,
      `bash -c '${quoted(script)}'`,
    );
    const history = recording.until ? [] : ['-S', '-'];
    const capture = () => tmux('capture-pane', '-t', 'velo', '-e', '-p', ...history).trimEnd();
    const screen = await untilSeen(capture, recording.until, () => existsSync(done));
    return screen.split('\n');
  } finally {
    tmux('kill-server');
    rmSync(folder, { recursive: true, force: true });
  }
}

const quoted = (text: string): string => text.replaceAll("'", "'\\''");

async function untilSeen(
  capture: () => string,
  wanted: RegExp | undefined,
  isDone: () => boolean,
): Promise<string> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (performance.now() < deadline) {
    const isOver = isDone();
    if (wanted || isOver) {
      const screen = capture();
      if (!wanted || wanted.test(screen)) return screen;
      if (isOver) throw new Error(`${wanted} was not seen on\n${screen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('the commands did not end');
}
