{{ config(enabled=reads_source('sample'), event_time='race_date') }}

{{ stage_prices(ref('sample_prices'), ref('stg_sample_runs'), 'sample') }}
