import { expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const MODEL = { 'models/a.sql': 'select 1 as a\n' };

it('a run is logged with its phases, also one that cannot start; clean removes it', async () => {
  const project = makeProject(MODEL);
  expect((await project.velo(['build'])).exitCode).toBe(0);
  const log = project.read('logs/velo.log');
  for (const phase of ['read the files of the project', 'planned', 'checked the SQL', 'ran what']) {
    expect(log).toMatch(new RegExp(`\\[debug\\] \\[MainThread\\]: ${phase}.* in \\d+\\.\\d\\ds`));
  }
  expect(log).toMatch(/\[info \] \[Thread-1\]: 1 of 1 OK created sql view model main\.a /);
  project.write({ 'models/b.sql': "select * from {{ ref('c') }}\n" });
  expect((await project.velo(['build'])).exitCode).toBe(2);
  expect(project.read('logs/velo.log')).toContain(
    '[error] [MainThread]: error[unknown-ref] models/b.sql:1:18',
  );
  project.write({ 'logs/other.log': 'kept' });
  await project.velo(['clean']);
  expect([project.exists('logs/velo.log'), project.exists('logs/other.log')]).toEqual([
    false,
    true,
  ]);
});

it('--log-path and --log-level-file say where, and whether', async () => {
  const project = makeProject(MODEL);
  await project.velo(['run', '--log-level-file', 'none']);
  await project.velo(['run', '--log-path', 'elsewhere', '--log-format-file', 'json']);
  expect(project.exists('logs')).toBe(false);
  const names = project
    .read('elsewhere/velo.log')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).info.name);
  expect(names).toContain('PhaseEnded');
  expect(names).toContain('EndOfRunSummary');
});

it('a log folder that cannot be is an error when it was asked for, and none when not', async () => {
  const project = makeProject({ ...MODEL, logs: 'a file' });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  const { exitCode, stderr } = await project.velo(['run', '--log-path', 'logs/in']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--log-path 'logs/in': ")]);
});

it('no folder is made where there is no project', async () => {
  const project = makeProject({ 'empty/file': '' });
  expect((await project.velo(['run', '--project-dir', 'empty'])).exitCode).toBe(2);
  expect(project.exists('empty/logs')).toBe(false);
});

it('--debug tells of the phases on the terminal, and other formats do not', async () => {
  const project = makeProject(MODEL);
  expect((await project.velo(['run', '--debug'])).stdout).toContain('opened the database in 0.00s');
  expect((await project.velo(['run', '-f', '--log-format', 'json'])).stdout).not.toContain('Phase');
});
