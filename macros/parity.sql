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
