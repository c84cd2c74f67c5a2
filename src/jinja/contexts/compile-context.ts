import type { Relation } from '../../core/relation.ts';
import type { Span } from '../../core/span.ts';
import { jinjaFunction, toValue, type Value } from '../value.ts';
import { configValue } from './config-value.ts';
import { asOfValue } from './parse-context.ts';
import { type ReferenceCall, referenceNames } from './reference-names.ts';
import { relationValue } from './relation-value.ts';
import { lazily } from './run-names.ts';

/** A ref, source, metric or function as the compile phase asks for it. */
export interface RelationRequest extends Omit<ReferenceCall, 'call'> {
  readonly span: Span;
}

/** What a reference prints as, and what is known of it. */
export interface ResolvedRelation {
  readonly relation: Relation;
  readonly text: string;
  /** `table` or `view`, where the project says so. */
  readonly type?: string | undefined;
  /** What `.render()` gives where `text` holds only some of the rows. */
  readonly unfiltered?: string | undefined;
}

export interface CompileScope {
  readonly config: Readonly<Record<string, unknown>>;
  readonly this: ResolvedRelation | undefined;
  readonly isIncremental: boolean;
  /** The range being built, as SQL literals; undefined outside as_of models. */
  readonly asOf: { readonly start: string; readonly end: string } | undefined;
  /** What a ref or source prints as. @throws ProjectError */
  resolve(request: RelationRequest): ResolvedRelation;
  /** The node as the manifest has it. */
  model(): unknown;
  /** The project as the manifest has it, by section: `nodes`, `sources`, `exposures`… */
  graph(): Value;
  /** Ids of the nodes of this run. */
  selected(): readonly string[];
}

/** The names of the compile phase: refs are relations, as_of is a range. */
export function compileNames(scope: CompileScope): Readonly<Record<string, Value>> {
  const lazy = lazily();
  const config = configValue(scope.config);
  return {
    config,
    ...referenceNames(({ call, ...reference }) => {
      const { relation, text, type, unfiltered } = scope.resolve({ ...reference, span: call.span });
      return relationValue(relation, text, type, unfiltered);
    }, config),
    is_incremental: jinjaFunction('is_incremental', () => scope.isIncremental),
    ...(scope.this
      ? { this: relationValue(scope.this.relation, scope.this.text, scope.this.type) }
      : {}),
    ...(scope.asOf ? { as_of: asOfValue(scope.asOf.start, scope.asOf.end) } : {}),
    get model() {
      return lazy('model', () => toValue(scope.model()));
    },
    get graph() {
      return scope.graph();
    },
    get selected_resources() {
      return [...scope.selected()];
    },
    get pre_hooks() {
      return toValue(scope.config['pre-hook'] ?? []);
    },
    get post_hooks() {
      return toValue(scope.config['post-hook'] ?? []);
    },
  };
}
