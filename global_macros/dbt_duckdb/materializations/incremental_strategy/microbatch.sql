{# Replaces the batch's range of event times. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) -%}
    {%- set event_time = config.get('event_time') -%}
    {%- set batch = model.batch -%}
    {%- if arg_dict['unique_key'] -%}
        {{ exceptions.raise_compiler_error("microbatch incremental strategy does not support 'unique_key'. Microbatch runs delete+insert per batch based on 'event_time' and does not do key-based upserts. Remove 'unique_key' or use incremental_strategy='merge'.") }}
    {%- elif not event_time -%}
        {{ exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' config.") }}
    {%- elif not batch -%}
        {{ exceptions.raise_compiler_error('microbatch incremental strategy requires a batch: the model runs batch by batch only.') }}
    {%- endif -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set range -%}
        where {{ event_time }} >= '{{ batch.event_time_start }}'
        and {{ event_time }} < '{{ batch.event_time_end }}'
    {%- endset -%}
    delete from {{ arg_dict['target_relation'] }}
        {{ range }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
        select {{ columns }}
        from {{ arg_dict['temp_relation'] }}
        {{ range }};
{%- endmacro %}
