{#
  The clauses of a merge without `merge_clauses`: update what matches (by name, or column by column
  where a config names columns or expressions), insert the rest by name.
#}
{% macro merge_clause_defaults(
    merge_update_condition,
    merge_insert_condition,
    merge_update_columns=[],
    merge_exclude_columns=[],
    merge_update_set_expressions={}
) -%}
    {{ return({
        'when_matched_update_by_name': {
            'action': 'update', 'mode': 'by_name', 'condition': merge_update_condition
        },
        'when_matched_update_explicit': {
            'action': 'update', 'mode': 'explicit', 'condition': merge_update_condition,
            'update': {
                'include': merge_update_columns,
                'exclude': merge_exclude_columns,
                'set_expressions': merge_update_set_expressions
            }
        },
        'when_not_matched_insert_by_name': {
            'action': 'insert', 'mode': 'by_name', 'condition': merge_insert_condition
        }
    }) }}
{%- endmacro %}
