import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyUtilityProject, results, type UtilityProject } from './utility-project.ts';
import { type CliResult, makeProject } from './velo.ts';

let project: UtilityProject;
let build: CliResult;

beforeAll(async () => {
  project = copyUtilityProject();
  build = await project.velo(['build']);
});

afterAll(() => rmSync(project.dir, { recursive: true, force: true }));

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Rows by hand from the seeds; the distances by the spherical law of cosines in Python. */
const ROWS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'main.day_spine': [
    ['2024-02-27 00:00:00'],
    ['2024-02-28 00:00:00'],
    ['2024-02-29 00:00:00'],
    ['2024-03-01 00:00:00'],
  ],
  'main.month_spine': [['2023-11-01 00:00:00'], ['2023-12-01 00:00:00'], ['2024-01-01 00:00:00']],
  'main.numbers': [[1], [2], [3], [4], [5], [6], [7]],
  'main.kinds_by_person': [
    [1, '1', '0', '1', 30, 0],
    [2, '0', '0', '2', null, 0],
    [3, '1', '1', '0', 12, null],
  ],
  'main.scores_long': [
    ['Ann', 'art', null],
    ['Ann', 'math', 5],
    ['Bob', 'art', 4],
    ['Bob', 'math', 3],
  ],
  'main.keyed_scores': [
    ['Ann', md5('Ann-_handy_null_')],
    ['Bob', md5('Bob-4')],
  ],
  'main.package_star': [
    ['Ann', 'x', 5],
    ['Bob', 'y', 3],
  ],
  'main.regions': [
    ['region_north', 'n1', 10, null],
    ['region_north', 'n2', 20, null],
    ['region_south', 's1', null, 'Sue'],
  ],
  'main.region_types': [['VARCHAR', 'DOUBLE', 'VARCHAR']],
  'main.regions_found': [
    ['raw', 'old_region', 'table', true, '1'],
    ['raw', 'region_north', 'table', true, '2'],
    ['raw', 'region_north', 'table', true, '2'],
    ['raw', 'region_south', 'table', false, '1'],
  ],
  'main.people_now': [
    [1, 'Anna', 'Bern', 46.948, 7.4474, '2024-02-01'],
    [2, 'Bob', null, 51.5074, -0.1278, '2024-01-15'],
    [3, 'Cy', 'Paris', 48.8566, 2.3522, '2024-01-20'],
  ],
  'main.kind_lists': [["view|buy|it's", "it's|buy", 'buy', 'view', '42|7|0', 5, -1]],
  'main.distances': [
    ['Anna', 'Bob', 464.66, 747.79],
    ['Anna', 'Cy', 270.42, 435.2],
    ['Bob', 'Cy', 213.6, 343.75],
  ],
  'main.urls_cleaned': [
    [1, 'mail', 'mail', 'shop.example'],
    [2, null, null, 'shop.example'],
    [3, null, null, 'shop.example'],
    [4, null, null, 'other.example'],
    [5, 'ad', 'ad', 'other.example'],
    [6, 'web', 'web', 'other.example'],
  ],
  'main.months': [['2024-02-01'], ['2024-03-01']],
  // Its alias is made from its name.
  'main.named_once': [["it's", '7', '2']],
  'metrics.metric_sheet': [
    ['Amount per item', '8', null],
    ['Amount per weight', null, '10'],
  ],
};

/** What would read otherwise without the project's and the second package's own macros. */
const OVERRIDDEN: typeof ROWS = {
  // The root's star, though more_metrics has one as well: by the alphabet, in capitals.
  'main.starred': [
    ['n1', 4, 3, 'Bob'],
    ['n1', null, 5, 'Ann'],
    ['n2', 4, 3, 'Bob'],
    ['n2', null, 5, 'Ann'],
  ],
  // Divided by more_metrics: 0 and no null.
  'main.arithmetic': [
    [1, 0, 1, 0, 0, 0],
    [2, 10, 4, 33, 33, 27],
    [3, 0, 1, 0, 0, 0],
    [4, 0, 1, 0, 0, 0],
    [5, 2.4, 2, 17, 17, 7],
    [6, 0, 1, 7, 7, 7],
  ],
  // Two decimals by the project's var, one by the package's.
  'metrics.ratios': [
    ['by_zero', '0.00'],
    ['nothing', '0.00'],
    ['third', '3.33'],
  ],
  // Its m_ is that of more_metrics.
  'main.texts': [['m_main_street_12', '12:05:09 + done', '2024-02-27 2024-02-29 2024-03-02']],
  // Weeks of Sunday: 2024-02-25, 2024-03-03 and 2024-03-10 are some.
  'main.weeks': [
    ['buy', '2024-02-25', '1', '30'],
    ['buy', '2024-03-03', '1', '12'],
    ["it's", '2024-03-10', '1', '7'],
    ['view', '2024-02-25', '2', '0'],
    ['view', '2024-03-03', '1', '0'],
  ],
};

describe('two packages of utility macros', () => {
  it('build', () => {
    expect(build).toMatchObject({ exitCode: 0, stderr: '' });
    expect(build.stdout).toContain('PASS=47 WARN=13 ERROR=0 SKIP=0');
    expect(build.stdout).toContain('no not_there: its default stands in\n');
  });

  it.each(Object.keys(ROWS))('%s', async (relation) => {
    expect(await project.rows(relation)).toEqual(ROWS[relation]);
  });

  it.each(Object.keys(OVERRIDDEN))('%s, with overrides', async (relation) => {
    expect(await project.rows(relation)).toEqual(OVERRIDDEN[relation]);
  });

  it('name columns as the macros say', async () => {
    const columns = await project.query(
      `select table_name, string_agg(column_name, ',' order by ordinal_position)
       from information_schema.columns
       where table_name in ('starred', 'package_star', 'kinds_by_person', 'regions')
       group by 1 order by 1`,
    );
    expect(columns).toEqual([
      ['kinds_by_person', "person_id,buy_count,it's_count,view_count,m_most_buy,m_most_view"],
      ['package_star', 'the name,the class,the math'],
      ['regions', '_source_relation,code,sales,manager'],
      ['starred', 'CODE_OF_NORTH,ART,MATH,NAME'],
    ]);
  });

  it('test what they are asked to', () => {
    const warned = results(project).filter(({ status }) => status === 'warn');
    expect(Object.fromEntries(warned.map(({ name, failures }) => [name, failures]))).toEqual({
      // 2, …, 7: none is two more than the one before.
      steps_of_two: 6,
      // 1 and 7.
      narrow_range: 2,
      // fail_calc: 7 numbers, 4 days; one row says so.
      days_as_numbers: 3,
      // 6 and 7 added up.
      sum_of_high: 13,
      days_too_old: 1,
      one_row_a_name: 2,
      // None and 3.
      scores_above_three: 2,
      a_score_each: 1,
      scores_vary: 1,
      // The project's own not_null: empty texts count.
      a_text_each: 3,
      each_bought: 1,
      // Persons 2 and 3 are there once more or less often.
      as_often_as_events: 4,
      room_ranges: 1,
    });
  });
});

interface Manifest {
  readonly macros: Readonly<Record<string, { depends_on: { macros: readonly string[] } }>>;
  readonly nodes: Readonly<
    Record<string, { depends_on: { macros: readonly string[] }; description: string }>
  >;
}

describe('the manifest', () => {
  it('knows which macro a dispatch means', async () => {
    expect(await project.velo(['parse'])).toMatchObject({ exitCode: 0, stderr: '' });
    const { macros, nodes } = project.readJson('target/manifest.json') as unknown as Manifest;
    const of = (name: string) => macros[`macro.${name}`]?.depends_on.macros;
    expect(of('handy_utils.star')).toEqual(['macro.utility.default__star']);
    expect(of('handy_utils.safe_divide')).toEqual(['macro.more_metrics.default__safe_divide']);
    expect(of('handy_utils.slugify')).toEqual(['macro.more_metrics.duckdb__slugify']);
    expect(of('handy_utils.deduplicate')).toEqual(['macro.handy_utils.duckdb__deduplicate']);
    expect(of('handy_utils.pivot')).toEqual(['macro.handy_utils.default__pivot']);
    // An argument named `except` or `date` is no call of dbt's macro; nor is a macro its own parent.
    expect(of('utility.default__star')).toEqual([
      'macro.handy_utils.get_filtered_columns_in_relation',
    ]);
    expect(of('utility.default__date_trunc')).toEqual(['macro.dbt.default__date_trunc']);
    expect(of('handy_utils.dates_between')).toEqual([]);
    expect(nodes['model.utility.kinds_by_person']?.depends_on.macros).toEqual([
      'macro.handy_utils.pivot',
      'macro.handy_utils.get_column_values',
      'macro.handy_utils.group_by',
    ]);
    expect(nodes['model.utility.named']).toMatchObject({
      alias: 'named_once',
      tags: ['named', 'model.utility.named'],
    });
    expect(nodes['model.more_metrics.ratios']?.description).toBe(
      'A ratio with the decimals of the var `decimals`.',
    );
  });
});

describe('a materialization of a package', () => {
  it('needs no package in front of its name', async () => {
    const kind = (adapter: string) =>
      `{% materialization insert_twice, ${adapter} %}{% endmaterialization %}\n`;
    const shop = makeProject({
      'packages.yml': 'packages: [{local: tools}]\n',
      'tools/dbt_project.yml': 'name: tools\n',
      'tools/macros/kinds.sql': kind('default'),
      'models/m.sql': "{{ config(materialized='insert_twice', times=2) }}\nselect 1 as n\n",
    });
    const listed = await shop.velo(['ls', '--resource-type', 'model']);
    expect(listed).toMatchObject({ exitCode: 0, stdout: 'shop.m\n' });
  });
});

describe('velo run-operation', () => {
  it('runs a macro of a package', async () => {
    const args = ['run-operation', 'handy_utils.log_info', '--args', '{message: hello}'];
    const { exitCode, stdout } = await project.velo(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d \+ hello$/m);
  });

  it('runs one of the project that is dispatched to', async () => {
    const args = ['run-operation', 'say_star', '--args', '{name: scores}'];
    const { stdout } = await project.velo(args);
    expect(stdout).toContain('00:00:00 + art as ART, class as CLASS, math as MATH, name as NAME\n');
  });

  it.each(['scores', '{type: Relation}'])('knows that %s is no relation', async (relation) => {
    const args = `{relation: ${relation}}`;
    const { exitCode, stderr } = await project.velo([
      'run-operation',
      'handy_utils.nullcheck_table',
      '--args',
      args,
    ]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('nullcheck_table takes a relation, such as ref() gives, not');
  });

  it('says what a package macro has against its arguments', async () => {
    const args = ['run-operation', 'handy_utils.safe_subtract', '--args', '{field_list: amount}'];
    const { exitCode, stderr } = await project.velo(args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('safe_subtract takes a list of fields, not amount');
    expect(stderr).toContain('packages/handy_utils/macros/sql/expressions.sql');
  });
});

const HANDY = 'packages/handy_utils/macros';

/** An edit, and the models and tests that it alone builds anew. */
const EDITS: readonly (readonly [
  what: string,
  path: string,
  from: string,
  to: string,
  rebuilt: readonly string[],
])[] = [
  [
    'a private helper of a package',
    `${HANDY}/sql/generate_surrogate_key.sql`,
    `"), '" ~ var(`,
    `"), 'no ' || '" ~ var(`,
    ['keyed_scores'],
  ],
  [
    'what a dispatch means, in the second package',
    'packages/more_metrics/macros/handy.sql',
    ', 0), 0)',
    ', 0), 1)',
    ['arithmetic', 'handy_utils_accepted_range_ratios_ratio__4__0', 'ratios'],
  ],
  [
    'what the second package stands in for',
    `${HANDY}/sql/expressions.sql`,
    '( {{ numerator }} ) / nullif(',
    '( {{ numerator }} ) * 1.0 / nullif(',
    [],
  ],
  [
    "the project's own",
    'macros/overrides.sql',
    '| sort -%}',
    '| sort(reverse=true) -%}',
    ['starred'],
  ],
  [
    'one of that name that is called by its full name',
    `${HANDY}/sql/star.sql`,
    'no columns are left of',
    'nothing is left of',
    ['package_star'],
  ],
  [
    "the project's in the place of dbt's",
    'macros/overrides.sql',
    "date_trunc('week', {{ date }} + interval 1 day) - interval 1 day",
    "date_trunc('week', {{ date }})",
    ['months', 'weeks'],
  ],
  [
    'a variant for another database',
    `${HANDY}/sql/deduplicate.sql`,
    'select distinct on ({{ partition_by }}) *',
    'select distinct on ({{ partition_by }}) * /* first */',
    [],
  ],
  [
    'a test of a package',
    `${HANDY}/tests/of-columns.sql`,
    'where 1 = 2',
    'where false',
    [
      'handy_utils_accepted_range_numbers_generated_number__7__1',
      'handy_utils_accepted_range_ratios_ratio__4__0',
    ],
  ],
];

describe('an edited macro rebuilds what calls it and nothing else', () => {
  let always: ReadonlySet<string>;

  beforeAll(async () => {
    // Models that ask the database are built each time, as are tests that warned.
    always = new Set(await project.built());
  });

  it.each(EDITS)('%s', async (_, path, from, to, expected) => {
    project.edit(path, from, to);
    expect((await project.built()).filter((name) => !always.has(name))).toEqual(expected);
  });

  it('another order of packages', async () => {
    const order = 'search_order: [utility, more_metrics, handy_utils]';
    project.edit('dbt_project.yml', order, 'search_order: [utility, handy_utils]');
    const built = (await project.built()).filter((name) => !always.has(name));
    expect(built).toEqual([
      'arithmetic',
      'handy_utils_accepted_range_ratios_ratio__4__0',
      'ratios',
    ]);
    expect(await project.query("select ratio from metrics.ratios where label = 'by_zero'")).toEqual(
      [[null]],
    );
  });
});
