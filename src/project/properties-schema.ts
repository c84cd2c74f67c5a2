import * as z from 'zod';
import { optional, version } from '../config/yaml-values.ts';
import type { column, testEntry } from './schema/common.ts';
import { analysis, model, seed, snapshot } from './schema/models.ts';
import {
  exposure,
  functionEntry,
  group,
  macro,
  metric,
  savedQuery,
  semanticModel,
  singularTest,
  unitTest,
} from './schema/resources.ts';
import { source } from './schema/sources.ts';

const list = <S extends z.ZodType>(entry: S, about: string) => optional(z.array(entry), about);

/** A properties file: dbt's v2 grammar, and velo's own keys. */
export const propertiesSchema = z
  .strictObject({
    version: optional(version, 'Version of this grammar: 2. dbt takes any, and so does velo.'),
    models: list(model, 'What is said of models.'),
    seeds: list(seed, 'What is said of seeds.'),
    snapshots: list(snapshot, 'Snapshots: the history of a relation.'),
    sources: list(source, 'Tables and files made by others.'),
    macros: list(macro, 'What is said of macros.'),
    analyses: list(analysis, 'What is said of analyses.'),
    exposures: list(exposure, 'Uses of the data outside the project.'),
    groups: list(group, 'Groups of nodes with an owner.'),
    functions: list(functionEntry, 'Functions to create in the database.'),
    unit_tests: list(unitTest, 'Tests of a model on made-up rows.'),
    data_tests: list(singularTest, 'What is said of tests written in SQL.'),
    tests: list(singularTest, 'Old name of data_tests.'),
    metrics: list(metric, 'Semantic layer: checked, kept and not used.'),
    semantic_models: list(semanticModel, 'Semantic layer: checked, kept and not used.'),
    saved_queries: list(savedQuery, 'Semantic layer: checked, kept and not used.'),
    anchors: list(z.unknown(), 'YAML to be used elsewhere in the file by *alias.'),
  })
  .meta({ title: 'velo properties file', description: 'Models, sources, tests … of a project.' });

export type PropertiesFile = z.output<typeof propertiesSchema>;
export type ModelEntry = z.output<typeof model>;
export type ColumnEntry = z.output<typeof column>;
export type TestEntryYaml = z.output<typeof testEntry>;

/** What may be read of an entry of any section that describes a file: its own keys are in its own type. */
export type NodeEntry = Pick<
  ModelEntry,
  'name' | 'description' | 'config' | 'tags' | 'meta' | 'columns' | 'data_tests' | 'tests'
>;
