/** A mistake of the recorded scenarios and what velo says of it. */
export interface ErrorCase {
  /** Id of the recorded step. */
  readonly id: string;
  /** Errors velo prints, in their order: code, file, line. None when velo takes the project. */
  readonly errors: readonly string[];
  /** What the messages name. */
  readonly names?: readonly string[];
  /** Called instead of what was recorded. */
  readonly args?: readonly string[];
  /** Why velo does not refuse what dbt refuses, or refuses what dbt takes. */
  readonly unlikeDbt?: string;
}

const ONCE_PARSED = 'velo finds it when it reads the project, dbt when the node runs';
const SILENT = 'dbt says nothing and does not do what was meant';

/** The scenario `parse_errors`, in its order. */
export const PARSE_ERRORS: readonly ErrorCase[] = [
  { id: 'unknown-ref', errors: ['unknown-ref models/zz.sql:1'], names: ['no_model'] },
  { id: 'unknown-source', errors: ['unknown-source models/zz.sql:1'], names: ['feed', 'nope'] },
  { id: 'ref-disabled', errors: ['disabled-ref models/zz.sql:1'], names: ['old_report'] },
  {
    id: 'cycle',
    errors: ['dependency-cycle models/zz.sql:1'],
    names: ['zz2', 'models/zz2.sql:1'],
    unlikeDbt: 'dbt looks for cycles only when it selects nodes',
  },
  { id: 'cycle-half-fixed', errors: ['unknown-ref models/zz.sql:1'], names: ['zz2'] },
  { id: 'self-ref', errors: ['dependency-cycle models/zz.sql:1'], names: ['zz'] },
  {
    id: 'duplicate-name',
    errors: ['duplicate-name models/zz.sql:1'],
    names: ['models/reports/zz.sql'],
  },
  {
    id: 'duplicate-alias',
    errors: ['duplicate-relation models/zz.sql:1'],
    names: ['rpt_stamped', 'models/reports/rpt_stamped.sql'],
  },
  { id: 'bad-jinja', errors: ['template-syntax models/zz.sql:1'], names: ['}}'] },
  { id: 'unclosed-if', errors: ['template-syntax models/zz.sql:1'], names: ['{% if %}'] },
  {
    id: 'missing-var',
    errors: ['var-missing models/zz.sql:1'],
    names: ['not_defined'],
    unlikeDbt: ONCE_PARSED,
  },
  {
    id: 'missing-env-var',
    errors: ['env-var-missing models/zz.sql:1'],
    names: ['NOT_SET_ANYWHERE'],
  },
  { id: 'ref-no-args', errors: ['template-error models/zz.sql:1'], names: ['ref'] },
  { id: 'ref-unknown-version', errors: ['unknown-ref models/zz.sql:1'], names: ['dim_customers'] },
  { id: 'ref-wrong-package', errors: ['unknown-ref models/zz.sql:1'], names: ['other_pkg'] },
  {
    id: 'private-ref',
    errors: ['private-ref models/zz.sql:1'],
    names: ['int_fin_margin', 'finance'],
  },
  {
    id: 'unknown-group',
    errors: ['unknown-group models/zz.sql:1'],
    names: ['no_group', 'finance', 'ops'],
  },
  {
    id: 'unknown-config-key-sql',
    errors: [],
    names: ["unknown config 'nonsense_key' in models/zz.sql:1"],
  },
  { id: 'config-wrong-type', errors: ['invalid-config models/zz.sql:1'], names: ['enabled'] },
  {
    id: 'unknown-yaml-keys',
    errors: ['unknown-key models/zz.yml:3'],
    // A macro may read settings of its own; a key beside them is read by nobody.
    names: [
      "did you mean 'description'?",
      "unknown config 'nonsense' in models/zz.yml:5",
      "unknown config 'materialised' in models/zz.yml:6: did you mean 'materialized'?",
    ],
    unlikeDbt: SILENT,
  },
  { id: 'bad-yaml', errors: ['yaml-syntax models/zz.yml:4'] },
  {
    id: 'yaml-no-name',
    errors: ['yaml-schema models/zz.yml:2', 'unknown-key models/zz.yml:2'],
    names: ["did you mean 'name'?"],
  },
  { id: 'yaml-not-a-list', errors: ['yaml-schema models/zz.yml:2'], names: ['models'] },
  {
    id: 'yaml-unknown-model',
    errors: ['unknown-property-target models/zz.yml:2'],
    names: ['not_there'],
    unlikeDbt: 'dbt warns; what is described is not there, and neither are its tests',
  },
  {
    id: 'yaml-duplicate-patch',
    errors: ['duplicate-name models/zz.yml:3'],
    names: ['zz', 'models/zz.yml:2'],
    unlikeDbt: 'dbt takes one of the two and says nothing',
  },
  {
    id: 'yaml-duplicate-key',
    errors: ['yaml-syntax models/zz.yml:4'],
    unlikeDbt: 'dbt warns of it and drops the first value',
  },
  { id: 'unknown-doc', errors: ['unknown-doc models/zz.yml:3'], names: ['no_doc'] },
  {
    id: 'unknown-generic-test',
    errors: ['unknown-test models/zz.yml:6'],
    names: ['no_such_test'],
    unlikeDbt: ONCE_PARSED,
  },
  { id: 'test-args-old-style', errors: [] },
  { id: 'tests-and-data-tests', errors: ['yaml-schema models/zz.yml:7'], names: ['tests'] },
  {
    id: 'test-bad-severity',
    // dbt stops at the first; the test stands under the model, where it has no column.
    errors: ['invalid-config models/zz.yml:4', 'invalid-config models/zz.yml:6'],
    names: ['fatal'],
  },
  {
    // The number says nothing: velo reads the file as dbt does.
    id: 'yaml-version-3',
    errors: [],
  },
  {
    id: 'duplicate-source',
    errors: ['duplicate-name models/zz.yml:3'],
    names: ['visits', 'models/staging/_sources.yml'],
  },
  {
    id: 'duplicate-macro',
    errors: ['duplicate-name macros/zz.sql:1'],
    names: ['count_rows', 'macros/ops.sql'],
  },
  { id: 'bad-macro', errors: ['template-syntax macros/zz.sql:2'] },
  {
    id: 'snapshot-missing-updated-at',
    args: ['parse'],
    errors: ['invalid-config snapshots/zz.yml:4'],
    names: ['updated_at'],
  },
  {
    id: 'snapshot-missing-check-cols',
    args: ['parse'],
    errors: ['invalid-config snapshots/zz.yml:4'],
    names: ['check_cols'],
  },
  { id: 'bad-project-name', errors: ['yaml-schema dbt_project.yml:1'], names: ['name'] },
  { id: 'missing-profile', errors: ['profile-not-found dbt_project.yml:4'], names: ['nowhere'] },
  {
    id: 'unknown-project-key',
    errors: ['yaml-schema dbt_project.yml:8', 'unknown-key dbt_project.yml:9'],
    names: ['source-paths', 'model-paths', 'my_extra'],
  },
  { id: 'unused-config-path', errors: [], names: ['models.shop.stagin'] },
  {
    id: 'config-without-plus',
    errors: [],
    names: ["unknown config 'materializd' in dbt_project.yml:40: did you mean 'materialized'?"],
  },
  {
    id: 'require-version',
    errors: ['invalid-config dbt_project.yml:5'],
    names: ['require-dbt-version', '>=7.0.0'],
  },
  { id: 'require-version-off', errors: [] },
  { id: 'unknown-adapter', errors: ['unknown-name profiles.yml:3'], names: ['oracle9'] },
  {
    id: 'unknown-target-in-profile',
    errors: ['target-not-found profiles.yml:2'],
    names: ["'y'", 'x'],
  },
  {
    id: 'unknown-target',
    errors: ['target-not-found profiles.yml:4'],
    names: ['nope', 'duck', 'duck2', 'pg', 'pg_down'],
  },
  { id: 'no-such-option', errors: ["unknown option '--nope'"] },
  { id: 'no-such-command', errors: ["unknown command 'rum'"], names: ['Did you mean run?'] },
  { id: 'bad-threads', errors: ['usage'], names: ['--threads', 'many'] },
  { id: 'bad-vars', errors: ['usage'], names: ['--vars'] },
  { id: 'vars-not-dict', errors: ['usage'], names: ['--vars', '[1,2]'] },
  { id: 'unknown-method', errors: ['selector-syntax'], names: ['zebra'] },
  { id: 'bad-selector-syntax', errors: ['selector-syntax'], names: ['@stg_orders+'] },
  { id: 'unknown-selector', errors: ['selector-syntax'], names: ['nope', 'nightly'] },
  { id: 'project-dir-missing', errors: ['project-not-found'], names: ['/nonexistent'] },
  {
    id: 'profiles-dir-missing',
    errors: ['profile-not-found dbt_project.yml:4'],
    names: ['/nonexistent'],
  },
  { id: 'bad-selectors-yml', errors: ['yaml-schema selectors.yml:3'], names: ['value'] },
  { id: 'default-selector', errors: [] },
  { id: 'retry-no-results', errors: ['usage'], names: ['previous run', 'nowhere'] },
  {
    id: 'event-time-start-only',
    errors: ['usage'],
    names: ['--event-time-start', '--event-time-end'],
  },
  {
    id: 'event-time-reversed',
    errors: ['usage'],
    names: ['--event-time-start', '--event-time-end'],
  },
];

/** Further mistakes, of the scenarios `extra` and `extra2`. */
export const MORE_ERRORS: readonly ErrorCase[] = [
  { id: 'cycle-run', errors: ['dependency-cycle models/zz.sql:1'], names: ['zz2'] },
  { id: 'cycle-ls', errors: ['dependency-cycle models/zz.sql:1'], names: ['zz2'] },
];

/** Steps of `parse_errors` that say nothing of how a project is read. */
export const NOT_READING: Readonly<Record<string, string>> = {
  'unknown-yaml-keys-all': 'as unknown-yaml-keys: velo always says all',
  'profile-missing-keys': 'needs the Postgres adapter',
  'pg-down': 'needs the Postgres adapter',
  'pg-down-run': 'needs the Postgres adapter',
  'bad-option-value': '--indirect-selection is not an option yet',
  'clone-no-state': 'velo clone does not exist yet',
  'state-missing-dir': '--state is not an option yet',
  'state-not-given': '--state is not an option yet',
  'defer-no-state': '--defer is not an option yet',
  'bad-sample': '--sample is not an option yet',
  'function-on-duckdb': 'found when it runs',
};
