import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject, openProject, type TestProject } from './velo.ts';

/** The starter project, made by `velo init` and built up to January 6; the tests below only read it. */
let folder: string;
let shop: TestProject;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'velo-e2e-'));
  await openProject(folder, {}).velo(['init', 'shop']);
  shop = openProject(join(folder, 'shop'), {});
  const { exitCode } = await shop.velo(['build', '--as-of', '2024-01-06']);
  expect(exitCode).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command that must succeed prints. */
/** What commands with an answer say of the project beside it. */
const withoutLog = (stderr: string): string =>
  stderr.replace(/^(?:Found .*|Concurrency: .*|)\n/gm, '');

async function said(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await shop.velo(args);
  expect([exitCode, withoutLog(stderr)]).toEqual([0, '']);
  return stdout;
}

describe('init', () => {
  it('makes a project and says what to do next', async () => {
    const project = openProject(folder, {});
    const result = await project.velo(['init', 'garden']);
    expect(result).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "",
        "stdout": "  velo_project.yml
        seeds/visits.csv
        models/shops.sql
        models/visits_by_shop.sql
        models/_models.yml
        .gitignore
      Made a project. Try: cd garden && velo build
      ",
      }
    `);
    const inside = openProject(join(folder, 'garden'), {});
    expect((await inside.velo(['build', '--as-of', '2024-01-06'])).exitCode).toBe(0);
  });

  it('does not touch a project that is there', async () => {
    const before = shop.read('velo_project.yml');
    expect(await shop.velo(['init', '.'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error[usage]\n  . holds a project already: velo_project.yml\n' +
        '  hint: name another folder: velo init my_project\n  docs: docs/errors/usage.md\n',
    });
    expect(shop.read('velo_project.yml')).toBe(before);
  });
});

describe('build', () => {
  it('has built what was known before each date', async () => {
    const rows = await shop.query(
      'select as_of_date, shop, visits::int, spent from visits_by_shop order by all',
    );
    // By hand from the five visits of the seed: each date sees the days before it only.
    expect(rows).toEqual([
      ['2024-01-02', 'north', 1, 12.5],
      ['2024-01-02', 'south', 1, 8],
      ['2024-01-04', 'north', 2, 32.5],
      ['2024-01-04', 'south', 1, 8],
      ['2024-01-05', 'north', 2, 32.5],
      ['2024-01-05', 'south', 2, 13.5],
    ]);
  });

  it('does nothing the second time and says so', async () => {
    const text = await said('build', '--as-of', '2024-01-06', '--threads', '2');
    expect(text).toMatchInlineSnapshot(`
      "Found 2 models, 6 data tests, 1 seed, 1 unit test

      Concurrency: 2 threads (target='dev')

      Nothing to do: all 10 nodes are up to date.

      Done. PASS=0 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=10 TOTAL=10
      "
    `);
  });

  it('goes on when nobody listens any more', async () => {
    const args = ['build', '--full-refresh', '--as-of', '2024-01-06', '--target-path', 'unheard'];
    expect((await shop.velo(args, { deaf: true })).exitCode).toBe(0);
    expect(shop.exists('unheard/run_results.json')).toBe(true);
    const { results } = shop.readJson('unheard/run_results.json') as { results: object[] };
    expect(results).toHaveLength(10);
  });

  it('tells of itself in JSON, one event a line', async () => {
    const text = await said('build', '--as-of', '2024-01-06', '--log-format', 'json', '-f');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonEvent);
    for (const { info } of events) {
      expect(info).toMatchObject({ name: expect.any(String), msg: expect.any(String) });
      expect(Number.isNaN(Date.parse(info.ts))).toBe(false);
    }
    expect(events.at(0)?.info.name).toBe('FoundStats');
    const done = events.flatMap(({ data }) => data.node_info?.unique_id ?? []);
    expect(done).toContain('model.shop.visits_by_shop');
  });
});

interface JsonEvent {
  readonly info: { readonly name: string; readonly msg: string; readonly ts: string };
  readonly data: { readonly node_info?: { readonly unique_id: string } };
}

/** Generic tests have a hash in their ids. */
const withoutHash = (id: string): string => id.replace(/\.[0-9a-f]{10}$/, '');

describe('run, test and seed', () => {
  it.each([
    ['run', ['model.shop.shops', 'model.shop.visits_by_shop']],
    ['seed', ['seed.shop.visits']],
    [
      'test',
      [
        'test.shop.accepted_range_visits_by_shop_visits__1',
        'test.shop.not_null_shops_shop',
        'test.shop.not_null_visits_by_shop_as_of_date',
        'test.shop.not_null_visits_by_shop_shop',
        'test.shop.unique_combination_visits_by_shop_shop__as_of_date',
        'test.shop.unique_shops_shop',
        'unit_test.shop.shops.visits_of_a_shop_are_one_row',
      ],
    ],
  ])('%s takes only its own kind', async (command, expected) => {
    await said(command, '--full-refresh', '--as-of', '2024-01-06');
    const { args, results } = shop.readJson('target/run_results.json') as {
      args: { which: string };
      results: { unique_id: string; status: string }[];
    };
    expect(args.which).toBe(command);
    const ids = results.map(({ unique_id }) => withoutHash(unique_id));
    expect(ids.sort()).toEqual(expected);
    const wanted = command === 'test' ? 'pass' : 'success';
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([wanted]));
  });
});

describe('compile', () => {
  it('prints the SQL of one model', async () => {
    const text = await said('compile', '-s', 'visits_by_shop', '--as-of', '2024-01-03');
    expect(text).toContain('from "shop"."main"."visits"\n');
    expect(text).toContain(
      "where d.as_of_date >= date '2024-01-02' and d.as_of_date < date '2024-01-04'\n",
    );
    expect(shop.read('target/compiled/shop/models/visits_by_shop.sql')).toContain(
      'from "shop"."main"."visits"',
    );
  });

  it('prints an inline query', async () => {
    const text = await said(
      'compile',
      '--inline',
      "select 1 + {{ 1 + 1 }} from {{ ref('visits') }}",
    );
    expect(text).toBe('Compiled inline node is:\nselect 1 + 2 from "shop"."main"."visits"\n');
  });

  it('shows where an inline query is wrong', async () => {
    const result = await shop.velo(['compile', '--inline', "select * from {{ ref('visit') }}"]);
    expect(result).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "stderr": "error[unknown-ref] inline_query.sql:1:18
        ref('visit') matches no node
        hint: did you mean 'visits'?
        docs: docs/errors/unknown-ref.md
      ",
        "stdout": "",
      }
    `);
  });
});

describe('show', () => {
  const QUERY = "select shop, count(*) as n from {{ ref('visits') }} group by shop order by shop";

  it('prints a table', async () => {
    expect(await said('show', '--inline', QUERY)).toMatchInlineSnapshot(`
      "Previewing inline node:
      | shop  | n |
      | ----- | - |
      | north | 3 |
      | south | 2 |
      "
    `);
  });

  it('prints JSON', async () => {
    const text = await said('show', '--inline', QUERY, '--output', 'json', '--limit', '1');
    expect(JSON.parse(text)).toEqual({
      show: [{ shop: 'north', n: 3 }],
    });
  });

  it('prints rows of a model', async () => {
    const text = await said(
      'show',
      '-s',
      'visits_by_shop',
      '--limit',
      '2',
      '--as-of',
      '2024-01-06',
    );
    expect(text).toContain("Previewing node 'visits_by_shop':\n");
    expect(text.trimEnd().split('\n')).toHaveLength(5);
  });

  it('prints rows of an analysis', async () => {
    const project = makeProject({ 'analyses/answer.sql': 'select {{ 6 * 7 }} as answer' });
    const { exitCode, stdout } = await project.velo(['show', '--select', 'answer']);
    expect(stdout).toContain("Previewing node 'answer':\n| answer |\n| ------ |\n|     42 |\n");
    expect(exitCode).toBe(0);
  });
});

describe('ls', () => {
  it.each([
    ['selector', 'shop.visits_by_shop\nshop.visits\n'],
    ['name', 'visits_by_shop\nvisits\n'],
    ['path', 'models/visits_by_shop.sql\nseeds/visits.csv\n'],
  ])('%s', async (output, expected) => {
    expect(
      await said(
        'ls',
        '-s',
        '+visits_by_shop',
        '--exclude',
        'resource_type:test',
        '--output',
        output,
      ),
    ).toBe(expected);
  });

  it('json', async () => {
    const text = await said('ls', '--resource-type', 'seed', '--output', 'json');
    expect(JSON.parse(text)).toMatchObject({
      name: 'visits',
      resource_type: 'seed',
      package_name: 'shop',
      original_file_path: 'seeds/visits.csv',
      unique_id: 'seed.shop.visits',
      tags: [],
      config: { materialized: 'seed', enabled: true },
    });
  });
});

describe('seed --show', () => {
  const ROWS = `
First rows of table: main.visits
--------------------------------
| visit_date | shop  | spent |
| ---------- | ----- | ----- |
| 2024-01-01 | north |  12.5 |
| 2024-01-01 | south |   8.0 |
| 2024-01-02 | north |  20.0 |
| 2024-01-04 | south |   5.5 |
| 2024-01-05 | north |   7.0 |
`;

  it('prints the first rows of a seed, also of one that is up to date', async () => {
    for (const options of [['--no-reuse'], []]) {
      const text = await said('seed', '--show', ...options);
      expect(text.slice(text.indexOf('\nFirst rows'))).toBe(ROWS);
    }
  });
});

describe('plan', () => {
  it('shows ranges and reasons, and changes nothing', async () => {
    const before = shop.read('target/run_results.json');
    const text = await said('plan', '--as-of', '2024-01-09');
    // How long the last run took is another matter every time.
    expect(text.replace(/about \d+\.\d\d s/, 'about n s')).toMatchInlineSnapshot(`
      "node            what    range                    SQL  why
      --------------  ------  -----------------------  ---  -----
      visits_by_shop  insert  2024-01-07 … 2024-01-09    1  asked

      1 node to build, 1 statement, about n s of work, 5 nodes unchanged, as of 2024-01-09.
      "
    `);
    expect(shop.read('target/run_results.json')).toBe(before);
  });

  it('is data with --output json', async () => {
    const text = await said('plan', '--as-of', '2024-01-09', '--output', 'json');
    const { as_of_end, steps } = JSON.parse(text) as {
      as_of_end: string;
      steps: readonly Record<string, unknown>[];
    };
    expect(as_of_end).toBe('2024-01-10T00:00:00.000Z');
    expect(steps.map(({ unique_id, action }) => [withoutHash(String(unique_id)), action])).toEqual([
      ['seed.shop.visits', 'reuse'],
      ['model.shop.shops', 'reuse'],
      ['model.shop.visits_by_shop', 'build'],
      ['test.shop.not_null_shops_shop', 'reuse'],
      ['test.shop.unique_shops_shop', 'reuse'],
      ['unit_test.shop.shops.visits_of_a_shop_are_one_row', 'reuse'],
    ]);
    expect(steps[2]).toMatchObject({
      batches: [{ start: '2024-01-07', end: '2024-01-10' }],
      reasons: [{ code: 'asked', text: '2024-01-07 … 2024-01-09' }],
      strategy: 'set-based',
      strategy_reason: 'batch_size auto',
    });
  });
});

describe('debug', () => {
  it('shows settings and that the database answers', async () => {
    const text = await said('debug', '--target', 'dev');
    expect(
      text.replace(/^threads: +\d+$/m, 'threads: n').replace(/v\d+\.\d+\.\d+/, 'v0.0.0'),
    ).toMatchInlineSnapshot(`
      "project:    shop (velo_project.yml)
      profile:    built-in
      target:     dev (duckdb, schema main)
      database:   target/shop.duckdb
      threads: n
      connection: answers (v0.0.0)
      All checks passed.
      "
    `);
  });

  it('shows a database that does not', async () => {
    shop.write({ 'broken/shop.duckdb': 'hello '.repeat(5000) });
    const { exitCode, stdout } = await shop.velo(['debug', '--target-path', 'broken']);
    expect(exitCode).toBe(1);
    expect(stdout.replace(/^threads: +\d+$/m, 'threads: n')).toMatchInlineSnapshot(`
      "project:    shop (velo_project.yml)
      profile:    built-in
      target:     dev (duckdb, schema main)
      database:   broken/shop.duckdb
      threads: n
      connection: does not answer
      error[database-unusable]
        <project>/broken/shop.duckdb is not a DuckDB database
        hint: move it away and build anew, or set path of the target to another file
        docs: docs/errors/database-unusable.md
      Some checks failed.
      "
    `);
  });
});

describe('clean', () => {
  it('removes what was made, and nothing else', async () => {
    await openProject(folder, {}).velo(['init', 'yard']);
    const yard = openProject(join(folder, 'yard'), {});
    await yard.velo(['build', '--as-of', '2024-01-06']);
    expect(yard.exists('target')).toBe(true);
    expect(await yard.velo(['clean'])).toEqual({
      exitCode: 0,
      stdout:
        'Checking <project>/target/*\nCleaned <project>/target/*\nFinished cleaning all paths.\n',
      stderr: '',
    });
    expect(yard.exists('target')).toBe(false);
    expect(yard.exists('seeds/visits.csv')).toBe(true);
  });
});
