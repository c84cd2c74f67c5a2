import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, makeProject } from './velo.ts';

const VALUE = 'correct-horse';
const env = { VELO_SECRET_TOKEN: VALUE, DBT_ENV_SECRET_TOKEN: VALUE };

const WAREHOUSE = (path: string) => `warehouse:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: ${path}
`;

/** What velo says of files that read a secret. */
async function faultsOf(files: Files): Promise<string> {
  const project = makeProject({ 'models/m.sql': 'select 1 as a\n', ...files });
  const { exitCode, stdout, stderr } = await project.velo(['build'], { env });
  expect(exitCode).toBe(2);
  expect(stdout + stderr).not.toContain(VALUE);
  return stderr;
}

describe('a secret environment variable', () => {
  it('is refused in a model', async () => {
    const files = { 'models/m.sql': "select '{{ env_var('VELO_SECRET_TOKEN') }}' as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[secret-env-var] models/m.sql:1:12
        environment variable VELO_SECRET_TOKEN is secret: only profiles.yml and packages.yml may read it
        1 | select '{{ env_var('VELO_SECRET_TOKEN') }}' as a
                       ^
        hint: if it is no secret, give it a name that does not begin with DBT_ENV_SECRET or VELO_SECRET
        docs: docs/errors/secret-env-var.md
      "
    `);
  });

  it('is refused in a macro, though it has a default', async () => {
    const files = {
      'macros/token.sql':
        "{% macro token() %}{{ env_var('DBT_ENV_SECRET_TOKEN', 'x') }}{% endmacro %}\n",
      'models/m.sql': "select '{{ token() }}' as a\n",
    };
    const stderr = await faultsOf(files);
    expect(stderr).toContain('error[secret-env-var] macros/token.sql:1:');
  });

  it.each([
    ['a description', 'description: "{{ env_var(\'DBT_ENV_SECRET_TOKEN\') }}"'],
    ['a config', 'config: {tags: ["{{ env_var(\'DBT_ENV_SECRET_TOKEN\') }}"]}'],
  ])('is refused in %s', async (_, line) => {
    const stderr = await faultsOf({ 'models/m.yml': `models:\n  - name: m\n    ${line}\n` });
    expect(stderr).toContain('error[secret-env-var] models/m.yml:3:');
  });

  it('is refused in the project file', async () => {
    const stderr = await faultsOf({
      'velo_project.yml': `name: shop\nmodels:\n  shop:\n    +tags: "{{ env_var('VELO_SECRET_TOKEN') }}"\n`,
    });
    expect(stderr).toContain('error[secret-env-var] velo_project.yml:4:');
  });

  it('is kept out of files when it stands in a branch that is not taken', async () => {
    const project = makeProject({
      'models/m.sql': "select 1 as a{% if false %}{{ env_var('VELO_SECRET_TOKEN') }}{% endif %}\n",
    });
    expect((await project.velo(['build'], { env })).exitCode).toBe(0);
    const files = readdirSync(project.dir, { recursive: true, withFileTypes: true });
    const holding = files.filter(
      (file) => file.isFile() && readFileSync(join(file.parentPath, file.name)).includes(VALUE),
    );
    expect(holding.map(({ name }) => name)).toEqual([]);
  });

  it('opens the database, and is covered where its value would be shown', async () => {
    const project = makeProject({
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': WAREHOUSE(`"{{ env_var('VELO_SECRET_TOKEN') }}.duckdb"`),
      'models/m.sql': 'select 1 as a\n',
    });
    const built = await project.velo(['build'], { env });
    expect(built.exitCode).toBe(0);
    expect(project.exists(`${VALUE}.duckdb`)).toBe(true);
    const checked = await project.velo(['debug'], { env });
    const shown = [built, checked].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(shown).not.toContain(VALUE);
    expect(shown).toContain('*****.duckdb');
  });

  it('is covered in the message of the database', async () => {
    const project = makeProject({
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': WAREHOUSE(`"models/{{ env_var('DBT_ENV_SECRET_TOKEN') }}/no.duckdb"`),
      'models/m.sql': 'select 1 as a\n',
    });
    const { exitCode, stdout, stderr } = await project.velo(['build'], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('*****');
    expect(stdout + stderr).not.toContain(VALUE);
  });
});

describe('flags: of the project file', () => {
  it('say how dbt.equals compares', async () => {
    const model = { 'models/m.sql': "select {{ dbt.equals('null', 'null') }} as same\n" };
    for (const [flags, expected] of [
      ['{}', null],
      ['{enable_truthy_nulls_equals_macro: true}', true],
    ] as const) {
      const project = makeProject({
        ...model,
        'velo_project.yml': `name: shop\nflags: ${flags}\n`,
      });
      expect((await project.velo(['build'])).exitCode).toBe(0);
      expect(await project.query('select same from m')).toEqual([[expected]]);
    }
  });
});
