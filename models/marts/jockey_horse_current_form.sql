{{ config(materialized='view', as_of='as_of_date') }}

-- A horse on the card twice in a day has two rows of connections: of one jockey they say the same.
with newest as (
    {{ newest_rows(ref('connections'), ['jockey_id', 'horse_id']) }}
)

select distinct
    jockey_id, horse_id, as_of_date,
    jockey_horse_runs as runs, jockey_horse_wins as wins, jockey_horse_sr as sr
from newest
