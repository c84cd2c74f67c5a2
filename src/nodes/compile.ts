import type { Dialect } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import type { Excerpt } from '../core/excerpt.ts';
import type { Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import { windowKey } from '../core/length-of-time.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import type { Context } from '../jinja/context.ts';
import { baseNames, type ContextScope } from '../jinja/contexts/base-context.ts';
import {
  compileNames,
  type RelationRequest,
  type ResolvedRelation,
} from '../jinja/contexts/compile-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { nodeContext } from '../jinja/contexts/node-context.ts';
import { type AskDatabase, type Replay, renderAnswering } from '../jinja/contexts/replay.ts';
import { runNames, type TemplateVoice } from '../jinja/contexts/run-names.ts';
import { render, renderNative } from '../jinja/render.ts';
import { parseTemplate, type Template, type TemplateSource } from '../jinja/template.ts';
import { toValue, type Value } from '../jinja/value.ts';
import { incrementalStrategies } from '../materializations/incremental-strategies.ts';
import { type Compiled, type Cte, prependCtes } from './ctes.ts';
import { batchNames, batchSettings, eventTimeFilter, withoutRows } from './event-time-filter.ts';
import { sourceText } from './source-text.ts';
import { type StandIns, standIn } from './stand-ins.ts';
import { testArgument } from './test-arguments.ts';
import { onDates, visibleRows } from './visible-rows.ts';

export interface CompileOptions {
  /** The as_of range to render for; undefined for nodes without as_of. */
  readonly batch: Interval | undefined;
  /** The dates a test judges: of what is dated it sees no others. */
  readonly dates?: Interval | undefined;
  readonly isIncremental: boolean;
  /** Names of this node alone, such as a test's arguments. */
  readonly extraNames?: Readonly<Record<string, Value>>;
  /** What to render in place of the node's own file, such as a test's argument. */
  readonly source?: TemplateSource;
  /** Answers the template's queries, in the session the node is built in; else the scope's own does. */
  readonly ask?: AskDatabase;
  /** Of a unit test: its inputs are no relations but CTEs with the rows it gives. */
  readonly standIns?: StandIns;
}

export interface CompileScope {
  /** What templates of a package see: its vars are its own. */
  scopeOf(packageName: string): ContextScope;
  readonly macros: MacroLibrary;
  /** Parsed templates by node: an as_of model is rendered once for each batch. */
  readonly templates: Map<NodeId, Template>;
  readonly dialect: Dialect;
  /** What is read of inputs; all when absent. */
  readonly excerpt?: Excerpt | undefined;
  /** The node a reference of `from` points at. */
  resolve(from: Node, reference: Reference): Node;
  /** Answers queries of templates that are rendered outside of a build. */
  readonly ask: AskDatabase;
  /** Where `log`, `print` and warnings go. */
  readonly voice: TemplateVoice;
  /** A node as the manifest has it. */
  describe(node: Node): unknown;
  /** The project as the manifest has it, by section. */
  graph(): Value;
  /** Ids of the nodes of this run. */
  selected(): readonly string[];
  /** Epoch milliseconds. */
  now(): number;
}

/** Whether a node is SQL with templates. */
export const hasTemplate = ({ kind, path, rawCode }: Node): boolean =>
  rawCode !== '' && !NO_SQL.has(kind) && !path.endsWith('.ts') && !path.endsWith('.py');

const NO_SQL: ReadonlySet<string> = new Set(['operation', 'function']);

/**
 * Renders a node's template in the compile phase; ephemeral models it refers to become CTEs. Queries of the template
 * are sent as they come up. @throws ProjectError, DatabaseError
 */
export async function compileNode(
  node: Node,
  options: CompileOptions,
  scope: CompileScope,
): Promise<Compiled> {
  return renderAnswering((replay) => {
    const ctes: FoundCtes = new Map();
    const body = renderNode(node, options, { ...scope, replay, findsAll: false }, ctes);
    return ctes.size === 0 ? body : prependCtes(body, ctes);
  }, options.ask ?? scope.ask);
}

/** A text that is no node's own, the names it sees besides, and who answers its queries. */
export type TextOptions = Required<Pick<CompileOptions, 'source' | 'extraNames' | 'ask'>> &
  Partial<Pick<CompileOptions, 'batch'>>;

/**
 * Renders a text that is no node's, as `run-operation` does: it may refer to every node. Its queries are sent as they
 * come up. @throws ProjectError, DatabaseError
 */
export async function renderOperation(
  operation: Node,
  options: TextOptions,
  scope: CompileScope,
): Promise<string> {
  const template = parseTemplate(options.source);
  const whole = { batch: undefined, ...options, isIncremental: false };
  return renderAnswering((replay) => {
    const attempt: Attempt = { ...scope, replay, findsAll: true };
    const context = contextOf(operation, whole, attempt, new Map());
    return render(template, context, scope.scopeOf(operation.packageName).limits).text;
  }, options.ask);
}

/** The value of an expression as a node's template sees it, with the names of `options`. @throws ProjectError, DatabaseError */
export async function evaluateFor(
  node: Node,
  options: TextOptions,
  scope: CompileScope,
): Promise<Value> {
  const whole = { batch: undefined, ...options, isIncremental: false };
  return renderAnswering((replay) => {
    const attempt: Attempt = { ...scope, replay, findsAll: true };
    return renderNative(options.source, contextOf(node, whole, attempt, new Map()));
  }, options.ask);
}

/** One attempt at rendering. */
interface Attempt extends CompileScope {
  readonly replay: Replay;
  /** It may refer to nodes that were not seen when it was parsed. */
  readonly findsAll: boolean;
}

/** Ephemeral models, and inputs that need a name, by the name of their CTE, those that others need first. */
type FoundCtes = Map<string, Cte>;

function renderNode(
  node: Node,
  options: CompileOptions,
  scope: Attempt,
  ctes: FoundCtes,
): Compiled {
  const template = templateOf(node, options, scope);
  const context = contextOf(node, options, scope, ctes);
  const rendered = render(template, context, scope.scopeOf(node.packageName).limits, true);
  const sql = rendered.text;
  if (sql.trim() !== '') return { sql, placeOf: rendered.placeOf };
  throw new ProjectError('template-error', `'${node.name}' is empty: it needs a SELECT`, {
    span: node.span,
  });
}

/** What a node's template sees in this attempt. */
function contextOf(node: Node, options: CompileOptions, scope: Attempt, ctes: FoundCtes): Context {
  const { dialect } = scope;
  const { asOf, datedBy, microbatch, relation } = node;
  const batch = microbatch && options.batch && batchNames(options.batch, microbatch);
  const { standIns } = options;
  const itself = standIns?.own === undefined ? undefined : standIn(node, standIns.own, ctes);
  const names = compileNames({
    config: batch ? { ...node.config, ...batchSettings(batch) } : node.config,
    this: relation && {
      relation,
      text: itself ?? dialect.relation(relation),
      type: relationType(node),
    },
    isIncremental: options.isIncremental,
    asOf: asOf
      ? options.batch && literalRange(asOf.grain, options.batch, dialect)
      : options.dates && literalRange(datedBy?.grain ?? 'day', options.dates, dialect),
    resolve: (request) => relationFor(node, request, options, scope, ctes),
    model: () => (batch ? { ...(scope.describe(node) as object), batch } : scope.describe(node)),
    graph: scope.graph,
    selected: scope.selected,
  });
  const own = new Map<string, Value>();
  const usual = scope.scopeOf(node.packageName);
  const ownScope = standIns?.scopeOf?.(usual) ?? usual;
  const asking = runNames({ ...scope, strategies: STRATEGIES, behavior: ownScope.behavior });
  const base = baseNames(ownScope);
  const layers = [own, options.extraNames ?? {}, names, asking, base];
  const context = nodeContext(layers, scope.macros, node.packageName, standIns?.macros);
  if (node.check?.generic && !options.source) own.set(...testArguments(node, context));
  return context;
}

/** The arguments of a generic test, those that are templates rendered: dbt's `_dbt_generic_test_kwargs`. */
function testArguments({ check, span }: Node, context: Context): [string, Value] {
  const args = Object.entries(check?.generic?.args ?? {}).map(([name, value]): [string, Value] => {
    if (typeof value !== 'string') return [name, toValue(value)];
    const text = testArgument(value);
    return [name, text === undefined ? value : renderNative({ ...span, text }, context)];
  });
  return ['_dbt_generic_test_kwargs', new Map(args)];
}

function templateOf(node: Node, { source }: CompileOptions, { templates }: CompileScope): Template {
  if (source) return parseTemplate(source);
  const known = templates.get(node.id);
  if (known) return known;
  const template = parseTemplate({ ...node.span, text: node.rawCode });
  templates.set(node.id, template);
  return template;
}

const literalRange = (grain: Grain, { start, end }: Interval, dialect: Dialect) => ({
  start: dialect.instant(start, grain),
  end: dialect.instant(end, grain),
});

function relationFor(
  from: Node,
  request: RelationRequest,
  options: CompileOptions,
  scope: Attempt,
  ctes: FoundCtes,
): ResolvedRelation {
  const target = resolveKnown(from, request, scope);
  const relation = target.relation ?? { schema: '', name: target.name };
  const text = options.standIns
    ? standIn(target, options.standIns.rowsOf(target, request.span), ctes)
    : relationText(target, options, scope, ctes);
  const { asOf, datedBy = asOf } = target;
  if (from.check && options.dates && datedBy) {
    const where = onDates(datedBy, options.dates, scope.dialect);
    const rows = `select * from ${text} where ${where}`;
    return { relation, text: subquery(rows, ctes, scope), type: relationType(target) };
  }
  const filtered = options.standIns ? undefined : rowsInPart(from, target, text, options, scope);
  if (filtered !== undefined) {
    return { relation, text: filtered, type: relationType(target), unfiltered: text };
  }
  const column = target.asOf?.column ?? target.eventTime;
  if (!from.asOf || !options.batch || column === undefined) {
    return { relation, text, type: relationType(target) };
  }
  const where = visibleRows(from.asOf, options.batch, column, request, scope.dialect);
  const rows = `select * from ${text} where ${where}`;
  return { relation, text: subquery(rows, ctes, scope) };
}

/** What an input is read through when not all of its rows are; undefined when all are. */
function rowsInPart(
  from: Node,
  target: Node,
  text: string,
  { batch }: CompileOptions,
  { excerpt, dialect }: Attempt,
): string | undefined {
  if (target.kind === 'function' || target.kind === 'metric') return undefined;
  // An as_of model gets its columns and no dates: rows of a part would not be those of a date.
  if (excerpt?.kind === 'empty' || (excerpt && from.asOf))
    return withoutRows(target, text, dialect);
  const isMade = target.materialized !== 'ephemeral';
  const windows = [
    ...(from.microbatch && batch ? [batch] : []),
    ...(excerpt && isMade ? [excerpt.window] : []),
  ];
  const [window] = windows;
  return window && eventTimeFilter(target, text, windows.reduce(overlap), dialect);
}

const overlap = (a: Interval, b: Interval): Interval => ({
  start: Math.max(a.start, b.start),
  end: Math.min(a.end, b.end),
});

const subquery = (rows: string, ctes: FoundCtes, { dialect }: Attempt): string =>
  dialect.capabilities.namesSubqueries ? named(rows, ctes) : `(${rows})`;

/**
 * Where a subquery needs a name of its own, what a template reads may have one given to it or none: a CTE can take
 * either. Each reference has its own, so that the engine reads it as a part of the query.
 */
function named(rows: string, ctes: FoundCtes): string {
  const name = `__velo_input_${ctes.size + 1}`;
  ctes.set(name, { sql: rows, placeOf: () => undefined, id: undefined });
  return name;
}

/** What stands under a node's name once it is built, as far as the project says. */
function relationType({ kind, materialized, storesRows }: Node): string | undefined {
  if (kind === 'source') return undefined;
  if (materialized === 'ephemeral') return 'cte';
  return storesRows ? 'table' : materialized === 'view' ? 'view' : undefined;
}

const STRATEGIES = incrementalStrategies.all().map(({ name }) => name);

/** The template may only ask for what the parse phase saw: the graph was built from that. */
function resolveKnown(from: Node, request: RelationRequest, scope: Attempt): Node {
  const { kind, path, span } = request;
  if (scope.findsAll) return scope.resolve(from, { kind, path, span });
  const key = path.join('.');
  const known = from.references.find((one) => one.kind === kind && one.path.join('.') === key);
  if (known && isSeen(known, request)) return scope.resolve(from, known);
  if (known) {
    throw new ProjectError(
      'unparsed-ref',
      `this history of '${key}' was not seen when '${from.name}' was parsed`,
      {
        span,
        hint: "which dates late rows touch is planned from it: write it where 'execute' and queries do not decide",
      },
    );
  }
  const call = `${kind}(${path.map((part) => `'${part}'`).join(', ')})`;
  throw new ProjectError('unparsed-ref', `${call} was not seen when '${from.name}' was parsed`, {
    span,
    hint: `it stands where 'execute' or a query decides; name it for the parser with a comment: -- depends_on: {{ ${call} }}`,
  });
}

/** What was parsed tells which dates a changed row touches, so nothing wider may be asked for later. */
function isSeen({ windows }: Reference, { window }: RelationRequest): boolean {
  return windows === undefined || windows.some((one) => windowKey(one) === windowKey(window));
}

function relationText(
  target: Node,
  options: CompileOptions,
  scope: Attempt,
  ctes: FoundCtes,
): string {
  if (target.kind === 'source') return sourceText(target, scope.dialect);
  if (target.buildable && target.relation) return scope.dialect.relation(target.relation);
  const name = `__dbt__cte__${target.name}`;
  if (!ctes.has(name)) {
    const inner = renderNode(target, { batch: options.batch, isIncremental: false }, scope, ctes);
    ctes.set(name, { ...inner, id: target.id });
  }
  return name;
}
