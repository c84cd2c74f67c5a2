{{ config(enabled=reads_source('rpscrape')) }}

{{ rejected_rows('rpscrape') }}
