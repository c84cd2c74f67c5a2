{{ config(enabled=reads_source('sample')) }}

{{ stage_races_and_runners(ref('sample_races'), ref('sample_runners')) }}
