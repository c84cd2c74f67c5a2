import { describe, expect, it } from 'vitest';
import type { SchemaName } from '../../scripts/schemas/json-schemas.ts';
import { editorFaults, veloFaults } from './check-file.ts';

interface Mistake {
  readonly what: string;
  readonly schema: SchemaName;
  readonly text: string;
  /** What velo says: line and column, message, hint; of a list of words only its start. */
  readonly says: readonly string[];
}

/** Where a record is named dbt 1.12 was given the same text; it refuses it too, but for 189. */
const mistakes: readonly Mistake[] = [
  {
    what: 'a key misspelt (dbt record 189)',
    schema: 'properties',
    text: 'models:\n  - name: zz\n    descripton: typo\n',
    says: ["3:5 unknown key 'descripton' under models.zz (did you mean 'description'?)"],
  },
  {
    what: 'an entry without a name (dbt record 192)',
    schema: 'properties',
    text: 'models:\n  - nam: zz\n',
    says: [
      '2:5 models.#1.name is missing',
      "2:5 unknown key 'nam' under models.#1 (did you mean 'name'?)",
    ],
  },
  {
    what: 'a mapping where a list belongs (dbt record 193)',
    schema: 'properties',
    text: 'models:\n  zz: {}\n',
    says: ['2:3 models must be a list, not a mapping'],
  },
  {
    what: 'both names of one key (dbt record 200)',
    schema: 'properties',
    text: 'models:\n  - name: zz\n    columns:\n      - name: x\n        data_tests: [unique]\n        tests: [unique]\n',
    says: [
      "6:9 models.zz.columns.x.tests is the old name of 'data_tests': only one of them can be there",
    ],
  },
  {
    what: 'a section misspelt',
    schema: 'properties',
    text: 'modles:\n  - name: a\n',
    says: ["1:1 unknown key 'modles' (did you mean 'models'?)"],
  },
  {
    what: 'no sections, but a list',
    schema: 'properties',
    text: '- models\n',
    says: ['1:1 the file must be a mapping, not a list'],
  },
  {
    what: 'a constraint that does not exist',
    schema: 'properties',
    text: 'models:\n  - name: a\n    columns:\n      - name: x\n        constraints: [{type: notnull}]\n',
    says: [
      '5:30 models.a.columns.x.constraints.#1.type must be "not_null" or "unique" or "primary_key" or "foreign_key" or "check" or "custom", not "notnull"',
    ],
  },
  {
    what: 'a number as a test',
    schema: 'properties',
    text: 'models:\n  - name: a\n    data_tests: [1]\n',
    says: ['3:18 models.a.data_tests.#1 must be a name or a mapping, not 1'],
  },
  {
    what: 'a list as settings',
    schema: 'properties',
    text: 'models:\n  - name: a\n    config: [table]\n',
    says: ['3:13 models.a.config must be a mapping, not a list'],
  },
  {
    what: 'a mapping as tags',
    schema: 'properties',
    text: 'models:\n  - name: a\n    tags: {daily: true}\n',
    says: ['3:11 models.a.tags must be text or a list, not a mapping'],
  },
  {
    what: 'a version without its number',
    schema: 'properties',
    text: 'models:\n  - name: a\n    versions: [{defined_in: a}]\n',
    says: ['3:16 models.a.versions.#1.v is missing'],
  },
  {
    what: 'a key misspelt in a column of a version',
    schema: 'properties',
    text: 'models:\n  - name: a\n    versions: [{v: 1, columns: [{include: all, exlude: [b]}]}]\n',
    says: [
      "3:48 unknown key 'exlude' under models.a.versions.#1.columns.#1 (did you mean 'exclude'?)",
    ],
  },
  {
    what: 'neither true nor false',
    schema: 'properties',
    text: 'models:\n  - name: a\n    columns: [{name: x, quote: maybe}]\n',
    says: ['3:32 models.a.columns.x.quote must be true or false, not "maybe"'],
  },
  {
    what: 'a period that dbt does not know',
    schema: 'properties',
    text: 'sources:\n  - name: s\n    freshness: {warn_after: {count: 1, period: week}}\n',
    says: [
      '3:48 sources.s.freshness.warn_after.period must be "minute" or "hour" or "day", not "week"',
    ],
  },
  {
    what: 'text as a count',
    schema: 'properties',
    text: 'sources:\n  - name: s\n    freshness: {warn_after: {count: many, period: day}}\n',
    says: ['3:37 sources.s.freshness.warn_after.count must be a whole number, not "many"'],
  },
  {
    what: 'a key misspelt in the freshness of a table',
    schema: 'properties',
    text: 'sources:\n  - name: s\n    tables: [{name: t, freshness: {warn_afer: {count: 1}}}]\n',
    says: [
      "3:36 unknown key 'warn_afer' under sources.s.tables.t.freshness (did you mean 'warn_after'?)",
    ],
  },
  {
    what: 'an exposure without an owner',
    schema: 'properties',
    text: 'exposures:\n  - {name: e, type: dashboard}\n',
    says: ['2:5 exposures.e.owner is missing'],
  },
  {
    what: 'an owner without name and email',
    schema: 'properties',
    text: 'exposures:\n  - {name: e, type: dashboard, owner: {slack: x}}\n',
    says: ['2:39 exposures.e.owner needs a name or an email'],
  },
  {
    what: 'a kind of exposure that does not exist',
    schema: 'properties',
    text: 'exposures:\n  - {name: e, type: dashbord, owner: {name: x}}\n',
    says: [
      '2:21 exposures.e.type must be "dashboard" or "notebook" or "analysis" or "ml" or "application", not "dashbord"',
    ],
  },
  {
    what: 'a unit test that expects nothing',
    schema: 'properties',
    text: 'unit_tests:\n  - {name: u, model: m, given: []}\n',
    says: ['2:5 unit_tests.u.expect is missing'],
  },
  {
    what: 'a key misspelt in what a unit test is given',
    schema: 'properties',
    text: 'unit_tests:\n  - {name: u, model: m, given: [{inptu: x}], expect: {rows: []}}\n',
    says: [
      '2:33 unit_tests.u.given.#1.input is missing',
      "2:34 unknown key 'inptu' under unit_tests.u.given.#1 (did you mean 'input'?)",
    ],
  },
  {
    what: 'a format and rows of the wrong kind',
    schema: 'properties',
    text: 'unit_tests:\n  - {name: u, model: m, given: [{input: x, format: json}], expect: {rows: 3}}\n',
    says: [
      '2:52 unit_tests.u.given.#1.format must be "dict" or "csv" or "sql", not "json"',
      '2:75 unit_tests.u.expect.rows must be a list or text, not 3',
    ],
  },
  {
    what: 'a key misspelt in overrides',
    schema: 'properties',
    text: 'unit_tests:\n  - {name: u, model: m, overrides: {var: {a: 1}}, expect: {rows: []}}\n',
    says: ["2:37 unknown key 'var' under unit_tests.u.overrides (did you mean 'vars'?)"],
  },
  {
    what: 'a key misspelt in an argument',
    schema: 'properties',
    text: 'macros:\n  - {name: u, arguments: [{name: a, typ: text}]}\n',
    says: ["2:37 unknown key 'typ' under macros.u.arguments.a (did you mean 'type'?)"],
  },
  {
    what: 'a key misspelt in a metric',
    schema: 'properties',
    text: 'metrics:\n  - {name: u, typ: simple}\n',
    says: ["2:15 unknown key 'typ' under metrics.u (did you mean 'type'?)"],
  },
  {
    what: 'a name with a dash (dbt record 208)',
    schema: 'project',
    text: 'name: shop-x\n',
    says: ['1:7 name must be letters, digits and underscores'],
  },
  {
    what: 'both names of one key (dbt record 210)',
    schema: 'project',
    text: 'name: shop\nmodel-paths: [models]\nsource-paths: [x]\n',
    says: ["3:1 source-paths is the old name of 'model-paths': only one of them can be there"],
  },
  {
    what: 'a key that does not exist (dbt record 364)',
    schema: 'project',
    text: 'name: shop\nmodel-paths: [models]\nmy_extra: 1\n',
    says: ["3:1 unknown key 'my_extra' (known keys)"],
  },
  {
    what: 'no name',
    schema: 'project',
    text: 'profile: shop\n',
    says: ['1:1 name is missing'],
  },
  {
    what: 'an underscore for a dash',
    schema: 'project',
    text: 'name: shop\nmodel_paths: [models]\n',
    says: ["2:1 unknown key 'model_paths' (did you mean 'model-paths'?)"],
  },
  {
    what: 'text where a list belongs',
    schema: 'project',
    text: 'name: shop\nseed-paths: seeds\n',
    says: ['2:13 seed-paths must be a list, not "seeds"'],
  },
  {
    what: 'an older grammar',
    schema: 'project',
    text: 'name: shop\nconfig-version: 1\n',
    says: ['2:17 config-version must be 2 or "2", not 1'],
  },
  {
    what: 'dispatch without an order',
    schema: 'project',
    text: 'name: shop\ndispatch: [{macro_namespace: dbt_utils}]\n',
    says: ['2:12 dispatch.#1.search_order is missing'],
  },
  {
    what: 'a key misspelt in the query comment',
    schema: 'project',
    text: 'name: shop\nquery-comment: {coment: x}\n',
    says: ["2:17 unknown key 'coment' under query-comment (did you mean 'comment'?)"],
  },
  {
    what: 'a mapping as a hook',
    schema: 'project',
    text: 'name: shop\non-run-start: {sql: x}\n',
    says: ['2:15 on-run-start must be text or a list, not a mapping'],
  },
  {
    what: 'a key misspelt in quoting',
    schema: 'project',
    text: 'name: shop\nquoting: {schma: true}\n',
    says: ["2:11 unknown key 'schma' under quoting (did you mean 'schema'?)"],
  },
  {
    what: 'a list as a tree of settings',
    schema: 'project',
    text: 'name: shop\nmodels: [x]\n',
    says: ['2:9 models must be a mapping, not a list'],
  },
  {
    what: 'a method without a value (dbt record 240)',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {method: tag}\n',
    says: [
      "3:17 selectors.a.definition must have 'method' and 'value', or one key: union, intersection or a method",
    ],
  },
  {
    what: 'a method that does not exist',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {method: tagg, value: x}\n',
    says: ['3:26 selectors.a.definition.method must be a method'],
  },
  {
    what: 'a short form that does not exist',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {tagg: x}\n',
    says: ["3:18 unknown key 'tagg' under selectors.a.definition (did you mean 'tag'?)"],
  },
  {
    what: 'two short forms',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {tag: x, path: y}\n',
    says: [
      "3:17 selectors.a.definition must have 'method' and 'value', or one key: union, intersection or a method",
    ],
  },
  {
    what: 'a set misspelt',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {unoin: [x]}\n',
    says: ["3:18 unknown key 'unoin' under selectors.a.definition (did you mean 'union'?)"],
  },
  {
    what: 'a key misspelt within a set',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {union: [{method: tag, value: x, parnets: true}]}\n',
    says: [
      "3:50 unknown key 'parnets' under selectors.a.definition.union.#1 (did you mean 'parents'?)",
    ],
  },
  {
    what: 'a word that indirect_selection does not know',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {method: tag, value: x, indirect_selection: greedy}\n',
    says: [
      '3:61 selectors.a.definition.indirect_selection must be "eager" or "cautious" or "buildable" or "empty", not "greedy"',
    ],
  },
  {
    what: 'no definition',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n',
    says: ['2:5 selectors.a.definition is missing'],
  },
  {
    what: 'a mapping as a union',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {union: {tag: x}}\n',
    says: ['3:25 selectors.a.definition.union must be a list, not a mapping'],
  },
  {
    what: 'half a step',
    schema: 'selectors',
    text: 'selectors:\n  - name: a\n    definition: {method: tag, value: x, parents: true, parents_depth: 1.5}\n',
    says: ['3:71 selectors.a.definition.parents_depth must be a whole number or text, not 1.5'],
  },
  {
    what: 'an origin misspelt',
    schema: 'packages',
    text: 'packages:\n  - {packge: dbt-labs/dbt_utils, version: 1.0.0}\n',
    says: [
      "2:6 unknown key 'packge' under packages.#1 (did you mean 'package'?)",
      '2:5 packages.#1 must have one of package, git, local, tarball, private',
    ],
  },
  {
    what: 'a package without a version',
    schema: 'packages',
    text: 'packages:\n  - package: dbt-labs/dbt_utils\n',
    says: ["2:5 packages.#1.version is missing beside 'package'"],
  },
  {
    what: 'two origins',
    schema: 'packages',
    text: 'packages:\n  - {git: x, local: y}\n',
    says: ['2:5 packages.#1 must have one of package, git, local, tarball, private'],
  },
  {
    what: 'a key misspelt',
    schema: 'packages',
    text: 'packages:\n  - {git: x, revison: y}\n',
    says: ["2:14 unknown key 'revison' under packages.#1 (did you mean 'revision'?)"],
  },
  {
    what: 'a version of a folder',
    schema: 'packages',
    text: 'packages:\n  - {local: x, version: 1}\n',
    says: ["2:25 packages.#1.version cannot stand beside 'local'"],
  },
  {
    what: 'a project without a name',
    schema: 'dependencies',
    text: 'projects:\n  - nam: x\n',
    says: [
      '2:5 projects.#1.name is missing',
      "2:5 unknown key 'nam' under projects.#1 (did you mean 'name'?)",
    ],
  },
  {
    what: 'a repository without a commit',
    schema: 'package-lock',
    text: 'packages:\n  - {git: x}\nsha1_hash: abc\n',
    says: ["2:5 packages.#1.revision is missing beside 'git'"],
  },
  {
    what: 'a key misspelt',
    schema: 'vars',
    text: 'var: {a: 1}\n',
    says: ["1:1 unknown key 'var' (did you mean 'vars'?)"],
  },
  {
    what: 'a database that does not exist',
    schema: 'profiles',
    text: 'shop:\n  target: x\n  outputs: {x: {type: oracle9}}\n',
    says: ['3:23 shop.outputs.x.type must be duckdb or postgres'],
  },
  {
    what: 'a Postgres target with only a host',
    schema: 'profiles',
    text: 'shop:\n  target: x\n  outputs: {x: {type: postgres, host: h}}\n',
    says: [
      '3:16 shop.outputs.x.user is missing',
      '3:16 shop.outputs.x.port is missing',
      '3:16 shop.outputs.x.schema is missing',
    ],
  },
  {
    what: 'a Postgres target without database',
    schema: 'profiles',
    text: 'shop:\n  outputs: {x: {type: postgres, host: h, user: u, port: 1, schema: s}}\n',
    says: ['2:16 shop.outputs.x needs a dbname'],
  },
  {
    what: 'a key misspelt',
    schema: 'profiles',
    text: 'shop:\n  outputs: {x: {type: duckdb, pth: h}}\n',
    says: ["2:31 unknown key 'pth' under shop.outputs.x (did you mean 'path'?)"],
  },
  {
    what: 'text as a count',
    schema: 'profiles',
    text: 'shop:\n  outputs: {x: {type: duckdb, threads: many}}\n',
    says: ['2:40 shop.outputs.x.threads must be a whole number, not "many"'],
  },
  {
    what: 'a profile without outputs',
    schema: 'profiles',
    text: 'shop:\n  output: {}\n',
    says: [
      '2:3 shop.outputs is missing',
      "2:3 unknown key 'output' under shop (did you mean 'outputs'?)",
    ],
  },
];

/** Lists of all keys and methods are the schema's own and not repeated here. */
const shortened = (fault: string): string =>
  fault.replace(/\(known keys: .*\)/, '(known keys)').replace(/a method: .*/, 'a method');

describe('a mistake is found by velo and by the editor', () => {
  it.each(mistakes)('$schema: $what', ({ schema, text, says }) => {
    expect(veloFaults(schema, text).map(shortened)).toEqual(says);
    expect(editorFaults(schema, text)).not.toEqual([]);
  });
});
