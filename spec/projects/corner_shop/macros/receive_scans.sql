{# What the tills send on a day: `dbt run-operation receive_scans --args '{day: 1}'`. #}
{% macro receive_scans(day) %}
  {% set sent = {
      1: [
          [1, 1, 'TEA-01', '2024-02-01 10:00:00'],
          [2, 1, 'TEA-01', '2024-02-01 10:05:00'],
          [3, 2, 'CUP-01', '2024-02-01 11:00:00'],
          [4, 1, 'TEA-02', '2024-02-02 09:00:00'],
      ],
      2: [
          [5, 2, 'TEA-02', '2024-02-02 18:00:00'],
          [6, 1, 'POT-01', '2024-02-03 10:00:00'],
          [7, 1, 'TEA-02', '2024-02-01 12:00:00'],
      ],
      3: [
          [8, 1, 'CUP-01', '2024-02-04 10:00:00'],
          [9, 2, 'CUP-01', '2024-02-04 10:30:00'],
      ],
  } %}
  {% set scans = source('till', 'scans') %}
  {% do run_query('create schema if not exists ' ~ scans.schema) %}
  {% do run_query(
      'create table if not exists ' ~ scans
      ~ ' (scan_id integer, shop_no integer, sku varchar(10), scanned_at timestamp, received_at timestamp with time zone)'
  ) %}
  {% for scan in sent[day] %}
    {% do run_query(
        "insert into " ~ scans ~ " values (" ~ scan[0] ~ ", " ~ scan[1] ~ ", '" ~ scan[2] ~ "', '" ~ scan[3] ~ "', current_timestamp)"
    ) %}
  {% endfor %}
  {{ log('received ' ~ sent[day] | length ~ ' scans', info=true) }}
{% endmacro %}
