{{ more_metrics.summarize(ref('events'), ['kind', more_metrics.week_of('happened_on') ~ ' as week'], events='count(*)', total='sum(amount)') }}
