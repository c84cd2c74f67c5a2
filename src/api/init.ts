import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';

export interface InitOptions {
  /** Folder to make; its last part is the project's name. */
  readonly folder: string;
}

/** Makes a small project that builds at once. @throws ConfigError when there is one already */
export async function init({ folder }: InitOptions): Promise<readonly string[]> {
  const target = resolve(folder);
  const name = (target.split(/[\\/]/).at(-1) ?? '').replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
  const existing = ['velo_project.yml', 'dbt_project.yml'].find((file) =>
    existsSync(join(target, file)),
  );
  if (existing) {
    throw new ConfigError('usage', `${folder} holds a project already: ${existing}`, {
      hint: 'name another folder: velo init my_project',
    });
  }
  const schema = (file: string, schemaName: string) =>
    schemaComment(join(target, file), schemaName, nearestInstall(target));
  const files = starterFiles(name || 'my_project', schema);
  for (const [path, text] of Object.entries(files)) {
    const file = join(target, path);
    if (existsSync(file)) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return Object.keys(files);
}

/** The folder whose node_modules holds velo, looked for as Node does; the project's own where there is none yet. */
function nearestInstall(project: string): string {
  for (let folder = project; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', 'velo', 'schemas'))) return folder;
    if (folder === dirname(folder)) return project;
  }
}

/** Tells an editor's YAML server what the file may hold; a relative path, so that it is the same for everyone. */
function schemaComment(file: string, schemaName: string, install: string): string {
  const schema = join(install, 'node_modules', 'velo', 'schemas', `${schemaName}.json`);
  const path = relative(dirname(file), schema).replaceAll('\\', '/');
  return `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}`;
}

type SchemaComment = (file: string, schemaName: string) => string;

const starterFiles = (name: string, schema: SchemaComment): Readonly<Record<string, string>> => ({
  'velo_project.yml': `${schema('velo_project.yml', 'project')}
name: ${name}
version: '1.0.0'

# Without a profile velo builds into DuckDB: target/${name}.duckdb
`,
  'seeds/visits.csv': `visit_date,shop,spent
2024-01-01,north,12.5
2024-01-01,south,8
2024-01-02,north,20
2024-01-04,south,5.5
2024-01-05,north,7
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
`,
  '.gitignore': `target/
logs/
`,
});
