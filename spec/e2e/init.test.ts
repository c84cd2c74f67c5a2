import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { makeProject, openProject, type TestProject } from './velo.ts';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** A folder without a project. */
function emptyFolder(): TestProject {
  const folder = makeProject({});
  folder.remove('velo_project.yml');
  return folder;
}

describe('velo init where nobody can be asked', () => {
  it('says what to pass', async () => {
    const folder = emptyFolder();
    const { exitCode, stdout, stderr } = await folder.velo(['init']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('nobody is here to be asked');
    expect(stderr).toContain('velo init my_project');
    expect(folder.exists('velo_project.yml')).toBe(false);
  });

  it('makes a project that builds: seed, model, as-of model, tests, unit test', async () => {
    const folder = emptyFolder();
    expect((await folder.velo(['init', 'garden', '--yes'])).exitCode).toBe(0);
    const garden = openProject(join(folder.dir, 'garden'), {});
    const { exitCode, stdout } = await garden.velo(['build', '--as-of', '2024-01-06']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Found 2 models, 6 data tests, 1 seed, 1 unit test');
    expect(stdout).toContain('Done. PASS=10 WARN=0 ERROR=0');
    // The seed has two visits of north for 32.5 until January 2, and one for 7 after.
    const rows = await garden.velo([
      ...['show', '--inline', "select visits, spent from {{ ref('shops') }} where shop = 'north'"],
      ...['--output', 'json'],
    ]);
    expect(JSON.parse(rows.stdout)).toMatchObject({ show: [{ visits: 3, spent: 39.5 }] });
  });

  it('takes all answers from flags, and writes no password', async () => {
    const folder = emptyFolder();
    const flags = [
      '--name',
      'shop',
      '--adapter',
      'postgres',
      '--host',
      'db.example',
      '--no-sample',
    ];
    const { exitCode, stdout } = await folder.velo(['init', 'inner/place', ...flags]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        '  velo_project.yml\n  profiles.yml\n  .gitignore\nMade a project. Try: cd inner/place && export VELO_SECRET_PASSWORD=… && velo build\n',
    });
    const profiles = folder.read('inner/place/profiles.yml');
    expect(profiles.split('\n').slice(1, -1)).toEqual([
      'shop:',
      '  target: dev',
      '  outputs:',
      '    dev:',
      '      type: postgres',
      '      host: "db.example"',
      '      port: 5432',
      '      user: "postgres"',
      '      # Not written down: set the variable before you run velo.',
      `      password: "{{ env_var('VELO_SECRET_PASSWORD') }}"`,
      '      dbname: "shop"',
      '      schema: "public"',
    ]);
    const place = openProject(join(folder.dir, 'inner/place'), {
      'models/a.sql': "select '{{ target.host }}' as host, {{ target.port }} as port",
    });
    const without = await place.velo(['parse']);
    expect([without.exitCode, without.stderr]).toEqual([
      2,
      expect.stringContaining('VELO_SECRET_PASSWORD'),
    ]);
    const env = { VELO_SECRET_PASSWORD: 'hush' };
    expect(await place.velo(['parse'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    [['--name', '9lives'], "'9lives' cannot be the name of a project"],
    [['--adapter', 'oracle'], 'Allowed choices are duckdb, postgres'],
    [['--adapter', 'postgres', '--port', 'x'], "--port 'x' is not a whole number of at least 1"],
  ])('refuses %j', async (flags, message) => {
    const folder = emptyFolder();
    const { exitCode, stderr } = await folder.velo(['init', 'x', ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(folder.exists('x')).toBe(false);
  });

  it('leaves files that are there as they are, and a project alone', async () => {
    const folder = emptyFolder();
    folder.write({ 'own/seeds/visits.csv': 'mine\n1\n' });
    const { stdout } = await folder.velo(['init', 'own']);
    expect(stdout).toContain('  seeds/visits.csv (was there, and is as it was)\n');
    expect(folder.read('own/seeds/visits.csv')).toBe('mine\n1\n');
    const again = await folder.velo(['init', 'own', '--yes']);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('own holds a project already: velo_project.yml');
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

/** Answers each question of `velo init` in a terminal that `script` makes; '\u0003' is Ctrl-C. */
async function answer(
  dir: string,
  questions: readonly (readonly [question: string, answer: string])[],
): Promise<{ readonly exitCode: number; readonly text: string }> {
  const file = join(dir, 'init.sh');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' init\n`, { mode: 0o755 });
  const { PATH = '' } = readEnvironment();
  const child = spawn('script', ['-qec', file, '/dev/null'], {
    cwd: dir,
    env: { PATH, HOME: dir, NO_COLOR: '1', TERM: 'dumb' },
  });
  let text = '';
  let asked = 0;
  const open = [...questions];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const [next] = open;
    if (!next || !text.slice(asked).includes(next[0])) return;
    asked = text.length;
    open.shift();
    child.stdin.write(next[1]);
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, text };
}

describe.skipIf(!hasScript)('velo init in a terminal (skipped without script)', () => {
  it('asks, and asks again for what cannot be', async () => {
    const { dir } = emptyFolder();
    const { exitCode, text } = await answer(dir, [
      ['Name [my_project]: ', '9lives\r'],
      ['Name [my_project]: ', 'shop\r'],
      ['Folder, . for this one [shop]: ', '\r'],
      ['Database, duckdb or postgres [duckdb]: ', 'postgres\r'],
      ['Host [localhost]: ', 'db.example\r'],
      ['Port [5432]: ', '\r'],
      ['User [postgres]: ', 'me\r'],
      ['Database [shop]: ', '\r'],
      ['Schema [public]: ', '\r'],
      ['With a sample to start from, yes or no [yes]: ', 'no\r'],
    ]);
    expect([exitCode, text]).toEqual([0, expect.stringContaining('Made a project.')]);
    expect(text).toContain('letters, digits and underscores; no digit first');
    const made = openProject(join(dir, 'shop'), {});
    expect(made.read('profiles.yml')).toContain(
      'host: "db.example"\n      port: 5432\n      user: "me"',
    );
    expect(made.exists('models')).toBe(false);
  });

  it('makes nothing when it is interrupted, nor where a project is', async () => {
    const { dir } = emptyFolder();
    const interrupted = await answer(dir, [['Name [my_project]: ', '\u0003']]);
    expect(interrupted.exitCode).toBe(130);
    mkdirSync(join(dir, 'shop'));
    writeFileSync(join(dir, 'shop/dbt_project.yml'), 'name: shop\n');
    const there = await answer(dir, [
      ['Name [my_project]: ', 'shop\r'],
      ['Folder, . for this one [shop]: ', '\r'],
    ]);
    expect([there.exitCode, there.text]).toEqual([
      2,
      expect.stringContaining('shop holds a project already'),
    ]);
  });
});
