{{ config(materialized='view') }}

-- The starters of races without a result, as the models see them: training_dataset less the labels.
select {{ all_but(['won', 'placed', 'value']) }}
from {{ ref('training_dataset') }}
where won is null
