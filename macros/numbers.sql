{# Exact sums. Adding doubles depends on the order, and the order on threads and on where a range
   was cut. Every sum of doubles is therefore a sum of integers in units of 1e-12; market
   probabilities take 1e-15, since A/E divides by sums that can be tiny. A total beyond 64 bits is
   an error, not a wrong number. #}

{% macro fixed(x, digits=12) %}cast({{ rounded('(' ~ x ~ ') * 1e' ~ digits) }} as bigint){% endmacro %}
{% macro from_fixed(x, digits=12) %}(cast({{ x }} as double precision) / 1e{{ digits }}){% endmacro %}

{# To the nearest whole number, halves away from zero. Postgres rounds halves of doubles to even. #}
{% macro rounded(x) %}{{ return(adapter.dispatch('rounded')(x)) }}{% endmacro %}
{% macro default__rounded(x) %}(trunc({{ x }}) + trunc(2 * ({{ x }} - trunc({{ x }})))){% endmacro %}
{% macro duckdb__rounded(x) %}round({{ x }}){% endmacro %}

{# An integer or a decimal to be reckoned with as a double. DuckDB divides into doubles anyway; Postgres divides integers by
   leaving the rest out and decimals into decimals, whose last digits are others. #}
{% macro real(x) %}{{ return(adapter.dispatch('real')(x)) }}{% endmacro %}
{% macro default__real(x) %}cast({{ x }} as double precision){% endmacro %}
{% macro duckdb__real(x) %}{{ x }}{% endmacro %}

{# Seconds as integer microseconds: times are published to 0.01 or 0.001 s, so nothing is lost. #}
{% macro microseconds(seconds) %}cast({{ rounded('(' ~ seconds ~ ') * 1e6') }} as bigint){% endmacro %}

{# A total that is certain to fit 64 bits, kept there: windows over 128 bits are slow. #}
{% macro total(x) %}cast(coalesce(sum({{ x }}), 0) as bigint){% endmacro %}

{# The same, NULL where nothing is added: days that only stand there to be found take no part in windows. #}
{% macro total_if_any(x) %}cast(sum({{ x }}) as bigint){% endmacro %}

{# racing.md §7.12: comparisons, ties and ranks are made on the value rounded to 9 decimals. #}
{% macro comparable(x) %}{{ return(adapter.dispatch('comparable')(x)) }}{% endmacro %}
{# Postgres rounds doubles to whole numbers only. #}
{% macro default__comparable(x) %}({{ rounded('(' ~ x ~ ') * 1e9') }} / 1e9){% endmacro %}
{% macro duckdb__comparable(x) %}round({{ x }}, 9){% endmacro %}

{# What is not NULL of many texts, with commas between; '' of none. Postgres gives a function a hundred arguments at most. #}
{% macro listed(texts) %}{{ return(adapter.dispatch('listed')(texts)) }}{% endmacro %}
{% macro default__listed(texts) %}array_to_string(array[''{% for text in texts %},{{ text }}{% endfor %}], ', '){% endmacro %}
{% macro duckdb__listed(texts) %}concat_ws(', ', ''{% for text in texts %},{{ text }}{% endfor %}){% endmacro %}

{# An integer of more than 64 bits. #}
{% macro wide(x) %}{{ return(adapter.dispatch('wide')(x)) }}{% endmacro %}
{% macro default__wide(x) %}cast({{ x }} as numeric){% endmacro %}
{% macro duckdb__wide(x) %}cast({{ x }} as hugeint){% endmacro %}

{# Integers divided, what is left over dropped. #}
{% macro whole_quotient(a, b) %}{{ return(adapter.dispatch('whole_quotient')(a, b)) }}{% endmacro %}
{% macro default__whole_quotient(a, b) %}{{ a }} / {{ b }}{% endmacro %}
{% macro duckdb__whole_quotient(a, b) %}{{ a }} // {{ b }}{% endmacro %}

{# Rows of the numbers from `first` to `last`, for a select of their own. #}
{% macro each_number(first, last) %}{{ return(adapter.dispatch('each_number')(first, last)) }}{% endmacro %}
{% macro default__each_number(first, last) %}generate_series({{ first }}, {{ last }}){% endmacro %}
{% macro duckdb__each_number(first, last) %}unnest(range({{ first }}, {{ last + 1 }})){% endmacro %}

{# A number that tells two rows of keys apart, NULLs too. #}
{% macro row_hash(keys) %}{{ return(adapter.dispatch('row_hash')(keys)) }}{% endmacro %}
{% macro default__row_hash(keys) %}hash_record_extended(row({{ keys | join(', ') }}), 0){% endmacro %}
{% macro duckdb__row_hash(keys) %}hash({{ keys | join(', ') }}){% endmacro %}

{# The same for two sets of rows: the sum of their hashes, exact and in any order. #}
{% macro checksum(keys) -%}
sum({{ wide(row_hash(keys)) }})
{%- endmacro %}
