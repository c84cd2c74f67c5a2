{{ handy_utils.generate_series(7) }}
