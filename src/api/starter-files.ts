/** A line that tells an editor the schema of the file. */
export type SchemaComment = (file: string, schemaName: string) => string;

/** What a new project is to be. */
export interface ProjectAnswers {
  readonly name: string;
  /** With files to start from. */
  readonly sample: boolean;
  /** Where it builds; DuckDB in the target folder when absent. */
  readonly postgres?: PostgresAnswers | undefined;
}

/** A password is none of them: it stays in the environment. */
export interface PostgresAnswers {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly schema: string;
}

/** The environment variable that the password is read from. */
export const PASSWORD_VARIABLE = 'VELO_SECRET_PASSWORD';

/** The files of a new project by their path, in the order they are told of. */
export const starterFiles = (
  { name, sample, postgres }: ProjectAnswers,
  schema: SchemaComment,
): Readonly<Record<string, string>> => ({
  'velo_project.yml': `${schema('velo_project.yml', 'project')}
name: ${name}
version: '1.0.0'

${postgres ? `profile: ${name}` : `# Without a profile velo builds into DuckDB: target/${name}.duckdb`}
`,
  ...(postgres
    ? { 'profiles.yml': `${schema('profiles.yml', 'profiles')}\n${profiles(name, postgres)}` }
    : {}),
  ...(sample ? sampleFiles(schema) : {}),
  '.gitignore': `target/
logs/
`,
});

const profiles = (name: string, { host, port, user, database, schema }: PostgresAnswers): string =>
  `${name}:
  target: dev
  outputs:
    dev:
      type: postgres
      host: ${JSON.stringify(host)}
      port: ${port}
      user: ${JSON.stringify(user)}
      # Not written down: set the variable before you run velo.
      password: "{{ env_var('${PASSWORD_VARIABLE}') }}"
      dbname: ${JSON.stringify(database)}
      schema: ${JSON.stringify(schema)}
`;

/** A seed, a model, an as-of model, data tests and a unit test. */
const sampleFiles = (schema: SchemaComment): Readonly<Record<string, string>> => ({
  'seeds/visits.csv': `visit_date,shop,spent
2024-01-01,north,12.5
2024-01-01,south,8
2024-01-02,north,20
2024-01-04,south,5.5
2024-01-05,north,7
`,
  'models/shops.sql': `-- One row a shop: all that is known of it by now.
select
    shop,
    min(visit_date) as first_visit,
    count(*) as visits,
    sum(spent) as spent
from {{ ref('visits') }}
group by shop
`,
  'models/visits_by_shop.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', begin='2024-01-02', unique_key=['shop', 'as_of_date']
) }}
-- What was known of each shop before each date: rows of the date itself are not in.
with dates as (
    select distinct visit_date as as_of_date from {{ ref('visits') }}
)
select
    d.as_of_date,
    v.shop,
    count(*) as visits,
    sum(v.spent) as spent
from dates d
join {{ ref('visits') }} v on v.visit_date < d.as_of_date
where d.as_of_date >= {{ as_of.start }} and d.as_of_date < {{ as_of.end }}
group by d.as_of_date, v.shop
`,
  'models/_models.yml': `${schema('models/_models.yml', 'properties')}
version: 2

models:
  - name: shops
    description: Each shop with its visits so far.
    columns:
      - name: shop
        description: The shop's name.
        data_tests: [not_null, unique]

  - name: visits_by_shop
    description: Visits and money of each shop before each date.
    data_tests:
      - unique_combination:
          arguments: {columns: [shop, as_of_date]}
    columns:
      - name: shop
        description: The shop's name.
        data_tests: [not_null]
      - name: as_of_date
        description: The date the row serves; it holds only earlier visits.
        data_tests: [not_null]
      - name: visits
        description: Number of visits before the date.
        data_tests:
          - accepted_range:
              arguments: {min_value: 1}
      - name: spent
        description: Money spent in those visits.

unit_tests:
  - name: visits_of_a_shop_are_one_row
    model: shops
    given:
      - input: ref('visits')
        rows:
          - {visit_date: 2024-03-02, shop: east, spent: 4}
          - {visit_date: 2024-03-01, shop: east, spent: 2.5}
    expect:
      rows:
        - {shop: east, first_visit: 2024-03-01, visits: 2, spent: 6.5}
`,
});
