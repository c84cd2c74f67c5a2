import { type Fingerprint, type Node, type NodeId, nodeId, type Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { TestConfig } from './config-schemas.ts';

export interface TestParts {
  readonly name: string;
  /** A name short enough for files. */
  readonly alias: string;
  /** Makes ids of equal names differ; empty for singular tests, whose names are files. */
  readonly hash: string;
  readonly packageName: string;
  readonly path: string;
  readonly span: Span;
  readonly fqn: readonly string[];
  readonly description: string;
  readonly config: TestConfig;
  readonly references: readonly Reference[];
  readonly fingerprint: Fingerprint;
  readonly volatile: boolean;
  /** Schema of the target the tests run in. */
  readonly place: string;
  readonly judgesDatesAlone: boolean;
  readonly attachedTo: NodeId | undefined;
  /** Which generic test it calls; undefined for singular tests. */
  readonly generic: NonNullable<Node['check']>['generic'];
  /** YAML file that describes it. */
  readonly propertiesPath: string | undefined;
  readonly rawCode: string;
  readonly detail: unknown;
}

/** The node of a test, generic or singular. */
export function testNode(parts: TestParts): Node {
  const { name, hash, packageName, config } = parts;
  const severity = config.severity.toLowerCase() === 'warn' ? 'warn' : 'error';
  return {
    id: nodeId('test', packageName, name, ...(hash ? [hash] : [])),
    kind: 'test',
    name,
    packageName,
    path: parts.path,
    span: parts.span,
    fqn: parts.fqn,
    description: parts.description,
    columns: [],
    tags: config.tags,
    config: { ...config, alias: parts.alias, severity, materialized: 'test' },
    references: parts.references,
    relation: undefined,
    place: parts.place,
    materialized: 'test',
    buildable: true,
    storesRows: false,
    updatesInPlace: false,
    volatile: parts.volatile,
    fingerprint: parts.fingerprint,
    eventTime: undefined,
    asOf: undefined,
    check: {
      attachedTo: parts.attachedTo,
      severity,
      generic: parts.generic,
      judgesDatesAlone: parts.judgesDatesAlone,
    },
    propertiesPath: parts.propertiesPath,
    rawCode: parts.rawCode,
    detail: parts.detail,
  };
}

/** Settings of a test that change what it answers. */
export const testRules = (config: TestConfig): Readonly<Record<string, unknown>> => ({
  where: config.where ?? null,
  limit: config.limit ?? null,
  severity: config.severity.toLowerCase(),
  error_if: config.error_if,
  warn_if: config.warn_if,
});

/** Whether one bad row is enough: only then can the rows be judged in parts. */
export const anyRowDecides = ({ limit, error_if, warn_if }: TestConfig): boolean =>
  !limit && [error_if, warn_if].every((threshold) => /^\s*(!=|<>|>)\s*0\s*$/.test(threshold));
