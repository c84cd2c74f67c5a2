{{ config(enabled=reads_source('racing_schema')) }}

{{ rejected_rows('racing_schema') }}
