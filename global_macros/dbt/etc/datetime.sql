{#- Dates of Python, from and to text. #}

{% macro convert_datetime(date_str, date_fmt) -%}
  {%- set message = "'" ~ date_str ~ "' is not a date of the form '" ~ date_fmt ~ "'" -%}
  {{ return(try_or_compiler_error(message, modules.datetime.datetime.strptime, date_str | string, date_fmt)) }}
{%- endmacro %}

{#- Every day from the first to the last, both included, as text; without a last day only the first. #}
{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt="%Y%m%d", out_fmt="%Y%m%d") -%}
  {%- set first = convert_datetime(start_date_str, in_fmt) -%}
  {%- set last = convert_datetime(end_date_str if end_date_str is not none else start_date_str, in_fmt) -%}
  {%- set days = (last - first).days -%}
  {%- if days < 0 -%}
    {{ exceptions.raise_compiler_error('the range of dates ends before it starts: ' ~ start_date_str ~ ' to ' ~ end_date_str) }}
  {%- endif -%}
  {%- set dates = [] -%}
  {%- for day in range(days + 1) -%}
    {%- do dates.append((first + modules.datetime.timedelta(days=day)).strftime(out_fmt)) -%}
  {%- endfor -%}
  {{ return(dates) }}
{%- endmacro %}

{#- `20240101` is one day, `20240101,20240103` three. #}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') -%}
  {%- set ends = (raw_partition_date | string).split(',') -%}
  {%- if ends | length > 2 -%}
    {{ exceptions.raise_compiler_error("a range of partitions is one date or two with a comma between, not '" ~ raw_partition_date ~ "'") }}
  {%- endif -%}
  {{ return(dates_in_range(ends[0] | trim, ends[1] | trim if ends | length == 2 else none, in_fmt=date_fmt)) }}
{%- endmacro %}

{#- The time of the call to the microsecond, digits only: good in names. #}
{% macro py_current_timestring() -%}
{{ return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) }}
{%- endmacro %}
