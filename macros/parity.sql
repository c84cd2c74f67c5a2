{# Train/serve parity: rows of `model` that are not what was served for them. `served` holds rows of race_card as they
   were scored; a row is compared once it stands in both, in every column both have but the keys and those of
   `leave_out`. One row of the answer for each that differs, with the names of the columns. Bits are compared: the same
   code makes both. #}
{% test train_serve_parity(model, served, key, leave_out=[]) %}
{%- set compared = [] %}
{%- if execute %}
{%- set trained = adapter.get_columns_in_relation(model) | map(attribute='name') | list %}
{%- for column in adapter.get_columns_in_relation(served) if column.name in trained and column.name not in key + leave_out %}
{%- do compared.append(column.name) %}
{%- endfor %}
{%- endif %}
{%- set differing = [] %}
{%- for column in compared %}
{%- do differing.append("\n            case when trained." ~ column ~ " is distinct from served." ~ column ~ " then '" ~ column ~ "' end") %}
{%- endfor %}
select {{ key | join(', ') }}, differing
from (
    select
        {%- for column in key %}
        trained.{{ column }},
        {%- endfor %}
        {{ listed(differing) }} as differing
    from {{ model }} as trained
    join {{ served }} as served
        on {% for column in key %}served.{{ column }} = trained.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
) as pairs
where differing <> ''
{% endtest %}

{# A whole row as JSON text, of a table under the name it has in the query: kept beside a score it is what was served. #}
{% macro row_as_json(alias) %}cast(to_json({{ alias }}) as varchar){% endmacro %}

{# Train/serve parity of scores: rows of `model`, a score table that keeps the row each answer was given for
   (`row_as_json`) in the column `row`, whose row in `trained` is another now. Columns that were not served are not
   compared, such as labels. `only`: which rows of `trained`, such as those with a result. #}
{% test scored_as_trained(model, trained, key, row='served_row', only='true') %}
{%- set compared = [] %}
{%- if execute %}
{%- for column in adapter.get_columns_in_relation(trained) if column.name not in key %}
{%- do compared.append(column.name) %}
{%- endfor %}
{%- endif %}
select {{ key | join(', ') }}, differing
from (
    select
        {%- for column in key %}
        pairs.{{ column }},
        {%- endfor %}
        concat_ws(', '
            {%- for column in compared %},
            case
                when position('"{{ column }}":' in served_text) > 0
                    and (served ->> '{{ column }}') is distinct from (trained ->> '{{ column }}')
                then '{{ column }}'
            end
            {%- else %}, ''
            {%- endfor %}
        ) as differing
    from (
        select
            {%- for column in key %}
            scores.{{ column }},
            {%- endfor %}
            scores.{{ row }} as served_text, cast(scores.{{ row }} as json) as served, to_json(dataset) as trained
        from {{ model }} as scores
        join (select * from {{ trained }} as every_row where {{ only }}) as dataset
            on {% for column in key %}dataset.{{ column }} = scores.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    ) as pairs
) as judged
where differing <> ''
{% endtest %}
