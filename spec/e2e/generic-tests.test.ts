import { expect, test } from 'vitest';
import { makePostgresProject } from '../postgres/project.ts';
import { type Files, makeProject, type TestProject } from './velo.ts';

/** Each test finds the rows its number says, counted by hand. */
const FILES: Files = {
  'seeds/stays.csv': 'id,room,arrives,leaves,guest\n1,a,1,3,x\n2,a,3,4,x\n3,a,3,6,y\n5,b,2,2,\n',
  'seeds/guests.csv': 'guest,is_known\nx,1\ny,0\n',
  // Nine days of ten visits but for the last, which has twenty; then all are new.
  'models/visits.sql': `{% for day in range(1, 10) %}{% for visit in range(20 if day == 9 else 10) %}
select cast('2024-01-0{{ day }}' as date) as day, {{ visit }} as paid, {{ visit * visit }} as spent,
  '{{ 'new' if day == 9 else 'old' }}' as kind
{{ 'union all' if not (loop.last and day == 9) }}{% endfor %}{% endfor %}`,
  'models/_models.yml': `models:
  - name: visits
    data_tests:
      - recency: {name: found_1_recency, arguments: {field: day, datepart: year, interval: 1}}
      - count_anomaly: {name: found_1_anomaly, arguments: {date_column: day}}
      - count_anomaly: {name: found_0_anomaly, arguments: {date_column: day, max_deviations: 4}}
    columns:
      - name: paid
        data_tests:
          - correlation: {name: found_1_pearson, arguments: {with_column: spent, max_value: 0.9}}
          - correlation: {name: found_0_spearman, arguments: {with_column: spent, min_value: 0.99, method: spearman}}
      - name: kind
        data_tests:
          - chi_squared: {name: found_1_chi, arguments: {date_column: day, recent_days: 1, min_rows: 10}}
`,
  'models/stays_again.sql': "select * from {{ ref('stays') }} where id <> 5",
  'seeds/_seeds.yml': `seeds:
  - name: stays
    config: {column_types: {guest: text}}
    data_tests:
      - row_count: {name: found_1_rows, arguments: {min: 5}}
      - equal_rowcount: {name: found_1_counts, arguments: {compare_model: ref('stays_again')}}
      - equality: {name: found_1_equality, arguments: {compare_model: ref('stays_again'), compare_columns: [id, room]}}
      - mutually_exclusive_ranges:
          # 2 ends after 3 begins; 5 has no length.
          name: found_2_ranges
          arguments: {lower_bound_column: arrives, upper_bound_column: leaves, partition_by: room}
    columns:
      - name: id
        data_tests:
          - sequential_values: {name: found_1_steps}
          - not_constant: {name: found_0_constant}
      - name: guest
        data_tests:
          - at_least_one: {name: found_0_one}
          - not_null_proportion: {name: found_1_share, arguments: {at_least: 0.8}}
          # x and NULL occur once more here, y as often.
          - cardinality_equality: {name: found_2_cardinality, arguments: {to: ref('guests'), field: guest}}
          - relationships_where:
              name: found_1_relation
              arguments: {to: ref('guests'), field: guest, from_condition: id > 1, to_condition: is_known = 1}
`,
};

async function expectCounts(project: TestProject): Promise<void> {
  expect((await project.velo(['build', '--exclude', 'test_type:data'])).exitCode).toBe(0);
  const { stdout } = await project.velo(['test']);
  const found = [...stdout.matchAll(/(PASS|FAIL|ERROR) ?(\d*) found_(\d)_(\w+) /g)];
  expect(
    found.map(([, verdict, count, , name]) => `${name} ${verdict} ${count || 0}`).sort(),
  ).toEqual(
    [...`${FILES['seeds/_seeds.yml']}${FILES['models/_models.yml']}`.matchAll(/found_(\d)_(\w+)/g)]
      .map(([, count, name]) => `${name} ${count === '0' ? 'PASS' : 'FAIL'} ${count}`)
      .sort(),
  );
}

test('comparing, counting and sequence tests find what they should', () =>
  expectCounts(makeProject(FILES)));

test('on Postgres, too', async () => expectCounts((await makePostgresProject(FILES)).project));
