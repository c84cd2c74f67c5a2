{{ config(enabled=reads_source('betfair')) }}

{{ rejected_rows('betfair') }}
