import { exec } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client, ClientConfig } from 'pg';
import { ConfigError } from '../../core/errors.ts';
import { connectError, isPassing } from './errors.ts';
import { literal, quote } from './names.ts';
import type { PostgresSettings } from './settings.ts';

export type Driver = typeof import('pg');

/** How sessions of one warehouse are made: what was found out for the first holds for the others. */
export interface Connector {
  /** A new session, set up. @throws DatabaseError, ConfigError */
  connect(name?: string): Promise<Client>;
}

const FIRST_PAUSE_MS = 200;
const TEXT_TYPES = { getTypeParser: () => (text: string) => text };

/** Sessions of a target. `isReader`: they change nothing but temporary tables. */
export function createConnector(
  driver: Driver,
  settings: PostgresSettings,
  isReader: boolean,
): Connector {
  let password: Promise<string | undefined> | undefined;
  let plainWorks = false;
  const attempt = async (ssl: ClientConfig['ssl'], name: string): Promise<Client> => {
    password ??= passwordOf(settings);
    const given = await password;
    const client = new driver.Client({
      host: settings.host,
      port: settings.port,
      user: settings.user,
      database: settings.database,
      // Without one the driver looks into PGPASSWORD and the .pgpass file.
      ...(given !== undefined && { password: given }),
      application_name: name,
      connectionTimeoutMillis: settings.connect_timeout * 1000,
      keepAlive: true,
      keepAliveInitialDelayMillis: settings.keepalives_idle * 1000,
      ssl: ssl ?? false,
      types: TEXT_TYPES,
    });
    // A session that breaks while nothing runs has nobody to tell; its next statement says so.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(setUp(settings, isReader));
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  };
  const once = async (name: string): Promise<Client> => {
    const ways = plainWorks ? [false as const] : await sslWays(settings);
    for (const [i, ssl] of ways.entries()) {
      try {
        const client = await attempt(ssl, name);
        plainWorks = ssl === false;
        return client;
      } catch (error) {
        if (i === ways.length - 1 || !isAboutTls(error)) throw error;
      }
    }
    throw new Error('there is always a way to connect');
  };
  return {
    async connect(name = settings.application_name) {
      for (let tries = 0; ; tries += 1) {
        try {
          return await once(name);
        } catch (error) {
          if (error instanceof ConfigError) throw error;
          if (tries >= settings.retries || !isPassing(error)) throw connectError(error, settings);
        }
        await pause(FIRST_PAUSE_MS * 2 ** tries);
      }
    },
  };
}

/**
 * What a session is set to, also again after `discard all`: text comes in one form, whatever the server, the database
 * and the role have for defaults.
 */
export function setUp(settings: PostgresSettings, isReader: boolean): string {
  const set = (name: string, value: string) => `set ${name} = ${literal(value)}`;
  const given = Object.entries(settings.session_settings ?? {}).map(
    ([name, value]) => `select set_config(${literal(name)}, ${literal(String(value))}, false)`,
  );
  return [
    ...(settings.role ? [`set role ${quote(settings.role)}`] : []),
    ...given,
    set('TimeZone', 'UTC'),
    set('DateStyle', 'ISO, YMD'),
    set('IntervalStyle', 'postgres'),
    set('bytea_output', 'hex'),
    set('extra_float_digits', '1'),
    set('standard_conforming_strings', 'on'),
    set('client_min_messages', 'warning'),
    ...(settings.search_path
      ? [`select set_config('search_path', ${literal(settings.search_path)}, false)`]
      : []),
    ...(settings.statement_timeout > 0
      ? [set('statement_timeout', `${settings.statement_timeout}s`)]
      : []),
    ...(settings.lock_timeout > 0 ? [set('lock_timeout', `${settings.lock_timeout}s`)] : []),
    ...(isReader ? [set('default_transaction_read_only', 'on')] : []),
  ].join(';\n');
}

/** As libpq: `prefer` encrypts where the server can, `require` does not look at who it is. A socket file needs none. */
async function sslWays(settings: PostgresSettings): Promise<readonly ClientConfig['ssl'][]> {
  const { sslmode, host, sslcert, sslkey, sslrootcert } = settings;
  const mode = sslmode ?? 'prefer';
  if (mode === 'disable' || host.startsWith('/')) return [false];
  const [ca, cert, key] = await Promise.all([
    readGiven(sslrootcert, 'sslrootcert'),
    readGiven(sslcert, 'sslcert'),
    readGiven(sslkey, 'sslkey'),
  ]);
  const files = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const unchecked = { ...files, rejectUnauthorized: false };
  const checked = { ...files, rejectUnauthorized: true };
  const anyName = { ...checked, checkServerIdentity: () => undefined };
  switch (mode) {
    case 'allow':
      return [false, unchecked];
    case 'prefer':
      return [unchecked, false];
    case 'require':
      // libpq's rule: with an authority at hand it is asked.
      return [ca === undefined ? unchecked : anyName];
    case 'verify-ca':
      return [anyName];
    case 'verify-full':
      return [checked];
  }
}

async function readGiven(path: string | undefined, key: string): Promise<string | undefined> {
  if (path === undefined || path === 'system') return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('file-unreadable', `${key} of the target cannot be read: ${path}`, {
      cause,
    });
  }
}

/** The driver's words for a server without TLS, and the server's for one that insists on it. */
const isAboutTls = (error: unknown): boolean =>
  /does not support SSL|no encryption|SSL off|no pg_hba\.conf entry/i.test(String(error));

async function passwordOf({ password, password_command }: PostgresSettings) {
  if (password !== undefined || password_command === undefined) return password;
  try {
    const { stdout } = await promisify(exec)(password_command);
    return stdout.replace(/\r?\n$/, '');
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code;
    throw new ConfigError(
      'invalid-config',
      `password_command of the target failed (exit ${code})`,
      {
        hint: 'run it in a shell: it must print the password',
      },
    );
  }
}
