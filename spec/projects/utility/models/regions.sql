{{ handy_utils.union_relations([ref('region_north'), ref('region_south')], column_override={'sales': 'double'}, exclude=['nothing']) }}
