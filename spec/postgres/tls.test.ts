import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { postgres } from '../../src/adapters/postgres/postgres.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { asOwner } from './database.ts';
import { type ServerAddress, serverIn, stopServerIn } from './server.ts';

// libpq's modes (its manual, "SSL Support"), against a server of its own whose certificate is for 'localhost'.

const run = promisify(execFile);
const isOthers = readEnvironment()['VELO_TEST_POSTGRES'] !== undefined;

/** Why nothing can be tried. */
let missing = isOthers ? 'the server is somebody else’s' : '';
let folder: string;
let server: ServerAddress;
const file = (name: string) => join(folder, 'keys', name);

/** A certificate that signs itself. */
async function certify(name: string, subject: string): Promise<void> {
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${subject}`],
    ...['-addext', `subjectAltName=DNS:${subject}`],
    ...['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)],
  ]);
}

beforeAll(async () => {
  if (isOthers) return;
  folder = await mkdtemp(join(tmpdir(), 'velo-tls-'));
  await mkdir(join(folder, 'keys'));
  await mkdir(join(folder, 'server'));
  // The server may run as another user.
  await chmod(folder, 0o755);
  await certify('server', 'localhost');
  await certify('other', 'localhost');
  server = await serverIn(join(folder, 'server'));
  const [[library] = []] = await asOwner(server, 'show ssl_library');
  if (library === '') {
    missing = 'the server was built without TLS';
    return;
  }
  const [[data] = []] = await asOwner(server, 'show data_directory');
  const { uid, gid } = await stat(String(data));
  await chmod(file('server.key'), 0o600);
  for (const name of ['server.key', 'server.crt']) await chown(file(name), uid, gid);
  await asOwner(server, `alter system set ssl_cert_file = '${file('server.crt')}'`);
  await asOwner(server, `alter system set ssl_key_file = '${file('server.key')}'`);
  await asOwner(server, 'alter system set ssl = on');
  await asOwner(server, 'select pg_reload_conf()');
});

afterAll(async () => {
  if (isOthers) return;
  await stopServerIn(join(folder, 'server'));
  await rm(folder, { recursive: true, force: true });
});

beforeEach(({ skip }) => {
  if (missing !== '') skip(missing);
});

/** Whether the session is encrypted. */
async function isEncrypted(settings: Readonly<Record<string, unknown>>): Promise<boolean> {
  const target = { type: 'postgres', ...server, dbname: 'postgres', schema: 'main', retries: 0 };
  await using warehouse = await postgres.open(postgres.parseSettings({ ...target, ...settings }));
  const sql = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
  const [row] = await warehouse.use((connection) => connection.query(sql));
  return row?.['ssl'] === true;
}

test.each<[string, boolean]>([
  ['disable', false],
  // libpq goes without while it can, or with.
  ['allow', false],
  ['prefer', true],
  ['require', true],
])('sslmode %s, of a server that has TLS: %s', async (sslmode, expected) => {
  expect(await isEncrypted({ sslmode })).toBe(expected);
});

test('verify-ca takes a server whose certificate is known, under any name', async () => {
  const known = { sslmode: 'verify-ca', sslrootcert: file('server.crt') };
  expect(await isEncrypted(known)).toBe(true);
  const other = { sslmode: 'verify-ca', sslrootcert: file('other.crt') };
  await expect(isEncrypted(other)).rejects.toThrow(/certificate/);
});

test('verify-full also wants the name of the host', async () => {
  const full = { sslmode: 'verify-full', sslrootcert: file('server.crt') };
  expect(await isEncrypted({ ...full, host: 'localhost' })).toBe(true);
  await expect(isEncrypted(full)).rejects.toThrow(/127\.0\.0\.1|altnames/);
});

test('require with a root certificate verifies it, as libpq does', async () => {
  await expect(isEncrypted({ sslmode: 'require', sslrootcert: file('other.crt') })).rejects.toThrow(
    /certificate/,
  );
});
