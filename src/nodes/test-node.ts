import { ProjectError } from '../core/errors.ts';
import type { DatedBy, Fingerprint, Node, NodeId, Reference, Severity } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
import { datedByOf } from './as-of-config.ts';
import { baseNode } from './base-node.ts';
import type { TestConfig } from './config-schemas.ts';
import { relationOf } from './custom-names.ts';
import type { Described, ParseContext } from './node-kind.ts';

export interface TestParts {
  readonly name: string;
  /** A name short enough for files. */
  readonly alias: string;
  /** Makes ids of equal names differ; empty for singular tests, whose names are files. */
  readonly hash: string;
  readonly context: ParseContext;
  readonly path: string;
  readonly span: Span;
  readonly fqn: readonly string[];
  readonly described: Described;
  readonly config: TestConfig;
  readonly unrendered: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly fingerprint: Fingerprint;
  readonly volatile: boolean;
  readonly macros: readonly string[];
  readonly datedBy?: DatedBy | undefined;
  readonly judgesDatesAlone: boolean;
  readonly judgesCode?: true | undefined;
  readonly attachedTo: NodeId | undefined;
  /** Group of the node it tests. */
  readonly group?: unknown;
  /** Which generic test it calls; undefined for singular tests. */
  readonly generic: NonNullable<Node['check']>['generic'];
  /** YAML file that describes it. */
  readonly propertiesPath: string | undefined;
  readonly rawCode: string;
  /** Section and entry of YAML it is listed under. */
  readonly fileKey?: string;
  /** Tags of its column besides those of its config; only the latter when absent. */
  readonly tags?: readonly string[];
  readonly detail: unknown;
}

/** The node of a test, generic or singular. A project has tens of thousands: no part is copied needlessly. */
export function testNode(parts: TestParts): Node {
  const { name, hash, config, context, alias, tags = config.tags } = parts;
  const stored = storedRelation(parts);
  const node = baseNode({
    kind: 'test',
    name,
    idParts: hash ? [name, hash] : [name],
    path: parts.path,
    span: parts.span,
    fqn: parts.fqn,
    context,
    described: parts.described,
    config,
    unrendered: parts.unrendered,
    references: parts.references,
    // The ledger keeps a test's state for the target's schema, wherever its failures would be stored.
    place: context.scope.target?.schema ?? '',
    propertiesPath: parts.propertiesPath,
    rawCode: parts.rawCode,
    fingerprint: parts.fingerprint,
    volatile: parts.volatile,
    macros: parts.macros,
    extra: testExtra(parts, stored),
  });
  const severity = config.severity.toLowerCase() as Severity;
  const { attachedTo, generic, judgesDatesAlone, judgesCode, detail } = parts;
  const check = {
    attachedTo,
    severity,
    generic,
    judgesDatesAlone,
    ...(judgesCode ? { judgesCode } : {}),
  } as const;
  return Object.assign(node, {
    alias,
    tags,
    materialized: 'test',
    buildable: true,
    check,
    ...(parts.datedBy ? { datedBy: parts.datedBy } : {}),
    detail,
  });
}

/** Where its failures are stored when they are. */
function storedRelation({ name, alias, path, fqn, span, config, context }: TestParts): Relation {
  const { packageName } = context;
  const { tags } = config;
  const named = { kind: 'test', name, alias, packageName, path, fqn, tags, config, span };
  return relationOf(named, context);
}

const testExtra = ({ fileKey, config, group }: TestParts, stored: Relation): Node['extra'] => ({
  ...(fileKey === undefined ? {} : { file_key_name: fileKey }),
  database: stored.database ?? null,
  schema: stored.schema,
  ...(config.store_failures ? { storedIn: stored } : {}),
  ...(group ? { group } : {}),
});

/** Each of the two settings for storing failures follows from the other, as in dbt. */
export function withStoring(config: TestConfig): TestConfig {
  const { store_failures: stores, store_failures_as: as } = config;
  if (as !== null) return { ...config, store_failures: as !== 'ephemeral' };
  return stores === null
    ? config
    : { ...config, store_failures_as: stores ? 'table' : 'ephemeral' };
}

const rules = new WeakMap<TestConfig, Readonly<Record<string, unknown>>>();

/** Settings of a test that change what it answers: one object for tests that share their config. */
export function testRules(config: TestConfig): Readonly<Record<string, unknown>> {
  const known = rules.get(config) ?? makeRules(config);
  rules.set(config, known);
  return known;
}

const makeRules = (config: TestConfig) => ({
  where: config.where,
  limit: config.limit,
  ...(countsRows(config) ? {} : { fail_calc: config.fail_calc }),
  severity: config.severity.toLowerCase(),
  error_if: config.error_if,
  warn_if: config.warn_if,
  ...(config.only_new_failures ? { only_new_failures: true } : {}),
});

/** Whether the failures of a test are its rows, and not what a `fail_calc` of its own makes of them. */
export const countsRows = ({ fail_calc }: TestConfig): boolean =>
  /^\s*count\s*\(\s*\*\s*\)\s*$/i.test(fail_calc);

/** What dates the findings of a test in SQL, where its as_of says so. @throws ProjectError 'as-of-config' */
export function judgedBy(config: TestConfig, span: Span): DatedBy | undefined {
  const datedBy = datedByOf(config);
  if (!datedBy || anyRowDecides(config)) return datedBy;
  throw new ProjectError('as-of-config', 'a test with as_of fails by any row it finds', {
    span,
    hint: 'take away as_of, or limit, fail_calc, warn_if, error_if and only_new_failures: dates are judged each by itself',
  });
}

/** Whether one bad row is enough: only then can the rows be judged in parts. */
export const anyRowDecides = (config: TestConfig): boolean =>
  !config.limit &&
  !config.only_new_failures &&
  countsRows(config) &&
  [config.error_if, config.warn_if].every((threshold) => /^\s*(!=|<>|>)\s*0\s*$/.test(threshold));
