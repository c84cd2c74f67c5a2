{{ config(enabled=reads_source('race_results')) }}

{{ rejected_rows('race_results') }}
