{{ config(enabled=reads_source('files')) }}

{{ stage_races_and_runners(source('files', 'races'), source('files', 'runners')) }}
