{% macro postgres__get_rename_view_sql(relation, new_name) -%}
alter view {{ relation }} rename to {{ adapter.quote_as_configured(new_name, 'identifier') }}
{%- endmacro %}
