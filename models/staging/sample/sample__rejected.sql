{{ config(enabled=reads_source('sample')) }}

{{ rejected_rows('sample') }}
