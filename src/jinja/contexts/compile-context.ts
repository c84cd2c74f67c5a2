import type { Relation } from '../../core/relation.ts';
import type { Span } from '../../core/span.ts';
import { bindArguments, type Call, jinjaFunction, toText, type Value } from '../value.ts';
import { configValue } from './config-value.ts';
import { asOfValue } from './parse-context.ts';
import { relationValue } from './relation-value.ts';

/** A ref or source as the compile phase asks for it. */
export interface RelationRequest {
  readonly kind: 'ref' | 'source';
  readonly path: readonly string[];
  /** `history='365 days'`: how far before the range's start rows are seen. */
  readonly history: string | undefined;
  readonly span: Span;
}

export interface CompileScope {
  readonly config: Readonly<Record<string, unknown>>;
  readonly this: { readonly relation: Relation; readonly text: string } | undefined;
  readonly isIncremental: boolean;
  /** The range being built, as SQL literals; undefined outside as_of models. */
  readonly asOf: { readonly start: string; readonly end: string } | undefined;
  /** What a ref or source prints as. @throws ProjectError */
  resolve(request: RelationRequest): { readonly relation: Relation; readonly text: string };
}

/** The names of the compile phase: refs are relations, as_of is a range. */
export function compileNames(scope: CompileScope): Readonly<Record<string, Value>> {
  const resolve = (kind: RelationRequest['kind'], call: Call) => {
    const given = call.kwargs.get('history');
    const { relation, text } = scope.resolve({
      kind,
      path: call.args.map(toText),
      history: given === undefined || given === null ? undefined : toText(given),
      span: call.span,
    });
    return relationValue(relation, text);
  };
  const lookup = (kind: RelationRequest['kind'], signature: readonly string[]) =>
    jinjaFunction(kind, (call) => {
      bindArguments(call, [...signature, 'history?', 'version?', 'v?'], kind);
      return resolve(kind, call);
    });
  return {
    execute: true,
    config: configValue(scope.config, () => undefined),
    ref: lookup('ref', ['name', 'more?']),
    source: lookup('source', ['source', 'table']),
    is_incremental: jinjaFunction('is_incremental', () => scope.isIncremental),
    ...(scope.this ? { this: relationValue(scope.this.relation, scope.this.text) } : {}),
    ...(scope.asOf ? { as_of: asOfValue(scope.asOf.start, scope.asOf.end) } : {}),
  };
}
