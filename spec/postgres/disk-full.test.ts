import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { asOwner, dropDatabase } from './database.ts';
import { makePostgresProject, profilesFor } from './project.ts';

const run = promisify(execFile);

const rows = (count: number) =>
  `{{ config(materialized='table') }}\nselect i, md5(cast(i as varchar)) as h from generate_series(1, ${count}) as t(i)\n`;

test('a full disk of the server is told of, and what was there stays', async ({ skip }) => {
  const { project, database, query } = await makePostgresProject({ 'models/big.sql': rows(10) });
  const [[data] = []] = await query('show data_directory');
  const owner = await stat(String(data)).catch(() => undefined);
  if (process.getuid?.() !== 0 || !owner) skip('only root of the server can make it a small disk');
  const disk = await mkdtemp(join(tmpdir(), 'velo-small-disk-'));
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
  onTestFinished(async () => {
    await dropDatabase(database);
    if (isMounted) {
      await asOwner(database, `drop tablespace if exists ${database.name}`);
      await run('umount', [disk]);
    }
    await rm(disk, { recursive: true, force: true });
  });
  if (!isMounted) skip('this machine does not let a test mount a disk');
  await chown(disk, owner?.uid ?? 0, owner?.gid ?? 0);
  await asOwner(database, `create tablespace ${database.name} location '${disk}'`);
  const settings = `session_settings: {default_tablespace: ${database.name}}`;
  project.write({
    'profiles.yml': profilesFor(database).replace('threads: 2', `threads: 2, ${settings}`),
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);

  project.write({ 'models/big.sql': rows(1_000_000) });
  const full = await project.velo(['build']);
  expect([full.exitCode, full.stdout]).toEqual([1, expect.stringContaining('error[disk-full]')]);
  expect(full.stdout).toContain('free space on the server; nothing was committed');
  expect(await query('select count(*) from big')).toEqual([['10']]);

  project.write({ 'models/big.sql': rows(20) });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  expect(await query('select count(*) from big')).toEqual([['20']]);
});
