import * as z from 'zod';

const instant = z.iso.datetime();
/** A date, or a minute where a grain is the hour. */
const bound = z.string().regex(/^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d)?$/);
const range = z.strictObject({ start: bound, end: bound });
const ranges = z.array(range);

const step = z.strictObject({
  unique_id: z.string(),
  action: z.enum(['build', 'reuse']),
  replace: z.boolean(),
  reasons: z.array(z.strictObject({ code: z.string(), text: z.string().min(1) })),
  batches: ranges,
  strategy: z.enum(['set-based', 'chunked', 'sequential']).nullable(),
  strategy_reason: z.string().nullable(),
  keeps: ranges.nullable(),
  estimate: z
    .strictObject({
      rows: z.number().nullable(),
      execution_time: z.number().nonnegative().nullable(),
    })
    .nullable(),
  depends_on: z.array(z.string()),
  tests: z.array(z.string()),
  version: z.string().nullable(),
});

/** plan.json as docs/guides/as-of.md and whoever reads it has it: no key more, none less. */
export const planSchema = z.strictObject({
  metadata: z.strictObject({
    plan_schema_version: z.literal(1),
    velo_version: z.string(),
    generated_at: instant,
    invocation_id: z.uuid(),
  }),
  as_of_end: instant,
  steps: z.array(step),
  late_rows: z.record(z.string(), z.union([z.literal('all'), ranges])),
  left_stale: z.record(z.string(), ranges),
});
