import { expect, test } from 'vitest';
import { postgres } from '../../src/adapters/postgres/postgres.ts';
import { withTarget } from '../conformance/target.ts';
import { asOwner, inDatabase, type TestDatabase, testServer } from './database.ts';

type Input = Readonly<Record<string, unknown>>;

const openWith = (input: unknown, changed: Input) =>
  postgres.open(postgres.parseSettings({ ...(input as Input), ...changed }));

const databaseOf = (input: unknown): TestDatabase => {
  const { host, port, user, password, dbname } = input as Record<string, string>;
  return { host, port: Number(port), user, password, name: dbname } as TestDatabase;
};

test.each<[string, Input, string, string | RegExp]>([
  [
    'a wrong password',
    { password: "it's wrong" },
    'login-failed',
    /does not take the password of velo$/,
  ],
  [
    'a wrong user',
    { user: 'nobody_here' },
    'login-failed',
    /does not take the password of nobody_here$/,
  ],
  ['no such database', { dbname: 'not there' }, 'login-failed', /has no database 'not there'$/],
  [
    'nobody at the port',
    { port: 1, retries: 0 },
    'database-unreachable',
    /^no server answers at 127.0.0.1:1: /,
  ],
  [
    'no such host',
    { host: 'no-such-host.invalid', retries: 0 },
    'database-unreachable',
    /^no server answers at no-such-host.invalid:/,
  ],
  ['no such role', { role: 'nobody_here' }, 'login-failed', /role "nobody_here" does not exist/],
  [
    'encryption the server has not',
    { sslmode: 'require' },
    'database-unreachable',
    /does not support SSL/,
  ],
])('%s is told of, without the password', (_, changed, code, message) =>
  withTarget('postgres', async ({ input }) => {
    const error: unknown = await openWith(input, changed).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify(error)).not.toContain("it's wrong");
    expect((error as { readonly hint: string }).hint).not.toBe('');
  }),
);

test('a password comes from a command', () =>
  withTarget('postgres', async ({ input }) => {
    const { password } = input as { readonly password: string };
    const password_command = `printf '%s\\n' '${password}'`;
    await using warehouse = await openWith(input, { password: undefined, password_command });
    expect(await warehouse.use(({ query }) => query('select 1 as n'))).toEqual([{ n: 1 }]);
    await expect(
      openWith(input, { password: undefined, password_command: 'exit 3' }),
    ).rejects.toMatchObject({ code: 'invalid-config' });
  }));

test('a user without the right to it may not make a schema, and is told what is missing', () =>
  withTarget('postgres', async ({ input }) => {
    const server = await testServer();
    const user = `limited_${Date.now()}`;
    await asOwner(server, `create role ${user} login password 'x'`);
    try {
      await using warehouse = await openWith(input, { user, password: 'x' });
      const making = warehouse.use(({ execute }) => execute('create schema made'));
      await expect(making).rejects.toMatchObject({ code: 'permission-denied' });
    } finally {
      await asOwner(server, `drop role ${user}`);
    }
  }));

test('a database that takes no changes says so', () =>
  withTarget('postgres', async ({ input }) => {
    const database = databaseOf(input);
    await inDatabase(
      database,
      `alter database ${database.name} set default_transaction_read_only = on`,
    );
    await using warehouse = await openWith(input, {});
    const making = warehouse.use(({ execute }) => execute('create schema made'));
    await expect(making).rejects.toMatchObject({ code: 'database-read-only' });
  }));

test('a server that goes away in the middle of a statement, and comes back', () =>
  withTarget('postgres', async ({ input }) => {
    await using warehouse = await openWith(input, {});
    const working = warehouse.use((connection) =>
      connection.transaction(async () => {
        await connection.execute('create table main.half as select 1 as n');
        await connection.query('select pg_sleep(60)');
      }),
    );
    const gone = expect(working).rejects.toMatchObject({ code: 'connection-lost' });
    await untilSleeping(databaseOf(input));
    await inDatabase(
      databaseOf(input),
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'`,
    );
    await gone;
    expect(await warehouse.listRelations(['main'])).toEqual([]);
  }));

test('without its lock a run writes no more', () =>
  withTarget('postgres', async ({ input }) => {
    await using warehouse = await openWith(input, {});
    await inDatabase(
      databaseOf(input),
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`,
    );
    const use = () =>
      warehouse
        .use(({ query }) => query('select 1 as n'))
        .then(
          () => 'at work',
          (error: unknown) => (error as { readonly code: string }).code,
        );
    // The news takes its time.
    await expect.poll(use).toBe('connection-lost');
  }));

test('two targets of one database hold their locks side by side; one target only once', () =>
  withTarget('postgres', async ({ input }) => {
    await using one = await openWith(input, {});
    await using other = await openWith(input, { schema: 'elsewhere' });
    for (const { use } of [one, other]) {
      expect(await use(({ query }) => query('select 1 as n'))).toEqual([{ n: 1 }]);
    }
    const held = await inDatabase(
      databaseOf(input),
      `select count(*) from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`,
    );
    expect(held).toEqual([['2']]);
  }));

test.each([
  [
    'statement_timeout',
    'select pg_sleep(10)',
    { code: 'database-error', hint: expect.stringContaining('statement_timeout') },
  ],
  ['lock_timeout', 'select * from main.held', { code: 'write-conflict' }],
])('%s of the target ends what takes longer', (key, sql, error) =>
  withTarget('postgres', async ({ input }) => {
    await using holder = await openWith(input, {});
    await using warehouse = await openWith(input, { [key]: 1 });
    await holder.use(async (connection) => {
      await connection.execute('create table main.held (n integer)');
      await connection.transaction(async () => {
        await connection.execute('lock table main.held');
        await expect(warehouse.use(({ query }) => query(sql))).rejects.toMatchObject(error);
      });
    });
  }),
);

test('nothing of a session is left for who gets it next', () =>
  withTarget('postgres', async ({ input }) => {
    await using warehouse = await openWith(input, { threads: 1 });
    const state = `select current_setting('TimeZone') as zone, current_setting('search_path') as path,
      to_regclass('pg_temp.mine') is null as clean, pg_backend_pid() as pid`;
    const [before] = await warehouse.use(({ query }) => query(state));
    await warehouse.use(async (connection) => {
      await connection.fetch(`set TimeZone = 'Asia/Tokyo'; set search_path = pg_catalog;
        create temporary table mine (n integer)`);
    });
    expect(await warehouse.use(({ query }) => query(state))).toEqual([before]);
    expect(before).toMatchObject({ zone: 'UTC', path: 'main', clean: true });
  }));

test('parameters of the server that the target names hold in each session', () =>
  withTarget('postgres', async ({ input }) => {
    const session_settings = { work_mem: '7MB', enable_nestloop: false, TimeZone: 'Asia/Tokyo' };
    await using warehouse = await openWith(input, { threads: 1, session_settings });
    const state = `select current_setting('work_mem') as memory, current_setting('enable_nestloop') as loops,
      current_setting('TimeZone') as zone`;
    for (const attempt of ['first', 'after what others set']) {
      const found = await warehouse.use(async ({ query, fetch }) => {
        const [row] = await query(state);
        await fetch("set work_mem = '9MB'");
        return row;
      });
      // The times of the rows are velo's to read.
      expect(found, attempt).toEqual({ memory: '7MB', loops: 'off', zone: 'UTC' });
    }
    const wrong = openWith(input, { session_settings: { work_memory: '7MB' } });
    await expect(wrong).rejects.toThrow(/unrecognized configuration parameter "work_memory"/);
  }));

test('statements say what they are for, whatever that is called', () =>
  withTarget('postgres', async ({ input }) => {
    await using warehouse = await openWith(input, {});
    const sql = 'select query from pg_stat_activity where pid = pg_backend_pid()';
    for (const [purpose, said] of [
      ['model.shop.a', 'model.shop.a'],
      ['x */ drop table t; /* y', 'x  drop table t;  y'],
    ]) {
      const rows = await warehouse.use(({ query }) => query(sql), purpose);
      expect(rows).toEqual([{ query: `${sql}\n/* velo: ${said} */` }]);
    }
    expect(await warehouse.use(({ query }) => query(sql))).toEqual([{ query: sql }]);
  }));

async function untilSleeping(database: TestDatabase): Promise<void> {
  const sql = `select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`;
  for (let tries = 0; tries < 200; tries += 1)
    if ((await inDatabase(database, sql)).length > 0) return;
  throw new Error('the statement did not begin');
}
