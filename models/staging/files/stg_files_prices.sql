{{ config(enabled=(reads_source('files') and var('files_prices')), event_time='race_date') }}

{{ stage_prices(source('files', 'prices'), ref('stg_files_runs'), 'files') }}
