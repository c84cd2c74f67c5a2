import { type Fingerprint, type Node, type NodeId, nodeId, type Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { TestConfig } from './config-schemas.ts';

export interface TestParts {
  readonly name: string;
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
    config: { ...config, severity, materialized: 'test' },
    references: parts.references,
    relation: undefined,
    materialized: 'test',
    buildable: true,
    storesRows: false,
    updatesInPlace: false,
    volatile: parts.volatile,
    fingerprint: parts.fingerprint,
    eventTime: undefined,
    asOf: undefined,
    check: { attachedTo: parts.attachedTo, severity, generic: parts.generic },
    propertiesPath: parts.propertiesPath,
    rawCode: parts.rawCode,
    detail: parts.detail,
  };
}
