{{ handy_utils.deduplicate(ref('people'), 'person_id', 'updated_on desc') }}
