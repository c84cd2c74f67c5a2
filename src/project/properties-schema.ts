import { z } from 'zod';

const config = z.record(z.string(), z.unknown()).nullish();
const description = z.string().nullish();
const tags = z.union([z.string(), z.array(z.string())]).nullish();
const meta = z.record(z.string(), z.unknown()).nullish();

/** `- unique`, or `- accepted_values: {arguments: …, config: …}`; its inner keys are checked where it is read. */
const testEntry = z.union([z.string(), z.record(z.string(), z.unknown())]);
const tests = z.array(testEntry).nullish();

const column = z.strictObject({
  name: z.string(),
  description,
  data_type: z.string().nullish(),
  tags,
  meta,
  data_tests: tests,
  tests,
});

const node = {
  name: z.string(),
  description,
  config,
  tags,
  meta,
  columns: z.array(column).nullish(),
  data_tests: tests,
  tests,
};

const sourceTable = z.strictObject({
  ...node,
  identifier: z.string().nullish(),
  external_location: z.string().nullish(),
});

const source = z.strictObject({
  name: z.string(),
  description,
  config,
  tags,
  meta,
  schema: z.string().nullish(),
  database: z.string().nullish(),
  external_location: z.string().nullish(),
  tables: z.array(sourceTable).nullish(),
});

const macro = z.strictObject({
  name: z.string(),
  description,
  arguments: z
    .array(z.strictObject({ name: z.string(), type: z.string().nullish(), description }))
    .nullish(),
  meta,
});

/** A properties file: dbt's v2 grammar. */
export const propertiesSchema = z.strictObject({
  version: z.union([z.literal(2), z.literal('2')]).optional(),
  models: z.array(z.strictObject(node)).nullish(),
  seeds: z.array(z.strictObject(node)).nullish(),
  sources: z.array(source).nullish(),
  macros: z.array(macro).nullish(),
  data_tests: z.array(z.strictObject({ name: z.string(), description, config, meta })).nullish(),
});

export type PropertiesFile = z.output<typeof propertiesSchema>;
export type NodeEntry = NonNullable<PropertiesFile['models']>[number];
export type ColumnEntry = z.output<typeof column>;
export type SourceEntry = z.output<typeof source>;
export type TestEntryYaml = z.output<typeof testEntry>;
