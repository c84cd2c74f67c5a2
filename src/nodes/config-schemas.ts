import { z } from 'zod';
import { GRAINS } from '../core/grain.ts';

const listOfText = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const common = {
  enabled: z.boolean().default(true),
  tags: listOfText.default([]),
  meta: z.record(z.string(), z.unknown()).default({}),
};

const located = {
  ...common,
  schema: z.string().nullish(),
  alias: z.string().nullish(),
};

/** Settings of a model; those below incremental_strategy belong to as_of (engine.md §5). */
export const modelConfig = z.strictObject({
  ...located,
  materialized: z.string().default('view'),
  unique_key: listOfText.default([]),
  incremental_strategy: z.string().optional(),
  event_time: z.string().optional(),
  as_of: z.string().optional(),
  grain: z.enum(GRAINS).default('day'),
  begin: z.string().optional(),
  batch_size: z.union([z.enum(['auto', 'all']), z.int().positive()]).default('auto'),
  lookback: z.int().nonnegative().default(0),
  depends_on_past: z.boolean().default(false),
});

/** A TypeScript model also says what it reads: a file cannot be asked without running it. */
export const scriptConfig = z.strictObject({
  ...modelConfig.shape,
  materialized: z.string().default('table'),
  refs: z.array(z.string()).default([]),
  sources: z.array(z.tuple([z.string(), z.string()])).default([]),
});

export const seedConfig = z.strictObject({
  ...located,
  column_types: z.record(z.string(), z.string()).default({}),
  delimiter: z.string().length(1).default(','),
});

export const sourceConfig = z.strictObject({
  ...common,
  event_time: z.string().optional(),
  external_location: z.string().optional(),
});

const threshold = z
  .string()
  .regex(/^\s*(=|==|!=|<>|<|<=|>|>=)\s*\d+\s*$/, "must be like '> 10' or '!= 0'");

export const testConfig = z.strictObject({
  ...common,
  severity: z.union([z.enum(['error', 'warn']), z.enum(['ERROR', 'WARN'])]).default('error'),
  where: z.string().nullish(),
  limit: z.int().positive().nullish(),
  error_if: threshold.default('!= 0'),
  warn_if: threshold.default('!= 0'),
});

export type ModelConfig = z.output<typeof modelConfig>;
export type TestConfig = z.output<typeof testConfig>;
