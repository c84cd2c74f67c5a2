{#- Whether a relation that replaces another takes over its grants. #}
{% macro copy_grants() -%}
  {{ return(adapter.dispatch('copy_grants', 'dbt')()) }}
{%- endmacro %}

{% macro default__copy_grants() -%}
{{ return(True) }}
{%- endmacro %}

{#- Whether one statement may name several grantees. #}
{% macro support_multiple_grantees_per_dcl_statement() -%}
  {{ return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) }}
{%- endmacro %}

{% macro default__support_multiple_grantees_per_dcl_statement() -%}
{{ return(True) }}
{%- endmacro %}

{#- A new relation has no grants to take away, nor has a replaced one that does not inherit them. #}
{% macro should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- if not existing_relation -%}{{ return(False) }}{%- endif -%}
  {%- if full_refresh_mode -%}{{ return(copy_grants()) }}{%- endif -%}
  {{ return(True) }}
{%- endmacro %}

{% macro get_show_grant_sql(relation) -%}
  {{ return(adapter.dispatch('get_show_grant_sql', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_show_grant_sql(relation) -%}
show grants on {{ relation.render() }}
{%- endmacro %}

{% macro get_grant_sql(relation, privilege, grantees) -%}
  {{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}
{%- endmacro %}

{% macro default__get_grant_sql(relation, privilege, grantees) -%}
grant {{ privilege }} on {{ relation.render() }} to {{ grantees | join(', ') }}
{%- endmacro %}

{% macro get_revoke_sql(relation, privilege, grantees) -%}
  {{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}
{%- endmacro %}

{% macro default__get_revoke_sql(relation, privilege, grantees) -%}
revoke {{ privilege }} on {{ relation.render() }} from {{ grantees | join(', ') }}
{%- endmacro %}

{#- One statement per privilege, or per privilege and grantee; `get_dcl_macro` writes it. #}
{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {{ return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) }}
{%- endmacro %}

{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- set statements = [] -%}
  {%- for privilege, grantees in grant_config.items() if grantees -%}
    {%- if support_multiple_grantees_per_dcl_statement() -%}
      {%- do statements.append(get_dcl_macro(relation, privilege, grantees)) -%}
    {%- else -%}
      {%- for grantee in grantees -%}
        {%- do statements.append(get_dcl_macro(relation, privilege, [grantee])) -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(statements) }}
{%- endmacro %}

{% macro call_dcl_statements(dcl_statement_list) -%}
  {{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}
{%- endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) -%}
  {%- call statement('grants') -%}
    {%- for dcl_statement in dcl_statement_list -%}
      {{ dcl_statement }};
    {% endfor -%}
  {%- endcall -%}
{%- endmacro %}

{#- Brings a relation's grants to `grant_config`, a dict of privilege to grantees. #}
{% macro apply_grants(relation, grant_config, should_revoke) -%}
  {{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}
{%- endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if not grant_config -%}{{ return('') }}{%- endif -%}
  {%- set changes = namespace(grant=grant_config, revoke={}) -%}
  {%- if should_revoke -%}
    {%- set current = {} -%}
    {%- for row in run_query(get_show_grant_sql(relation)).rows -%}
      {%- do current.setdefault(row['privilege_type'] | lower, []).append(row['grantee']) -%}
    {%- endfor -%}
    {%- set changes.grant = diff_of_two_dicts(grant_config, current) -%}
    {%- set changes.revoke = diff_of_two_dicts(current, grant_config) -%}
  {%- endif -%}
  {%- if not (changes.grant or changes.revoke) -%}
    {{ log('On ' ~ relation.render() ~ ': the grants are in place, nothing to do.') }}
    {{ return('') }}
  {%- endif -%}
  {%- set statements = get_dcl_statement_list(relation, changes.revoke, get_revoke_sql)
      + get_dcl_statement_list(relation, changes.grant, get_grant_sql) -%}
  {%- if statements -%}{%- do call_dcl_statements(statements) -%}{%- endif -%}
{%- endmacro %}
