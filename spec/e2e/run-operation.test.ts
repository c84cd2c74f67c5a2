import { describe, expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const MACROS = `
{% macro make(n=1) %}
  {% do run_query('create table made as select ' ~ n ~ ' as n') %}
  {% do run_query('insert into made values (10)') %}
  {{ log('made ' ~ run_query('select sum(n) as n from made').columns['n'].values()[0], info=true) }}
{% endmacro %}

{% macro fails() %}
  {% do run_query('create table half as select 1 as n') %}
  {% do run_query('select * from nowhere') %}
{% endmacro %}

{% macro own_transaction() %}
  {% do run_query('create table kept as select 1 as n') %}
  {% do run_query('commit') %}
  {% do run_query('create table lost as select 1 as n') %}
  {% do run_query('rollback') %}
{% endmacro %}

{% macro many() %}
  {% for i in range(40) %}
    {{ log('line ' ~ i ~ ' ' ~ run_query('select ' ~ i).columns[0].values()[0], info=true) }}
  {% endfor %}
{% endmacro %}
`;

describe('velo run-operation', () => {
  it('commits what a macro has done', async () => {
    const project = makeProject({ 'macros/ops.sql': MACROS });
    const result = await project.velo(['run-operation', 'make', '--args', '{n: 5}']);
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain('made 15');
    expect(await project.query('select n from made order by n')).toEqual([[5], [10]]);
  });

  it('leaves nothing of a macro that fails', async () => {
    const project = makeProject({ 'macros/ops.sql': MACROS });
    const result = await project.velo(['run-operation', 'fails']);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('macros/ops.sql:10:9');
    expect(await project.relations()).toEqual([]);
  });

  it('lets a macro end its transaction itself', async () => {
    const project = makeProject({ 'macros/ops.sql': MACROS });
    const result = await project.velo(['run-operation', 'own_transaction']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await project.relations()).toEqual(['kept']);
  });

  it('says each line once, however many queries there are', async () => {
    const project = makeProject({ 'macros/ops.sql': MACROS });
    const { stdout } = await project.velo(['run-operation', 'many']);
    const lines = stdout.split('\n').flatMap((line) => /line \d+ \d+/.exec(line)?.[0] ?? []);
    expect(lines).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i} ${i}`));
  });

  it('does not open the database to compile a project without queries', async () => {
    const project = makeProject({ 'models/a.sql': 'select 1 as n' });
    const result = await project.velo(['compile']);
    expect(result.exitCode).toBe(0);
    expect(project.exists('target/shop.duckdb')).toBe(false);
  });

  it('asks in the session of a build: a model sees what its own transaction sees', async () => {
    const project = makeProject({
      'models/kinds.sql': "select unnest(['a', 'b']) as kind",
      'models/kinds_wide.sql': `{% set kinds = [] %}
{% if execute %}{% set kinds = run_query('select kind from ' ~ ref('kinds') ~ ' order by 1').columns[0].values() %}{% endif %}
-- depends_on: {{ ref('kinds') }}
select {% for kind in kinds %}'{{ kind }}' as kind_{{ kind }}, {% endfor %}1 as one`,
    });
    const result = await project.velo(['build']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await project.query('select * from kinds_wide')).toEqual([['a', 'b', 1]]);
  });
});
