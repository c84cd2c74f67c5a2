{{ handy_utils.unpivot(relation=ref('scores'), cast_to='integer', exclude=['name'], remove=['CLASS'], field_name='subject', value_name='score', quote_identifiers=True) }}
