import { describe, expect, it } from 'vitest';
import { type Files, makeProject } from './velo.ts';

const PROFILES = `warehouse:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: warehouse.duckdb
`;

/** What `velo build` says of a project it cannot begin to build. */
async function refusalOf(files: Files, args: readonly string[] = []): Promise<string> {
  const project = makeProject({ 'models/orders.sql': 'select 1 as order_id\n', ...files });
  const { exitCode, stdout, stderr } = await project.velo(['build', ...args]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(project.exists('warehouse.duckdb')).toBe(false);
  expect(await project.relations()).toEqual([]);
  return stderr;
}

describe('profile and target', () => {
  it('no profiles.yml', async () => {
    const files = { 'velo_project.yml': 'name: shop\nprofile: warehouse\n' };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[profile-not-found] velo_project.yml:2:1
        profile 'warehouse' is named, but there is no <project>/profiles.yml or <project>/.dbt/profiles.yml
        2 | profile: warehouse
            ^
        hint: write one, name its folder with --profiles-dir, or take 'profile' out of the project file to use DuckDB
        docs: docs/errors/profile-not-found.md
      "
    `);
  });

  it('no such profile', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehous\n',
      'profiles.yml': PROFILES,
    };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[profile-not-found] velo_project.yml:2:1
        profiles.yml has no profile 'warehous'
        2 | profile: warehous
            ^
        hint: did you mean 'warehouse'?
        docs: docs/errors/profile-not-found.md
      "
    `);
  });

  it('no such profile, named by a flag', async () => {
    const stderr = await refusalOf({ 'profiles.yml': PROFILES }, ['--profile', 'lake']);
    expect(stderr).toMatchInlineSnapshot(`
      "error[profile-not-found]
        profiles.yml has no profile 'lake'
        hint: it has: warehouse
        docs: docs/errors/profile-not-found.md
      "
    `);
  });

  it('no such target', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': PROFILES,
    };
    expect(await refusalOf(files, ['--target', 'prod'])).toMatchInlineSnapshot(`
      "error[target-not-found] profiles.yml:4:5
        profile 'warehouse' has no target 'prod'
        4 |     dev:
                ^
        hint: it has: dev
        docs: docs/errors/target-not-found.md
      "
    `);
  });

  it('no such target of the built-in profile', async () => {
    expect(await refusalOf({}, ['--target', 'prod'])).toMatchInlineSnapshot(`
      "error[target-not-found]
        the built-in profile has no target 'prod'
        hint: its only target is 'dev'; others are those of a profile in profiles.yml that velo_project.yml names, or that has the project's name
        docs: docs/errors/target-not-found.md
      "
    `);
  });

  it('no such target of the profile that has the name of the project', async () => {
    const files = { 'profiles.yml': PROFILES.replace('warehouse:', 'shop:') };
    expect(await refusalOf(files, ['--target', 'prod'])).toMatchInlineSnapshot(`
      "error[target-not-found] profiles.yml:4:5
        profile 'shop' has no target 'prod'
        4 |     dev:
                ^
        hint: it has: dev
        docs: docs/errors/target-not-found.md
      "
    `);
  });

  it('an unknown key of the profile', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': PROFILES.replace('  target:', '  targt:'),
    };
    expect(await refusalOf(files, ['--target', 'dev'])).toMatchInlineSnapshot(`
      "error[unknown-key] profiles.yml:2:3
        unknown key 'targt' under warehouse
        2 |   targt: dev
              ^
        hint: did you mean 'target'?
        docs: docs/errors/unknown-key.md
      "
    `);
  });

  it('an unknown key of the target', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': `${PROFILES}      memory_limt: 1GB\n`,
    };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[invalid-config] profiles.yml:7:7
        target 'dev': unknown key 'memory_limt'
        7 |       memory_limt: 1GB
                  ^
        hint: did you mean 'memory_limit'?
        docs: docs/errors/invalid-config.md
      "
    `);
  });

  it('an unknown adapter', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': PROFILES.replace('type: duckdb', 'type: duckbd'),
    };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[unknown-name] profiles.yml:5:7
        unknown adapter 'duckbd'
        5 |       type: duckbd
                  ^
        hint: type can be duckdb, postgres
        docs: docs/errors/unknown-name.md
      "
    `);
  });

  it('a secret of the profile that is not set', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nprofile: warehouse\n',
      'profiles.yml': PROFILES.replace('warehouse.duckdb', `"{{ env_var('SHOP_PATH') }}"`),
    };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[env-var-missing] profiles.yml:6:16
        environment variable SHOP_PATH is not set
        6 |       path: "{{ env_var('SHOP_PATH') }}"
                           ^
        hint: set it, or give a default: env_var('SHOP_PATH', '…')
        docs: docs/errors/env-var-missing.md
      "
    `);
  });
});

describe('velo_project.yml', () => {
  it('is not YAML', async () => {
    const files = { 'velo_project.yml': 'name: shop\nvars: [1, 2\nmodels: {}\n' };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[yaml-syntax] velo_project.yml:3:1
        Flow sequence in block collection must be sufficiently indented and end with a ]
        3 | models: {}
            ^
        docs: docs/errors/yaml-syntax.md
      "
    `);
  });

  it('is indented with tabs', async () => {
    const files = { 'velo_project.yml': 'name: shop\nmodels:\n\tshop:\n' };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[yaml-syntax] velo_project.yml:3:1
        Tabs are not allowed as indentation
        3 |     shop:
            ^
        docs: docs/errors/yaml-syntax.md
      "
    `);
  });

  it('has an unknown key', async () => {
    const files = { 'velo_project.yml': 'name: shop\nmodel-path: [models]\n' };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[unknown-key] velo_project.yml:2:1
        unknown key 'model-path'
        2 | model-path: [models]
            ^
        hint: did you mean 'model-paths'?
        docs: docs/errors/unknown-key.md
      "
    `);
  });

  it('lacks its name', async () => {
    expect(await refusalOf({ 'velo_project.yml': "version: '1.0'\n" })).toMatchInlineSnapshot(`
      "error[yaml-schema] velo_project.yml:1:1
        name is missing
        1 | version: '1.0'
            ^
        docs: docs/errors/yaml-schema.md
      "
    `);
  });

  it('is empty', async () => {
    expect(await refusalOf({ 'velo_project.yml': '' })).toMatchInlineSnapshot(`
      "error[yaml-schema] velo_project.yml:1:1
        name is missing
        1 |
            ^
        docs: docs/errors/yaml-schema.md
      "
    `);
  });

  it('is a list', async () => {
    expect(await refusalOf({ 'velo_project.yml': '- name\n' })).toMatchInlineSnapshot(`
      "error[yaml-schema] velo_project.yml:1:1
        the file must be a mapping, not a list
        1 | - name
            ^
        docs: docs/errors/yaml-schema.md
      "
    `);
  });

  it('has an unknown config', async () => {
    const files = {
      'velo_project.yml': 'name: shop\nmodels:\n  shop:\n    +materialised: table\n',
    };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "error[unknown-config] velo_project.yml:4:5
        unknown config 'materialised'
        4 |     +materialised: table
                ^
        hint: did you mean 'materialized'?
        docs: docs/errors/unknown-config.md
      "
    `);
  });
});

describe('a folder without a project', () => {
  it('is said to be none', async () => {
    const project = makeProject({});
    project.remove('velo_project.yml');
    for (const command of ['build', 'ls', 'plan', 'clean']) {
      expect(await project.velo([command])).toEqual({
        exitCode: 2,
        stdout: '',
        stderr:
          'error[project-not-found]\n  <project> has no velo_project.yml\n' +
          '  hint: run velo in the folder of a project, name it with --project-dir, or make one: velo init\n' +
          '  docs: docs/errors/project-not-found.md\n',
      });
    }
  });
});
