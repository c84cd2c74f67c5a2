import { describe, expect, it } from 'vitest';
import { type Files, makeProject } from './velo.ts';

/** `code file:line` of each error, in their order. */
const headings = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^error\[([\w-]+)\](?: (.+?:\d+):\d+)?$/gm)].map(([, code, place]) =>
    place === undefined ? String(code) : `${code} ${place}`,
  );

async function faultsOf(files: Files): Promise<readonly string[]> {
  const { exitCode, stderr } = await makeProject(files).velo(['parse']);
  expect(exitCode, stderr).toBe(2);
  return headings(stderr);
}

describe('all faults of a project are told in one run', () => {
  it('of YAML, of templates, of references and circles, in the order of files', async () => {
    const { exitCode, stderr } = await makeProject({
      'models/a.sql': "select * from {{ ref('nope') }}\n",
      'models/b.sql': 'select {{ 1 + }}\n',
      'models/c.sql': "select * from {{ ref('d') }}\n",
      'models/d.sql': "select * from {{ ref('c') }}\n",
      'models/e.sql': "select * from {{ source('raw', 'orders') }}\n",
      'models/schema.yml': 'models:\n  - name: a\n    descripton: x\n  - name: gone\n',
    }).velo(['parse']);
    expect(exitCode).toBe(2);
    expect(headings(stderr)).toEqual([
      'unknown-ref models/a.sql:1',
      'template-syntax models/b.sql:1',
      'dependency-cycle models/c.sql:1',
      'unknown-source models/e.sql:1',
      'unknown-key models/schema.yml:3',
      'unknown-property-target models/schema.yml:4',
    ]);
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      '6 errors',
      '  docs: docs/errors/unknown-ref.md, docs/errors/template-syntax.md, docs/errors/dependency-cycle.md, docs/errors/unknown-source.md, docs/errors/unknown-key.md, docs/errors/unknown-property-target.md',
    ]);
  });

  it('an unknown key does not hide the rest of its file', async () => {
    const faults = await faultsOf({
      'models/a.sql': 'select 1 as id\n',
      'models/b.sql': "select * from {{ source('raw', 'orders') }}\n",
      'models/schema.yml': `sources:
  - name: raw
    tables:
      - name: orders
        identifer: o
models:
  - name: a
    columns:
      - name: id
        data_test: [unique]
        data_tests: [no_such_test]
  - name: b
    config: {materialised: table}
`,
    });
    expect(faults).toEqual([
      'unknown-key models/schema.yml:5',
      'unknown-key models/schema.yml:10',
      'unknown-test models/schema.yml:11',
      'unknown-config models/schema.yml:13',
    ]);
  });

  it('bad values, entries without a name and bad sections leave the others', async () => {
    const faults = await faultsOf({
      'models/a.sql': 'select 1 as id\n',
      'models/schema.yml': `exposures: 3
models:
  - nam: z
  - name: a
    columns: 7
    data_tests: [no_such_test]
  - name: gone
`,
    });
    expect(faults).toEqual([
      'yaml-schema models/schema.yml:1',
      'yaml-schema models/schema.yml:3',
      'unknown-key models/schema.yml:3',
      'yaml-schema models/schema.yml:5',
      'unknown-test models/schema.yml:6',
      'unknown-property-target models/schema.yml:7',
    ]);
  });

  it('what follows from a file that cannot be read is not told', async () => {
    const faults = await faultsOf({
      'macros/m.sql': '{% macro cents(x) %}\n{% if %}\n{% endmacro %}\n',
      'models/a.sql': 'select {{ cents(1) }} as a, {{ centz(1) }} as b\n',
      'models/b.sql': "select {{ cents(1) }} as a from {{ source('raw', 'orders') }}\n",
      'models/c.sql': "select {{ 1 + }} as c from {{ ref('b') }}\n",
      'models/d.sql': "select * from {{ ref('c') }}, {{ ref('x') }}\n",
      'models/raw.yml': 'sources:\n  - name: raw\n    tables: [{name: orders}\n',
    });
    expect(faults).toEqual([
      'template-syntax macros/m.sql:2',
      'template-syntax models/c.sql:1',
      'unknown-ref models/d.sql:1',
      'yaml-syntax models/raw.yml:4',
    ]);
  });
});

describe('warnings', () => {
  const OLD: Files = {
    'models/a.sql': 'select 1 as id\n',
    'models/schema.yml': `models:
  - name: a
    columns:
      - name: id
        tests:
          - accepted_values: {values: [1]}
      - name: other
        tests: [not_null]
`,
  };
  const SAID = [
    "[WARNING]: deprecated: 'tests' is the old name of 'data_tests' (models/schema.yml:5, and 1 more place)",
    '[WARNING][MissingArgumentsPropertyInGenericTestDeprecation]: Deprecated',
    'functionality',
    "Found top-level arguments to test `accepted_values` defined on 'a' in package",
    "'shop' (models/schema.yml). Arguments to generic tests should be nested under",
    'the `arguments` property.',
  ];
  const SUMMARY = [
    '[WARNING][DeprecationsSummary]: Deprecated functionality',
    'Summary of encountered deprecations:',
    '- MissingArgumentsPropertyInGenericTestDeprecation: 1 occurrence',
    'To see all deprecation instances instead of just the first occurrence of each,',
    'run command again with the `--show-all-deprecations` flag.',
  ];
  const linesOf = (stderr: string) => stderr.trimEnd().split('\n');

  it('of old spellings: one for each, repeated when the project is cached', async () => {
    const project = makeProject(OLD);
    expect(linesOf((await project.velo(['parse'])).stderr)).toEqual([...SAID, ...SUMMARY]);
    expect(project.exists('target/parse_index')).toBe(true);
    expect(linesOf((await project.velo(['ls'])).stderr)).toEqual([
      ...SAID,
      'Found 1 model, 2 data tests',
      ...SUMMARY,
    ]);
    const refused = await project.velo(['ls', '--warn-error']);
    expect(headings(refused.stderr)).toEqual([
      'warn-error models/schema.yml:5',
      'warn-error models/schema.yml:6',
    ]);
  });

  it('of old keys of the project file', async () => {
    const project = makeProject({
      'velo_project.yml': 'name: shop\nsource-paths: [models]\ndata-paths: [seeds]\n',
      'models/a.sql': 'select 1 as id\n',
    });
    expect(linesOf((await project.velo(['parse'])).stderr)).toEqual([
      "[WARNING]: deprecated: 'source-paths' is the old name of 'model-paths' (velo_project.yml:2)",
      "[WARNING]: deprecated: 'data-paths' is the old name of 'seed-paths' (velo_project.yml:3)",
    ]);
  });

  it('of constraints a view cannot have, as dbt (record 013)', async () => {
    const project = makeProject({
      'models/a.sql': 'select 1 as id\n',
      'models/b.sql': 'select 1 as id\n',
      'models/schema.yml': `models:
  - name: a
    config: {contract: {enforced: true}}
    columns: [{name: id, data_type: int, constraints: [{type: not_null}]}]
  - name: b
    config: {contract: {enforced: true}}
    columns:
      - {name: id, data_type: int, constraints: [{type: not_null, warn_unsupported: false}]}
`,
    });
    expect((await project.velo(['parse'])).stderr).toBe(
      "[WARNING]: Constraint types are not supported for view materializations and will be ignored. Set 'warn_unsupported: false' on this constraint to ignore this warning. (model.shop.a, models/a.sql:1)\n",
    );
  });

  it('are told besides errors', async () => {
    const { stderr } = await makeProject({
      ...OLD,
      'models/b.sql': "select * from {{ ref('nope') }}\n",
    }).velo(['parse']);
    for (const said of SAID) expect(stderr).toContain(said);
    expect(headings(stderr)).toEqual(['unknown-ref models/b.sql:1']);
  });
});

describe('show', () => {
  it('reads the file of a seed and leaves its table alone', async () => {
    const project = makeProject({
      'seeds/countries.csv': 'code,since\nNA,1990-03-21\nNO,1814-05-17\nXX,\n',
    });
    const { stdout, exitCode } = await project.velo([
      'show',
      '-s',
      'countries',
      '--limit',
      '2',
      '--output',
      'json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      node: 'countries',
      show: [
        { code: 'NA', since: '1990-03-21' },
        { code: 'NO', since: '1814-05-17' },
      ],
    });
    expect(await project.relations()).toEqual([]);
  });

  it('points at the line of a model that fails, in it or in an ephemeral one', async () => {
    const project = makeProject({
      'models/inner_one.sql':
        "{{ config(materialized='ephemeral') }}\n\nselect\n  no_such_column as x\nfrom (select 1 as id)\n",
      'models/outer_one.sql': "select *\nfrom {{ ref('inner_one') }}\n",
    });
    const { stderr, exitCode } = await project.velo(['show', '-s', 'outer_one']);
    expect(exitCode).toBe(2);
    expect(headings(stderr)).toEqual(['database-error models/inner_one.sql:4']);
  });
});
