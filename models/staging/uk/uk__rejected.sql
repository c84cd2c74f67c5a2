{{ config(enabled=reads_source('uk')) }}

{{ rejected_rows('uk') }}
