import type { Files } from './small-project.ts';

const set =
  (path: string, text: string | ((before: string) => string)) =>
  (files: Files): Files => ({
    ...files,
    [path]: typeof text === 'string' ? text : text(files[path] ?? ''),
  });

const remove =
  (path: string) =>
  ({ [path]: _, ...files }: Files): Files =>
    files;

/** Puts one text of a file in the place of another. */
export const replace = (path: string, from: string, to: string) =>
  set(path, (before) => before.replaceAll(from, to));

/** Ways a node can change without its own file. */
export const EDITS: Readonly<Record<string, (files: Files) => Files>> = {
  'its file': replace('models/marts/mart_b.sql', 'as n', 'as m'),
  'its references': replace('models/marts/mart_b.sql', 'mart_a', 'stg_a'),
  'a reference to nothing': replace('models/marts/mart_b.sql', 'mart_a', 'mart_x'),
  'a circle': replace('models/staging/stg_b.sql', 'select', "-- {{ ref('mart_b') }}\nselect"),
  'its config call': replace('models/marts/mart_a.sql', 'table', 'view'),
  'its alias': replace('models/marts/mart_a.sql', 'table', "view', alias='stg_a"),
  'another materialization': replace('models/marts/mart_a.sql', 'table', 'ephemeral'),
  'it is disabled': replace(
    'models/marts/mart_b.sql',
    'select',
    '{{ config(enabled=false) }}select',
  ),
  'a template that fails': replace(
    'models/marts/mart_b.sql',
    "{{ var('first') }}",
    '{{ no_such() }}',
  ),
  'its entry': replace('models/staging/_staging.yml', '[b]', '[b, c]'),
  'a test more': replace(
    'models/staging/_staging.yml',
    '[b]}',
    '[b]}\n    columns: [{name: one, data_tests: [unique]}]',
  ),
  'a test less': replace('models/staging/_staging.yml', '[unique, not_null]', '[unique]'),
  'an entry of nothing': replace('models/staging/_staging.yml', 'stg_b', 'stg_c'),
  'an entry elsewhere': (files) =>
    replace(
      'models/staging/_staging.yml',
      '  - name: stg_b\n    config: {tags: [b]}\n',
      '',
    )(
      replace(
        'models/marts/_marts.yml',
        'groups:',
        '  - name: stg_b\n    description: moved\ngroups:',
      )(files),
    ),
  'an entry twice': replace('models/marts/_marts.yml', 'groups:', '  - name: stg_b\ngroups:'),
  'a source': replace(
    'models/staging/_staging.yml',
    'name: raw',
    'name: raw\n    schema: elsewhere',
  ),
  'a source more': replace(
    'models/staging/_staging.yml',
    '      - name: b',
    '      - name: c\n      - name: b',
  ),
  'a source of two files': set(
    'models/staging/_sources.yml',
    (text) => `${text}  - name: raw\n    tables: [{name: b}]\n`,
  ),
  'files of a source': set('data/a.csv', 'id\n1\n2\n'),
  'YAML that is none': set('models/staging/_staging.yml', 'models: ['),
  'YAML of a wrong shape': replace('models/staging/_staging.yml', 'config: {tags', 'confg: {tags'),
  'no YAML': remove('models/marts/_marts.yml'),
  'YAML with comments': set('models/staging/_staging.yml', (text) => `# x\n${text}`),
  'a macro it calls': set('macros/one.sql', '{% macro one() %}2{% endmacro %}'),
  'a macro of a macro': set('macros/two.sql', '{% macro two() %}2{% endmacro %}'),
  'a macro more, in the place of an internal one': set(
    'macros/names.sql',
    '{% macro generate_schema_name(name, node) %}{{ name or "none" }}{% endmacro %}',
  ),
  'a test macro': set('macros/few_rows.sql', (text) =>
    text.replace('select count', 'select  1 + count'),
  ),
  'a macro less': remove('macros/two.sql'),
  'a docs block': set('models/docs.md', '{% docs words %}Other words.{% enddocs %}'),
  'a group': replace('models/marts/_marts.yml', 'us}', 'them}'),
  'a group of another name': replace('models/marts/_marts.yml', '- name: core', '- name: rim'),
  selectors: set('selectors.yml', 'selectors:\n  - name: all\n    definition: "*"\n'),
  'vars of the project file': replace('velo_project.yml', 'first: 1', 'first: 3'),
  'config of the project file': replace('velo_project.yml', '+schema: marts', '+schema: arts'),
  'vars of a package': replace('tools/velo_project.yml', 'tool: 1', 'tool: 2'),
  'config of the project for a package': replace(
    'velo_project.yml',
    '  shop:',
    '  tools: {+tags: [t]}\n  shop:',
  ),
  'a macro of a package': replace('tools/macros/tool.sql', 'var(', '1 + var('),
  'a seed': set('seeds/codes.csv', 'id,name\n1,eins\n'),
  'a singular test': replace('tests/no_rows.sql', 'false', 'true'),
  'a snapshot': replace('snapshots/history.sql', "'all'", "['id']"),
  'a snapshot of another name': replace(
    'snapshots/history.sql',
    'snapshot history',
    'snapshot past',
  ),
  'a model more': set('models/marts/mart_c.sql', "select * from {{ ref('mart_b') }}"),
  'a model less': remove('tests/no_rows.sql'),
  'a model less that is needed': remove('models/staging/stg_a.sql'),
  versions: replace(
    'models/staging/_staging.yml',
    '  - name: stg_b',
    '  - name: stg_b\n    versions: [{v: 1, defined_in: stg_b}]',
  ),
  'an exposure': set(
    'models/exposures.yml',
    "exposures:\n  - name: board\n    type: dashboard\n    owner: {name: us}\n    depends_on: [ref('mart_b')]\n",
  ),
  'a unit test': set(
    'models/unit.yml',
    'unit_tests:\n  - name: none\n    model: mart_b\n    given: []\n    expect: {rows: []}\n',
  ),
  'the id of the run': replace(
    'models/staging/stg_a.sql',
    '*',
    "'{{ invocation_id[:0] }}' as run, *",
  ),
  'a warning': replace(
    'models/staging/stg_a.sql',
    'select',
    "{% do exceptions.warn('mind') %}select",
  ),
};
