import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { asOwner, inDatabase } from './database.ts';
import { makeTwoTargets } from './push-project.ts';

vi.setConfig({ testTimeout: 60_000 });

const FILES = {
  'models/totals.sql': `{{ config(materialized='table') }}
select cast(unnest(range(1000)) as integer) as id, 'v' as text
`,
};

/** Built in DuckDB and pushed once. */
async function pushed(files: Readonly<Record<string, string>> = FILES) {
  const made = await makeTwoTargets(files);
  expect(await made.project.velo(['build'])).toMatchObject({ exitCode: 0 });
  expect(await made.project.velo(['push', '--to', 'prod'])).toMatchObject({ exitCode: 0 });
  return made;
}

const PUSH = ['push', '-s', 'totals', '--to', 'prod'];
const STANDS = `select count(*), sum(id) from totals`;
const ASIDE = `select relname from pg_class where relname like '%velo_new%' or relname like '%velo_backup%'`;

test('a table that others hold: it is tried again, and then told of; nothing is changed', async () => {
  const { project, database, query } = await pushed();
  const { name, ...server } = database;
  const holder = new pg.Client({ ...server, database: name });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query('begin; select * from live.totals limit 1');
  const gaveUp = await project.velo([...PUSH, '--lock-timeout', '0.02']);
  expect(gaveUp).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('error[write-conflict]'),
  });
  expect(await query(ASIDE)).toEqual([]);
  // It goes through once they let go.
  const running = project.start([...PUSH, '--lock-timeout', '0.5']);
  await pause(1500);
  await holder.query('commit');
  expect(await running.ended).toMatchObject({ exitCode: 0 });
  await holder.end();
  expect(await query(STANDS)).toEqual([['1000', '499500']]);
});

test('readers that come while a push waits are let through', async () => {
  const { project, database, query } = await pushed();
  const { name, ...server } = database;
  const holder = new pg.Client({ ...server, database: name });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query('begin; select * from live.totals limit 1');
  const running = project.start([...PUSH, '--lock-timeout', '0.3']);
  const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await query(waits)).length === 0) await pause(20);
  const startedAt = Date.now();
  expect(await query(STANDS)).toEqual([['1000', '499500']]);
  expect(Date.now() - startedAt).toBeLessThan(2000);
  await holder.end();
  expect(await running.ended).toMatchObject({ exitCode: 0 });
});

test('a value that does not fit, no right to the schema, a read-only database, a wrong password', async () => {
  const { project, database, query } = await pushed();
  await query('alter table totals alter column id type smallint');
  project.write({
    'models/totals.sql': FILES['models/totals.sql'].replace('range(1000)', 'range(40000)'),
  });
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  const expectRefused = async (code: string, exitCode: number, text = '') => {
    const result = await project.velo(PUSH);
    expect(result).toMatchObject({ exitCode });
    expect(result.stderr).toContain(`error[${code}]`);
    expect(result.stderr).toContain(text);
    expect(result.stdout + result.stderr).not.toContain(database.password);
    return result;
  };
  await expectRefused('database-error', 1, '32768');
  expect(await query(STANDS)).toEqual([['1000', '499500']]);

  const profiles = project.read('profiles.yml');
  const as = (user: string, password: string) =>
    project.write({
      'profiles.yml': profiles
        .replace(`user: ${database.user}`, `user: ${user}`)
        .replace(`password: ${database.password}`, `password: ${password}`),
    });
  const role = `limited_${database.name}`;
  await asOwner(database, `create role ${role} login password 'let-me-in'`);
  await query(`grant usage on schema live to ${role}; grant select on totals to ${role}`);
  as(role, 'let-me-in');
  const limited = await project.velo(PUSH);
  expect(limited).toMatchObject({ exitCode: 1 });
  expect(limited.stderr).toContain('error[permission-denied]');
  as(database.user, 'not-it-at-all');
  const wrong = await project.velo(PUSH);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain('error[login-failed]');
  expect(wrong.stderr).not.toContain('not-it-at-all');
  project.write({ 'profiles.yml': profiles });
  await query(`drop owned by ${role}; drop role ${role}`);

  await asOwner(database, `alter database ${database.name} set default_transaction_read_only = on`);
  await expectRefused('database-read-only', 1);
  expect(await query(STANDS)).toEqual([['1000', '499500']]);
  expect(await query(ASIDE)).toEqual([]);
});

test('hostile names and values are only names and values', async () => {
  const alias = `it''s "odd"; drop table live.totals; --`;
  const { project, query } = await makeTwoTargets({
    ...FILES,
    'models/odd.sql': `{{ config(materialized='table', alias='it\\'s "odd"; drop table live.totals; --',
  unique_key='a\\'b"c; --') }}
select range as "a'b""c; --", 'x''); drop schema live cascade; --' || chr(9) || chr(10) || '\\N' as "$velo$" from range(3)
`,
  });
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  for (const backups of ['1', '1']) {
    const result = await project.velo(['push', '--to', 'prod', '--backups', backups]);
    expect(result).toMatchObject({ exitCode: 0 });
  }
  const name = alias.replaceAll("''", "'").replaceAll('"', '""');
  expect(await query(`select count(*), min("$velo$"), sum("a'b""c; --") from "${name}"`)).toEqual([
    ['3', "x'); drop schema live cascade; --\t\n\\N", '3'],
  ]);
  expect(await query(STANDS)).toEqual([['1000', '499500']]);
  expect(await project.velo(['rollback', '-s', 'odd', '--target', 'prod'])).toMatchObject({
    exitCode: 0,
  });
});

test('Ctrl-C takes everything back', async () => {
  const { project, database, query } = await pushed();
  project.write({
    'models/totals.sql': FILES['models/totals.sql'].replace('range(1000)', 'range(3000000)'),
  });
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  const running = project.start(PUSH);
  const copies = `select 1 from pg_stat_activity where query like 'copy %' and state = 'active' and datname = current_database()`;
  while ((await inDatabase(database, copies)).length === 0) await pause(20);
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('error[interrupted]'),
  });
  expect(await query(STANDS)).toEqual([['1000', '499500']]);
  expect(await query(ASIDE)).toEqual([]);
});

test('from one DuckDB file to another, and from Postgres to Postgres', async () => {
  const { project, query } = await pushed();
  const profiles = project.read('profiles.yml');
  const prod = profiles.slice(profiles.indexOf('    prod:'));
  project.write({
    'profiles.yml': `${profiles}    copy: {type: duckdb, path: copy.duckdb, schema: live, threads: 2}
${prod.replace('prod:', 'next:').replace('schema: live', 'schema: next')}`,
  });
  const { query: inFile } = await import('../e2e/velo.ts');
  const stands = () =>
    inFile(`${project.dir}/copy.duckdb`, 'select count(*)::int, sum(id)::int from live.totals');
  for (const from of ['dev', 'dev', 'prod']) {
    const args = ['push', '-s', 'totals', '--target', from, '--to', 'copy'];
    expect(await project.velo(args)).toMatchObject({ exitCode: 0 });
    expect(await stands()).toEqual([[1000, 499500]]);
  }
  expect(await project.velo(['rollback', '-s', 'totals', '--target', 'copy'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('1 older backup left'),
  });
  expect(await stands()).toEqual([[1000, 499500]]);
  const args = ['push', '-s', 'totals', '--target', 'prod', '--to', 'next'];
  expect(await project.velo(args)).toMatchObject({ exitCode: 0 });
  expect(await query('select count(*), sum(id) from next.totals')).toEqual([['1000', '499500']]);
});
