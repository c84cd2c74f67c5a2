import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const MODEL = { 'models/staging/orders.sql': 'select 1 as order_id\n' };

const project = (text: string) =>
  makeProject({ ...MODEL, 'velo_project.yml': `name: shop\n${text}` });

describe('template limits', () => {
  const LOOP =
    '{% set total = namespace(x=0) %}{% for i in range(1000) %}{% for j in range(1000) %}{% set total.x = j %}{% endfor %}{% endfor %}select 1 as x\n';
  const RECURSION = {
    'macros/deep.sql':
      '{% macro deep(n) %}{% if n > 0 %}{{ deep(n - 1) }}{% else %}1{% endif %}{% endmacro %}\n',
    'models/x.sql': 'select {{ deep(50) }} as x\n',
  };
  const WRITER = "{% for i in range(1000000) %}{{ 'x' * 100000 }}{% endfor %}\n";

  it('a loop without end, by the flag, the environment and the project file', async () => {
    const shop = makeProject({ 'models/x.sql': LOOP });
    const message = /error\[template-limit\] models\/x\.sql:1/;
    const byFlag = await shop.velo(['parse', '--max-template-loops', '5000']);
    expect([byFlag.exitCode, byFlag.stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(byFlag.stderr).toContain('5000');
    const byEnvironment = await shop.velo(['parse'], { env: { VELO_MAX_TEMPLATE_LOOPS: '5000' } });
    expect([byEnvironment.exitCode, byEnvironment.stderr]).toEqual([2, byFlag.stderr]);
    shop.write({ 'velo_project.yml': 'name: shop\nflags: {max_template_loops: 5000}\n' });
    expect((await shop.velo(['parse'])).stderr).toBe(byFlag.stderr);
    // The environment wins over the file, and the flag over both.
    const env = { VELO_MAX_TEMPLATE_LOOPS: '100' };
    const enough = await shop.velo(['parse', '--max-template-loops', '2000000'], { env });
    expect([enough.exitCode, enough.stderr]).toEqual([0, '']);
  });

  it('a loop of a thousand million turns is stopped without any flag', async () => {
    const shop = makeProject({
      'models/x.sql':
        '{% for i in range(1000000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}select 1\n',
    });
    const { exitCode, stderr } = await shop.velo(['compile']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error\[template-limit\] models\/x\.sql:1/m);
  });

  it('recursion', async () => {
    const shop = makeProject(RECURSION);
    const stopped = await shop.velo(['compile', '--max-template-depth', '20']);
    expect(stopped.exitCode).toBe(2);
    expect(stopped.stderr).toContain('error[template-limit] macros/deep.sql:1');
    expect(stopped.stderr).toContain('more than 20 deep');
    const { exitCode, stdout } = await shop.velo(['compile', '-s', 'x', '-q']);
    expect([exitCode, stdout]).toEqual([0, 'select 1 as x\n']);
  });

  it('a template that would write gigabytes', async () => {
    const shop = makeProject({ 'models/x.sql': WRITER });
    const stopped = await shop.velo(['parse', '--max-template-output', '1000000']);
    expect(stopped.exitCode).toBe(2);
    expect(stopped.stderr).toContain('error[template-limit] models/x.sql:1');
    expect((await shop.velo(['parse'])).stderr).toContain('error[template-limit] models/x.sql:1');
  });

  it('a limit that is no number', async () => {
    const { exitCode, stderr } = await project('flags:\n  max_template_depth: deep\n').velo(['ls']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[invalid-config] velo_project.yml:3');
    expect((await project('').velo(['ls', '--max-template-depth', '0'])).stderr).toBe(
      "error[usage]\n  --max-template-depth '0' is not a whole number of at least 1\n  docs: docs/errors/usage.md\n",
    );
  });
});

describe('warnings', () => {
  const STRAY =
    'models:\n  shop:\n    stagin:\n      +materialized: view\n    staging:\n      +tags: [a]\n';

  it('settings for folders that are not there', async () => {
    const { exitCode, stderr } = await project(STRAY).velo(['parse']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      '[WARNING]: Configuration paths exist in your velo_project.yml file which do not apply to any resources.\n' +
        'There are 1 unused configuration paths:\n- models.shop.stagin\n',
    );
  });

  it('--warn-error, the environment and the project file make them errors', async () => {
    const shop = project(STRAY);
    const { exitCode, stdout, stderr } = await shop.velo(['build', '--warn-error']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error[warn-error] velo_project.yml:4');
    expect(stderr).toContain('- models.shop.stagin\n');
    const env = { DBT_WARN_ERROR: 'true' };
    expect((await shop.velo(['ls', '-s', 'nothing_here'], { env })).exitCode).toBe(2);
    const file = project(`flags: {warn_error: true}\n${STRAY}`);
    expect((await file.velo(['parse'])).stderr).toContain('error[warn-error]');
  });

  it('--warn-error counts for a project that was read before', async () => {
    const shop = makeProject({
      'models/x.sql': "{{ exceptions.warn('old model') }}select 1 as x\n",
    });
    expect((await shop.velo(['parse'])).stderr).toContain('[WARNING]: old model');
    const refused = await shop.velo(['ls', '--warn-error']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('old model');
  });

  it('a test that warns fails with --warn-error', async () => {
    const shop = makeProject({
      ...MODEL,
      'tests/no_orders.sql': "{{ config(severity='warn') }}\nselect * from {{ ref('orders') }}\n",
    });
    const warned = await shop.velo(['build']);
    expect(warned.exitCode).toBe(0);
    expect(warned.stdout).toContain('WARN=1');
    const failed = await shop.velo(['test', '--warn-error']);
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('ERROR=1');
  });
});

describe('--quiet', () => {
  it('prints nothing of what goes well, and what failed', async () => {
    const shop = makeProject({ ...MODEL, 'models/bad.sql': 'select nothing as x\n' });
    const good = await shop.velo(['build', '-q', '-s', 'orders']);
    expect(good).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const bad = await shop.velo(['build'], { env: { VELO_QUIET: '1' } });
    expect(bad.exitCode).toBe(1);
    expect(bad.stdout).toContain('in model bad (models/bad.sql)');
    expect(bad.stdout).not.toContain('orders');
    const parsed = await shop.velo(['parse', '-q']);
    expect(parsed).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('versions a project needs', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );

  it('refuses others, unless it is not to look', async () => {
    const shop = project('require-dbt-version: [">=1.0.0", "<1.12.0"]\n');
    const { exitCode, stderr } = await shop.velo(['parse']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[invalid-config] velo_project.yml:2');
    expect(stderr).toContain('require-dbt-version');
    expect((await shop.velo(['parse', '--no-version-check'])).exitCode).toBe(0);
    const env = { VELO_VERSION_CHECK: 'false' };
    expect((await shop.velo(['ls'], { env })).stdout).toBe('shop.staging.orders\n');
  });

  it('compares with the version of package.json', async () => {
    const met = project(
      `require-velo-version: "=${version}"\nrequire-dbt-version: ">=1.8.0,<2.0.0"\n`,
    );
    expect((await met.velo(['parse'])).exitCode).toBe(0);
    const unmet = project('require-velo-version: ">=99.0.0"\n');
    expect((await unmet.velo(['parse'])).stderr).toContain(`velo ${version}`);
    const wrong = project('require-velo-version: newest\n');
    expect((await wrong.velo(['parse'])).stderr).toContain("'newest' is not a version");
  });
});
