import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { withValidArtifacts } from '../artifacts/check-artifacts.ts';

export interface CliResult {
  readonly exitCode: number | null;
  /** Without what changes from run to run: see `steady`. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface VeloOptions {
  /** Set on top of a bare environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder to start in; the project's own when absent. */
  readonly cwd?: string;
  /** The most kilobytes a file may come to hold. */
  readonly fileLimitKb?: number;
  /** Closes the pipe of stdout at once. */
  readonly deaf?: boolean;
}

/** Files by their path; a value is the text, or the bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface TestProject {
  readonly dir: string;
  /** The database of the built-in profile. */
  readonly database: string;
  write(files: Files): void;
  remove(path: string): void;
  read(path: string): string;
  readJson(path: string): Record<string, unknown>;
  exists(path: string): boolean;
  /** Runs the built command line to its end, in a process the file's calls share: see `call`. */
  velo(args: readonly string[], options?: VeloOptions): Promise<CliResult>;
  /** Starts the built bin; `ended` resolves when it has gone. */
  start(args: readonly string[], options?: VeloOptions): RunningVelo;
  /** Rows of the database; nothing else may hold it. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Names of the tables and views of schema main. */
  relations(): Promise<readonly string[]>;
}

export interface RunningVelo {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves once stdout holds `text`; rejects when the process ends before. */
  untilPrinted(text: string): Promise<void>;
}

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** A project named `shop` in a folder of its own, gone when the test is finished. */
export function makeProject(files: Files): TestProject {
  const dir = mkdtempSync(join(tmpdir(), 'velo-e2e-'));
  const project = openProject(dir, { 'velo_project.yml': 'name: shop\n', ...files });
  const running: RunningVelo[] = [];
  onTestFinished(() => {
    // A test that fails early leaves no process behind.
    for (const { child } of running) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    ...project,
    start(args, options) {
      const started = project.start(args, options);
      running.push(started);
      return started;
    },
  };
}

/** Files of the racing project's macros, for a project that uses them. */
export function racingMacros(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const path = `macros/${name}.sql`;
      return [path, readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')];
    }),
  );
}

/** A project in a folder that is the caller's to remove. */
export function openProject(dir: string, files: Files): TestProject {
  const database = join(dir, 'target/shop.duckdb');
  const project: TestProject = {
    dir,
    database,
    write: (more) => writeFiles(dir, more),
    remove: (path) => rmSync(join(dir, path), { recursive: true }),
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    readJson: (path) => JSON.parse(readFileSync(join(dir, path), 'utf8')),
    exists: (path) => existsSync(join(dir, path)),
    velo: (args, options) => withValidArtifacts(dir, args, () => call(dir, args, options)),
    start(args, options) {
      const started = start(dir, args, options);
      return { ...started, ended: withValidArtifacts(dir, args, () => started.ended) };
    },
    query: (sql) => query(database, sql),
    relations: async () => {
      if (!existsSync(database)) return [];
      const rows = await query(database, LIST_RELATIONS);
      return rows.map(([name]) => String(name));
    },
  };
  project.write(files);
  return project;
}

const LIST_RELATIONS = `select table_name from information_schema.tables
  where table_schema = 'main' order by table_name`;

function writeFiles(dir: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function start(dir: string, args: readonly string[], options: VeloOptions = {}): RunningVelo {
  const { PATH = '' } = readEnvironment();
  const limit = options.fileLimitKb === undefined ? '' : `ulimit -f ${options.fileLimitKb}; `;
  // `exec` keeps it one process, so that signals meet velo itself.
  const command = ['-c', `${limit}exec "$0" "$@"`, process.execPath, BIN, ...args];
  const child = spawn('bash', command, {
    cwd: options.cwd ?? dir,
    // HOME is the project, so that no profile of the machine's owner is found.
    env: { PATH, HOME: dir, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (options.deaf) child.stdout.destroy();
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ended = new Promise<CliResult>((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => {
      done({ exitCode, stdout: steady(text.stdout, dir), stderr: steady(text.stderr, dir) });
    });
  });
  const untilPrinted = (wanted: string) =>
    new Promise<void>((done, failed) => {
      const look = () => text.stdout.includes(wanted) && done();
      child.stdout.on('data', look);
      child.on('close', () => failed(new Error(`'${wanted}' was not printed:\n${text.stdout}`)));
      look();
    });
  return { child, ended, untilPrinted };
}

const HOST = fileURLToPath(new URL('./host.mjs', import.meta.url));

/** The process that runs velo for this file's calls. */
let host: { readonly child: ChildProcess; readonly ready: Promise<unknown> } | undefined;
/** Calls that come meanwhile get a process of their own. */
let isBusy = false;

/** Runs a command line to its end: in the host, since to load velo anew for each doubles what it costs; in a process of its own where that is what is tried. */
async function call(
  dir: string,
  args: readonly string[],
  options: VeloOptions = {},
): Promise<CliResult> {
  const ofTheBin = args[0] === '--version';
  if (isBusy || ofTheBin || options.deaf || options.fileLimitKb !== undefined)
    return start(dir, args, options).ended;
  isBusy = true;
  try {
    host ??= startHost();
    await host.ready;
    const { PATH = '' } = readEnvironment();
    const env = { PATH, HOME: dir, NO_COLOR: '1', UV_THREADPOOL_SIZE: '16', ...options.env };
    host.child.send({ args, cwd: options.cwd ?? dir, env });
    const [answer] = (await once(host.child, 'message')) as [CliResult];
    const { exitCode, stdout, stderr } = answer;
    return { exitCode, stdout: steady(stdout, dir), stderr: steady(stderr, dir) };
  } finally {
    isBusy = false;
  }
}

function startHost() {
  const child = fork(HOST, [], { env: { ...readEnvironment(), UV_THREADPOOL_SIZE: '16' } });
  // A test file that ends does not wait for it; it ends with the channel.
  child.unref();
  child.channel?.unref();
  return { child, ready: once(child, 'message') };
}

/** Clock times leave, durations become 0.00s, and the project's folder `<project>`. */
function steady(text: string, dir: string): string {
  return text
    .replaceAll(dir, '<project>')
    .replace(/^\d\d:\d\d:\d\d {2}/gm, '')
    .replace(/\d+\.\d\ds/g, '0.00s')
    .replace(/\d+ hours (\d+) minutes and [\d.]+ seconds/g, '0 hours 0 minutes and 0.00 seconds')
    .replace(/\(\d+\.\d+s\)/g, '(0.00s)');
}

/** Rows of a database file as plain values, read by a connection of the test's own. */
export async function query(
  database: string,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql);
    const rows = reader.getRowsJson();
    connection.closeSync();
    return rows;
  } finally {
    instance.closeSync();
  }
}

/** What a run printed from its verdict on: the verdict, each failure and the totals. */
export const verdictOf = ({ stdout }: CliResult): string =>
  stdout.slice(Math.max(stdout.search(/^(Completed|Exited)/m), 0));
