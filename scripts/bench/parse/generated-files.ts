import { MACROS, PROJECT_FILE } from './generated-texts.ts';

/** A file of a generated project; the path is relative to the project, with '/'. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

interface Layer {
  readonly name: string;
  readonly prefix: string;
  readonly count: number;
}

/** Models that share a folder and a YAML file. */
const MODELS_PER_FOLDER = 20;

/**
 * A project of `models` models: a fifth staging, each on a source table of its own, the rest
 * intermediate models and marts, which read one to four models before them. Every YAML file describes
 * twenty models, each with a description, four columns and two or three tests. The same on every call.
 */
export function* generatedFiles(models: number): Generator<GeneratedFile> {
  yield { path: 'velo_project.yml', text: PROJECT_FILE };
  yield* MACROS;
  const staging: Layer = { name: 'staging', prefix: 'stg', count: Math.ceil(models / 5) };
  const intermediate: Layer = {
    name: 'intermediate',
    prefix: 'int',
    count: Math.ceil((models * 2) / 5),
  };
  const marts: Layer = {
    name: 'marts',
    prefix: 'mart',
    count: models - staging.count - intermediate.count,
  };
  yield* layerFiles(staging, (i) => stagingModel(i));
  yield* sourceFiles(staging);
  yield* layerFiles(intermediate, (i) => intermediateModel(i, inputsOf(i, staging, intermediate)));
  yield* layerFiles(marts, (i) => martModel(i, inputsOf(i, intermediate, marts)));
}

const nameOf = ({ prefix }: Layer, i: number): string => `${prefix}_${i}`;

const folderOf = ({ name }: Layer, i: number): string =>
  `models/${name}/area_${Math.floor(i / MODELS_PER_FOLDER)}`;

function* layerFiles(layer: Layer, textOf: (i: number) => string): Generator<GeneratedFile> {
  for (let first = 0; first < layer.count; first += MODELS_PER_FOLDER) {
    const count = Math.min(MODELS_PER_FOLDER, layer.count - first);
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    for (const i of numbers) {
      yield { path: `${folderOf(layer, i)}/${nameOf(layer, i)}.sql`, text: textOf(i) };
    }
    const entries = numbers.map((i) => modelEntry(layer, i));
    const text = `version: 2\n\nmodels:\n${entries.join('\n')}`;
    yield { path: `${folderOf(layer, first)}/_models.yml`, text };
  }
}

function* sourceFiles(staging: Layer): Generator<GeneratedFile> {
  for (let first = 0; first < staging.count; first += MODELS_PER_FOLDER) {
    const count = Math.min(MODELS_PER_FOLDER, staging.count - first);
    const tables = Array.from(
      { length: count },
      (_, i) => `      - name: table_${first + i}
        description: Rows of table ${first + i} as the shop writes them.
        columns:
          - name: id
            data_tests: [not_null]
`,
    );
    const name = `raw_${first / MODELS_PER_FOLDER}`;
    yield {
      path: `${folderOf(staging, first)}/_sources.yml`,
      text: `version: 2\n\nsources:\n  - name: ${name}\n    schema: raw\n    tables:\n${tables.join('')}`,
    };
  }
}

/** One to four models: mostly of the layer before, some of the layer itself, none of which come later. */
function inputsOf(i: number, before: Layer, own: Layer): readonly string[] {
  const wanted = 1 + ((i * 7) % 4);
  const names = Array.from({ length: wanted }, (_, k) =>
    k === 3 && i > 0
      ? nameOf(own, Math.floor(i / 2))
      : nameOf(before, (i * (k + 1) * 13 + k) % before.count),
  );
  return [...new Set(names)];
}

const stagingModel = (
  i: number,
): string => `{{ config(materialized='view', tags=['staging', 'area_${i % 10}']) }}

-- Rows of table ${i} under the names the other models know.
with raw_rows as (
    select * from {{ source('raw_${Math.floor(i / MODELS_PER_FOLDER)}', 'table_${i}') }}
),

renamed as (
    select
        id as entity_id,
        {{ surrogate_key(['id', 'updated_at']) }} as row_key,
        {{ cents_to_money('amount_cents') }} as amount,
        nullif(trim(status), '') as status,
        cast(updated_at as timestamp) as updated_at
    from raw_rows
    {% if var('first_day', none) is not none %}where updated_at >= '{{ var('first_day') }}'{% endif %}
)

select * from renamed
`;

const intermediateModel = (
  i: number,
  inputs: readonly string[],
): string => `{{ config(materialized='${i % 3 === 0 ? 'table' : 'view'}') }}

with ${inputs.map((input, k) => `input_${k} as (\n    select * from {{ ref('${input}') }}\n)`).join(',\n\n')}

select
    input_0.entity_id,
    {{ surrogate_key(['input_0.entity_id', 'input_0.updated_at']) }} as row_key,
    {% for days in [7, 30, 90] %}
    sum(input_0.amount) filter (where input_0.updated_at >= {{ days_before('input_0.updated_at', days) }}) as amount_{{ days }},
    {% endfor %}
    coalesce(input_0.amount, 0) * ${i + 1} as amount,
    input_0.status,
    input_0.updated_at
from input_0
${inputs
  .slice(1)
  .map((_, k) => `left join input_${k + 1} on input_${k + 1}.entity_id = input_0.entity_id`)
  .join('\n')}
group by all
`;

const martModel = (
  i: number,
  inputs: readonly string[],
): string => `{{ config(materialized='${i % 4 === 0 ? 'incremental' : 'table'}', unique_key='entity_id') }}
{%- set states = ['open', 'paid', 'late'] %}

{# One row for each entity, with what each state comes to. #}
select
    base.entity_id,
    base.updated_at,
    base.status,
    {% for state in states -%}
    {{ sum_where('base.amount', "base.status = '" ~ state ~ "'") }} as amount_{{ state }}{{ ',' if not loop.last }}
    {% endfor -%}
    , {{ clean_text('base.status') }} as status_text
    , base.amount + ${i + 1} as amount
from {{ ref('${inputs[0]}') }} as base
${inputs
  .slice(1)
  .map((input, k) => `left join {{ ref('${input}') }} as other_${k} using (entity_id)`)
  .join('\n')}
{% if is_incremental() %}
where base.updated_at > (select max(updated_at) from {{ this }})
{% endif %}
group by all
`;

function modelEntry(layer: Layer, i: number): string {
  const third =
    i % 2 === 0
      ? `
      - name: status
        description: Where the entity stands.
        data_tests:
          - accepted_values:
              arguments:
                values: [open, paid, late]`
      : `
      - name: status
        description: Where the entity stands.`;
  return `  - name: ${nameOf(layer, i)}
    description: >
      Model ${i} of ${layer.name}: one row for each entity,
      with its amounts and where it stands.
    config:
      meta: {owner: team_${i % 7}, tier: ${(i % 3) + 1}}
    columns:
      - name: entity_id
        description: "The entity's key, as the shop gives it."
        data_type: bigint
        data_tests:
          - unique
          - not_null${third}
      - name: amount
        description: What it comes to, in the shop's currency.
        data_type: double
      - name: updated_at
        description: When the row was last written.
`;
}
