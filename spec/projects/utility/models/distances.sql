{{ config(materialized='view') }}
select
    a.name as a, b.name as b,
    round({{ handy_utils.haversine_distance('a.lat', 'a.lon', 'b.lat', 'b.lon') }}, 2) as miles,
    round({{ handy_utils.haversine_distance(lat1='a.lat', lon1='a.lon', lat2='b.lat', lon2='b.lon', unit='km') }}, 2) as km
from {{ ref('people_now') }} as a
inner join {{ ref('people_now') }} as b on a.name < b.name
