import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { makeProject, type TestProject } from './velo.ts';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

const SHOP = {
  'velo_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml':
    'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: target/shop.duckdb}\n    prod: {type: duckdb, path: "{{ env_var(\'PROD\') }}"}\n',
  'seeds/visits.csv': 'shop,spent\nnorth,1\n',
  'macros/times.sql': '{% macro times(column) %}{{ column }} * 10{% endmacro %}\n',
  'models/marts/spent.sql':
    "{{ config(tags=['nightly']) }}\nselect shop, spent from {{ ref('visits') }}\n",
  'models/spread.sql': "{{ config(materialized='table') }}\nselect 1 as a\n",
  'models/_models.yml': `sources: [{name: web, tables: [{name: clicks}]}]
models:
  - name: spent
    columns:
      - {name: shop, description: Where., data_tests: [not_null]}
      - {name: spent}
`,
  'selectors.yml': 'selectors: [{name: evening, definition: "tag:nightly"}]\n',
};

/** The candidates for the last of some words, without what is said of them. */
async function complete(project: TestProject, ...words: readonly string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await project.velo(['__complete', '--', ...words]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0] ?? '');
}

async function parsedShop(): Promise<TestProject> {
  const project = makeProject(SHOP);
  expect((await project.velo(['parse'])).exitCode).toBe(0);
  return project;
}

describe('what velo completes', () => {
  it('knows commands, options and their words without a project', async () => {
    const project = makeProject({});
    project.remove('velo_project.yml');
    const of = (...words: readonly string[]) => complete(project, ...words);
    expect(await of('se')).toEqual(['seed']);
    expect(await of('build', '--full')).toEqual(['--full-refresh']);
    expect(await of('build', '--full-refresh', '--full')).toEqual([]);
    expect(await of('ls', '--output', '')).toEqual(['selector', 'name', 'path', 'json']);
    expect(await of('ls', '--output=p')).toEqual(['--output=path']);
    expect(await of('docs', 's')).toEqual(['serve']);
    expect(await of('build', '--threads', '')).toEqual([]);
    expect(await of('build', '--state', 'x')).toEqual([':folders']);
    expect(await of('nothing', '')).toEqual([]);
    expect(await of('build', '--select', 'state:o')).toEqual(['state:old']);
    expect(await of('build', '--select', 's')).toEqual([
      ...['source:', 'semantic_model:', 'saved_query:', 'state:', 'source_status:'],
    ]);
  });

  it('knows names of the project, as it was read last', async () => {
    const project = await parsedShop();
    const of = (...words: readonly string[]) => complete(project, ...words);
    expect(await of('build', '--select', 'sp')).toEqual(['spent', 'spread']);
    expect(await of('build', '-s', 'spent', '+sp')).toEqual(['+spent', '+spread']);
    expect(await of('build', '-s', 'tag:nightly,2+spr')).toEqual(['tag:nightly,2+spread']);
    expect(await of('build', '-s', '@tag:')).toEqual(['@tag:nightly']);
    expect(await of('build', '-s', 'not_')).toEqual(['not_null_spent_shop']);
    expect(await of('build', '-s', 'path:models/')).toEqual([
      ...['path:models/_models.yml', 'path:models/marts/', 'path:models/spread.sql'],
    ]);
    expect(await of('build', '-s', 'source:w')).toEqual(['source:web', 'source:web.clicks']);
    expect(await of('build', '-s', 'config.materialized:t')).toEqual(['config.materialized:table']);
    expect(await of('build', '--selector', '')).toEqual(['evening']);
    expect(await of('build', '--target', '')).toEqual(['dev', 'prod']);
    expect(await of('push', '--to', 'p')).toEqual(['prod']);
    expect(await of('build', '--profile', '')).toEqual(['shop']);
    expect(await of('lineage', 'spent.s')).toEqual(['spent.shop', 'spent.spent']);
    expect(await of('run-operation', 'time')).toEqual(['times']);
    project.write({ 'models/spread2.sql': 'select {{ broken' });
    expect(await of('build', '-s', 'spr')).toEqual(['spread']);
    expect(
      await complete(makeProject({}), 'ls', '--project-dir', project.dir, '-s', 'spr'),
    ).toEqual(['spread']);
  });

  it('names a shell that it has no script for', async () => {
    const { exitCode, stderr } = await makeProject({}).velo(['completion', 'bsh']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("hint: did you mean 'bash'?");
  });
});

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** Runs a script of a shell in a project, with `velo` in its path and the completion script in `$1`. */
async function inShell(shell: string, script: string, project: TestProject): Promise<string[]> {
  const bin = join(project.dir, 'velo');
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  const { stdout: text } = await project.velo(['completion', shell]);
  const file = join(project.dir, 'completion');
  writeFileSync(file, text);
  const { PATH = '' } = readEnvironment();
  const options = {
    cwd: project.dir,
    env: { PATH: project.dir + delimiter + PATH, HOME: project.dir },
  };
  const { stdout, stderr } = spawnSync(shell, ['-c', script, shell, file], options);
  expect(String(stderr)).toBe('');
  return String(stdout).split('\n').slice(0, -1);
}

/** What bash is left with for each line: words that stand behind the last of its breaks. */
const BASH = `source "$1"
for COMP_LINE in 'velo bui' 'velo build --select +spr' 'velo build -s tag:n' 'velo build --full-refresh -s @spe' \\
    'velo ls --output=n' 'velo build --state mo' 'velo docs '; do
  COMP_POINT=\${#COMP_LINE}
  _velo
  echo "$COMP_LINE: \${COMPREPLY[*]}"
done
complete -p velo
`;

describe('completion in shells', () => {
  it('completes in bash', async () => {
    expect(await inShell('bash', BASH, await parsedShop())).toEqual([
      'velo bui: build',
      'velo build --select +spr: +spread',
      'velo build -s tag:n: nightly',
      'velo build --full-refresh -s @spe: spent',
      'velo ls --output=n: name',
      'velo build --state mo: models',
      'velo docs : generate serve',
      'complete -F _velo velo',
    ]);
  });

  it.skipIf(!isThere('zsh'))('completes in zsh (skipped where there is none)', async () => {
    const script = `compdef() { :; }
compadd() { local -a it=(\${(P)@[-1]}); print -r -- "$it"; }
source "$1"
words=(velo build -s tag:); CURRENT=4; PREFIX='tag:'; _velo
words=(velo build -s pa); CURRENT=4; PREFIX='pa'; _velo
`;
    const printed = await inShell('zsh', script, await parsedShop());
    expect(printed).toEqual(['tag:nightly', 'path: package:']);
  });

  it.skipIf(!isThere('fish'))('completes in fish (skipped where there is none)', async () => {
    const script =
      "source completion; for line in 'velo bui' 'velo ls -s +spr' 'velo docs '; complete -C $line; end";
    const printed = await inShell('fish', script, await parsedShop());
    expect(printed.map((line) => line.split('\t')[0])).toEqual([
      ...['build', '+spread', 'generate', 'serve'],
    ]);
  });
});
