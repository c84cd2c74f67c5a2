import { describe, expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const FILES = {
  'seeds/raw.csv': 'id\n1\n',
  'models/staging/orders.sql': "{{ config(tags=['nightly']) }}select id from {{ ref('raw') }}\n",
  'models/marts/totals.sql': "select count(*) as n from {{ ref('orders') }}\n",
  'models/marts/extra.sql': 'select 1 as id\n',
  'models/_models.yml': `
models:
  - name: orders
    columns: [{name: id, data_tests: [unique]}]
`,
  'analyses/look.sql': "select * from {{ ref('totals') }}\n",
};

const SELECTORS = `
selectors:
  - name: night
    definition:
      union:
        - {method: tag, value: nightly, children: true, children_depth: 1}
        - raw
        - exclude: ['resource_type:test']
  - name: marts
    definition: {path: models/marts}
  - name: both
    definition:
      intersection:
        - {method: selector, value: night}
        - {method: selector, value: marts}
  - name: round
    definition: {method: selector, value: trip}
  - name: trip
    definition: {method: selector, value: round}
`;

const project = (selectors = SELECTORS) => makeProject({ ...FILES, 'selectors.yml': selectors });

/** `ls` says what it found before it says anything else. */
const afterFound = (stderr: string): string => stderr.replace(/^Found .*\n/, '');

describe('selectors.yml', () => {
  it.each([
    ['night', ['shop.staging.orders', 'shop.marts.totals', 'shop.raw']],
    ['marts', ['shop.marts.extra', 'shop.marts.totals']],
    ['both', ['shop.marts.totals']],
  ])('%s', async (name, lines) => {
    const { exitCode, stdout, stderr } = await project().velo(['ls', '--selector', name]);
    expect([exitCode, afterFound(stderr), stdout.trim().split('\n')]).toEqual([0, '', lines]);
  });

  it('is a method, too', async () => {
    const { stdout } = await project().velo(['ls', '-s', 'selector:both', 'extra']);
    expect(stdout).toBe('shop.marts.extra\nshop.marts.totals\n');
  });

  it('--selector leaves --select alone and says so', async () => {
    const { stdout, stderr } = await project().velo(['ls', '--selector', 'marts', '-s', 'orders']);
    expect(stdout).toBe('shop.marts.extra\nshop.marts.totals\n');
    expect(stderr).toBe(
      'The --select and --exclude arguments are being ignored for node selection because --selector is provided\n' +
        'Found 3 models, 1 analysis, 1 test, 1 seed\n',
    );
  });

  it('the default one is used where nothing is selected', async () => {
    const shop = project('selectors: [{name: usual, default: true, definition: raw}]\n');
    const { stdout, stderr } = await shop.velo(['ls']);
    expect([stdout, afterFound(stderr)]).toEqual(['shop.raw\n', 'Using default selector usual\n']);
    expect((await shop.velo(['ls', '-s', 'extra'])).stdout).toBe('shop.marts.extra\n');
    const built = await shop.velo(['build']);
    expect(built.exitCode).toBe(0);
    expect(await shop.relations()).toEqual(['raw']);
  });

  it('mistakes', async () => {
    const shop = project();
    const unknown = await shop.velo(['ls', '--selector', 'nigth']);
    expect([unknown.exitCode, afterFound(unknown.stderr)]).toEqual([
      2,
      "error[selector-syntax]\n  selectors.yml has no selector 'nigth'\n  hint: did you mean 'night'?\n  docs: docs/errors/selector-syntax.md\n",
    ]);
    const circle = await shop.velo(['ls', '--selector', 'round']);
    expect(circle.stderr).toContain('selectors name each other: round -> trip -> round');
    const bad = project('selectors: [{name: a, definition: {methd: tag, value: x}}]\n');
    expect((await bad.velo(['ls'])).stderr).toContain('selectors.yml:1');
  });
});

describe('ls', () => {
  it('kinds', async () => {
    const shop = project();
    const list = async (...args: readonly string[]) =>
      (await shop.velo(['ls', '--output', 'name', ...args])).stdout.trim().split('\n');
    expect(await list('--resource-type', 'seed', '--resource-type', 'analysis')).toEqual([
      'look',
      'raw',
    ]);
    expect(await list('--resource-types', 'all', '--exclude-resource-types', 'model')).toEqual([
      'look',
      'raw',
      'unique_orders_id',
    ]);
    expect(await list('--exclude-resource-type', 'test', 'seed')).toEqual(
      ['extra', 'totals', 'orders'].toSorted(),
    );
    const odd = await shop.velo(['ls', '--resource-type', 'modl']);
    expect([odd.exitCode, odd.stderr]).toEqual([
      2,
      expect.stringContaining("'modl' is no resource type"),
    ]);
  });

  it('-m lists models, and is told to be old', async () => {
    const { stdout, stderr } = await project().velo(['ls', '-m', 'orders']);
    expect(stdout).toBe('shop.staging.orders\n');
    const usage =
      'Usage of `--models`, `--model`, and `-m` is deprecated in favor of `--select` or\n`-s`.\n';
    const found = 'Found 3 models, 1 analysis, 1 test, 1 seed\n';
    expect(stderr).toBe(
      `[WARNING][ModelParamUsageDeprecation]: Deprecated functionality\n${usage}${found}` +
        '[WARNING][DeprecationsSummary]: Deprecated functionality\nSummary of encountered deprecations:\n' +
        '- ModelParamUsageDeprecation: 1 occurrence\n' +
        'To see all deprecation instances instead of just the first occurrence of each,\n' +
        'run command again with the `--show-all-deprecations` flag.\n',
    );
  });

  it('nothing', async () => {
    const shop = project();
    expect(await shop.velo(['ls', '-s', 'nothing_at_all'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr:
        "Found 3 models, 1 analysis, 1 test, 1 seed\n[WARNING]: The selection criterion 'nothing_at_all' does not match any enabled nodes\n[WARNING]: No nodes selected!\n",
    });
    expect(await shop.velo(['ls', '-q', '-s', 'nothing_at_all'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('keys of JSON, as Python writes it', async () => {
    const shop = makeProject({
      'models/x.sql': "{{ config(tags=['é', 'b']) }}select 1 as x\n",
    });
    const keys = ['--output-keys', 'name nope', 'config.materialized', 'tags'];
    const { stdout } = await shop.velo(['ls', '--output', 'json', ...keys]);
    expect(stdout).toBe('{"name": "x", "config.materialized": "view", "tags": ["\\u00e9", "b"]}\n');
  });
});

describe('parse', () => {
  it('writes the manifest and opens no database', async () => {
    const shop = project();
    const { exitCode, stdout, stderr } = await shop.velo(['parse']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Found 3 models, 1 analysis, 1 test, 1 seed/);
    expect(Object.keys(shop.readJson('target/manifest.json')['nodes'] as object).sort()).toEqual([
      'analysis.shop.look',
      'model.shop.extra',
      'model.shop.orders',
      'model.shop.totals',
      'seed.shop.raw',
      expect.stringMatching(/^test\.shop\.unique_orders_id\.[0-9a-f]{10}$/),
    ]);
    expect(shop.exists('target/shop.duckdb')).toBe(false);
  });

  it('--no-partial-parse reads anew what a cache says otherwise', async () => {
    const shop = project();
    await shop.velo(['parse']);
    const cache = 'target/parse_index';
    const text = shop.read(cache);
    // Of the same length: the file says where in it everything is.
    shop.write({ [cache]: text.replaceAll('"nightly"', '"daytime"') });
    expect((await shop.velo(['ls', '-s', 'tag:daytime', '--output', 'name'])).stdout).toContain(
      'orders',
    );
    const anew = ['ls', '--no-partial-parse', '-s', 'tag:nightly', '--output', 'name'];
    expect((await shop.velo(anew)).stdout).toContain('orders');
  });

  it('tells all mistakes at once', async () => {
    const shop = makeProject({
      'models/a.sql': "select * from {{ ref('nowhere') }}\n",
      'models/b.sql': "select * from {{ source('no', 'where') }}\n",
    });
    const { exitCode, stdout, stderr } = await shop.velo(['parse']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error[unknown-ref] models/a.sql:1');
    expect(stderr).toContain('error[unknown-source] models/b.sql:1');
  });
});
