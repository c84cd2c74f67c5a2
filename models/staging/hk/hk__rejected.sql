{{ config(enabled=reads_source('hk')) }}

{{ rejected_rows('hk') }}
