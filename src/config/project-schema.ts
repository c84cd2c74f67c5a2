import * as z from 'zod';
import { flag, open, optional, quoting, text, textOrTexts, texts, version } from './yaml-values.ts';

const tree = (about: string) =>
  optional(open, `${about} Below it: the project's name, then folders; '+' marks a setting.`);

const folders = (what: string, name: string) => optional(texts, `Folders of ${what}; [${name}].`);

const dispatch = z.strictObject({
  macro_namespace: z.string().describe('Package whose macros are looked up elsewhere first.'),
  search_order: texts.describe('Packages to look in, in order.'),
});

const queryComment = z.strictObject({
  comment: optional(text, 'Text of the comment; a template may use node and target.'),
  append: optional(flag, 'True: behind the statement instead of before it.'),
  'job-label': optional(flag, 'Of another database; kept and not used.'),
});

/** One of these at a time: dbt's word of today, and the one before it. */
const RENAMED = { 'source-paths': 'model-paths', 'data-paths': 'seed-paths' } as const;

/** velo_project.yml: the keys of dbt_project.yml, and `timezone`. Config trees are checked where they are applied. */
export const projectSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and underscores')
      .describe("The project's name: letters, digits and underscores."),
    version: optional(version, "The project's own version: for people."),
    'config-version': optional(
      z.union([z.literal(2), z.literal('2')]),
      'Version of this grammar: 2.',
    ),
    profile: optional(text, 'Profile of profiles.yml; without one velo builds into DuckDB.'),
    timezone: optional(text, "velo's own: whose yesterday --as-of means; UTC."),
    'require-dbt-version': optional(textOrTexts, 'Versions of dbt it was written for.'),
    'require-velo-version': optional(
      textOrTexts,
      "Versions of velo it was written for: '>=0.1.0'.",
    ),
    'model-paths': folders('models', 'models'),
    'seed-paths': folders('seeds', 'seeds'),
    'test-paths': folders('tests written in SQL', 'tests'),
    'macro-paths': folders('macros', 'macros'),
    'snapshot-paths': folders('snapshots', 'snapshots'),
    'analysis-paths': folders('analyses', 'analyses'),
    'function-paths': folders('functions', 'functions'),
    'docs-paths': optional(texts, 'Folders of docs blocks; all of the others.'),
    'asset-paths': optional(texts, 'Folders of images for the documentation.'),
    'source-paths': optional(texts, 'Old name of model-paths.'),
    'data-paths': optional(texts, 'Old name of seed-paths.'),
    'target-path': optional(text, 'Folder of artifacts, caches and the default database; target.'),
    'artifacts-path': optional(text, "velo's own: folder of trained models; artifacts."),
    'log-path': optional(text, 'Folder of logs; logs.'),
    'packages-install-path': optional(text, 'Folder packages are put in; dbt_packages.'),
    'clean-targets': optional(texts, 'Folders that clean removes; the target folder.'),
    vars: optional(open, "Variables; a mapping under a package's name is for that package."),
    models: tree('Settings of models.'),
    seeds: tree('Settings of seeds.'),
    snapshots: tree('Settings of snapshots.'),
    sources: tree('Settings of sources.'),
    data_tests: tree('Settings of data tests.'),
    tests: tree('Old name of data_tests.'),
    unit_tests: tree('Settings of unit tests.'),
    analyses: tree('Settings of analyses.'),
    exposures: tree('Settings of exposures.'),
    functions: tree('Settings of functions.'),
    metrics: tree('Settings of metrics.'),
    'semantic-models': tree('Settings of semantic models.'),
    'saved-queries': tree('Settings of saved queries.'),
    'on-run-start': optional(textOrTexts, 'SQL to run before everything.'),
    'on-run-end': optional(textOrTexts, 'SQL to run after everything; may use results.'),
    dispatch: optional(z.array(dispatch), 'Where macros that packages dispatch are looked for.'),
    flags: optional(open, 'Defaults of the command line: {fail_fast: true}.'),
    'query-comment': optional(
      z.union([z.string(), queryComment]),
      'Comment on every statement; empty: none.',
    ),
    quoting: optional(quoting, 'How names are written; {database: true, …}.'),
    'restrict-access': optional(
      flag,
      "True: other packages cannot ref this one's protected models.",
    ),
    'dbt-cloud': optional(open, "Settings of dbt's service; kept and not used."),
    sync: optional(open, "Settings of dbt's service; kept and not used."),
  })
  .superRefine((project, context) => {
    for (const [old, now] of Object.entries(RENAMED) as [
      keyof typeof RENAMED,
      'model-paths' | 'seed-paths',
    ][]) {
      if (project[old] === undefined || project[now] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [old],
        params: { at: 'key' },
        message: `is the old name of '${now}': only one of them can be there`,
      });
    }
  })
  .meta({
    title: 'velo project file',
    description: 'velo_project.yml, or dbt_project.yml where it is absent.',
    allOf: Object.entries(RENAMED).map((names) => ({ not: { required: names } })),
  });

export type ProjectYaml = z.output<typeof projectSchema>;
