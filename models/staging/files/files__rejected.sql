{{ config(enabled=reads_source('files')) }}

{{ rejected_rows('files') }}
