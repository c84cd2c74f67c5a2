import type { Dialect } from '../adapters/adapter.ts';
import type { AsOf } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { addGrains, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
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
import { render } from '../jinja/render.ts';
import { parseTemplate, type Template, type TemplateSource } from '../jinja/template.ts';
import type { Value } from '../jinja/value.ts';
import { incrementalStrategies } from '../materializations/incremental-strategies.ts';
import { sourceText } from './source-text.ts';

export type { AskDatabase } from '../jinja/contexts/replay.ts';

/** A node's SQL as it will be sent, and where each of its lines came from. */
export interface Compiled {
  readonly sql: string;
  spanOf(line: number): Span | undefined;
}

export interface CompileOptions {
  /** The as_of range to render for; undefined for nodes without as_of. */
  readonly batch: Interval | undefined;
  readonly isIncremental: boolean;
  /** Names of this node alone, such as a test's arguments. */
  readonly extraNames?: Readonly<Record<string, Value>>;
  /** What to render in place of the node's own file, such as a test's argument. */
  readonly source?: TemplateSource;
  /** Answers the template's queries, in the session the node is built in; else the scope's own does. */
  readonly ask?: AskDatabase;
}

export interface CompileScope {
  readonly scope: ContextScope;
  readonly macros: MacroLibrary;
  /** Parsed templates by node: an as_of model is rendered once for each batch. */
  readonly templates: Map<NodeId, Template>;
  readonly dialect: Dialect;
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

/** Whether a node's own file is a template. */
export const hasTemplate = (node: Node): boolean => node.path.endsWith('.sql');

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
    const ctes: Ctes = new Map();
    const body = renderNode(node, options, { ...scope, replay }, ctes);
    return ctes.size === 0 ? body : prependCtes(body, ctes);
  }, options.ask ?? scope.ask);
}

/** One attempt at rendering. */
interface Attempt extends CompileScope {
  readonly replay: Replay;
}

/** Ephemeral models by the name of their CTE, those that others need first. */
type Ctes = Map<string, Compiled>;

function renderNode(node: Node, options: CompileOptions, scope: Attempt, ctes: Ctes): Compiled {
  const { dialect } = scope;
  const { asOf, config, relation } = node;
  const names = compileNames({
    config,
    this: relation && {
      relation,
      text: dialect.relation(relation),
      type: relationType(node),
    },
    isIncremental: options.isIncremental,
    asOf: asOf && options.batch && literalRange(asOf.grain, options.batch, dialect),
    resolve: (request) => relationFor(node, request, options, scope, ctes),
    model: () => scope.describe(node),
    graph: scope.graph,
    selected: scope.selected,
  });
  const asking = runNames({ ...scope, strategies: STRATEGIES });
  const layers = [options.extraNames ?? {}, names, asking, baseNames(scope.scope)];
  const template = templateOf(node, options, scope);
  const rendered = render(
    template,
    nodeContext(layers, scope.macros, node.packageName),
    scope.scope.limits,
  );
  const sql = rendered.text.trim();
  if (sql !== '') return { sql, spanOf: spanAfterTrim(rendered) };
  throw new ProjectError('template-error', `'${node.name}' is empty: it needs a SELECT`, {
    span: node.span,
  });
}

function templateOf(node: Node, { source }: CompileOptions, { templates }: CompileScope): Template {
  if (source) return parseTemplate(source);
  const known = templates.get(node.id);
  if (known) return known;
  const template = parseTemplate({ file: node.path, text: node.rawCode });
  templates.set(node.id, template);
  return template;
}

/** `trim` takes leading lines away, so line 1 of the SQL is a later line of the rendered text. */
function spanAfterTrim(rendered: ReturnType<typeof render>): Compiled['spanOf'] {
  const leading = /^\s*/.exec(rendered.text)?.[0] ?? '';
  const skipped = leading.split('\n').length - 1;
  return (line) => rendered.spanOf(line + skipped);
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
  ctes: Ctes,
): ResolvedRelation {
  const target = resolveKnown(from, request, scope);
  const relation = target.relation ?? { schema: '', name: target.name };
  const text = relationText(target, options, scope, ctes);
  const column = target.asOf?.column ?? target.eventTime;
  if (!from.asOf || !options.batch || column === undefined) {
    return { relation, text, type: relationType(target) };
  }
  const where = visibleRows(from.asOf, options.batch, column, request, scope.dialect);
  return { relation, text: `(select * from ${text} where ${where})` };
}

/** What stands under a node's name once it is built, as far as the project says. */
function relationType({ kind, materialized, storesRows }: Node): string | undefined {
  if (kind === 'source') return undefined;
  if (materialized === 'ephemeral') return 'cte';
  return storesRows ? 'table' : materialized === 'view' ? 'view' : undefined;
}

const STRATEGIES = incrementalStrategies.all().map(({ name }) => name);

/** The template may only ask for what the parse phase saw: the graph was built from that. */
function resolveKnown(from: Node, request: RelationRequest, scope: CompileScope): Node {
  const { kind, path, span } = request;
  const key = path.join('.');
  const known = from.references.find((one) => one.kind === kind && one.path.join('.') === key);
  if (known) return scope.resolve(from, known);
  const call = `${kind}(${path.map((part) => `'${part}'`).join(', ')})`;
  throw new ProjectError('unparsed-ref', `${call} was not seen when '${from.name}' was parsed`, {
    span,
    hint: `it stands where 'execute' or a query decides; name it for the parser with a comment: -- depends_on: {{ ${call} }}`,
  });
}

function relationText(target: Node, options: CompileOptions, scope: Attempt, ctes: Ctes): string {
  if (target.kind === 'source') return sourceText(target, scope.dialect);
  if (target.buildable && target.relation) return scope.dialect.relation(target.relation);
  const name = `__dbt__cte__${target.name}`;
  if (!ctes.has(name)) {
    const inner = renderNode(target, { batch: options.batch, isIncremental: false }, scope, ctes);
    ctes.set(name, inner);
  }
  return name;
}

/** The point-in-time guard: rows before the range's end, and no older than `history` before its start. */
function visibleRows(
  asOf: AsOf,
  batch: Interval,
  column: string,
  request: RelationRequest,
  dialect: Dialect,
): string {
  const name = dialect.quote(column);
  const before = `${name} < ${dialect.instant(batch.end, asOf.grain)}`;
  if (request.history === undefined) return before;
  const start = historyStart(batch.start, request.history, request.span);
  return `${name} >= ${dialect.instant(start, asOf.grain)} and ${before}`;
}

const DAY_MS = 86_400_000;

const UNITS: Readonly<Record<string, Grain>> = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

/** The instant `history` ('365 days', '6 months') before `startMs`. @throws ProjectError 'as-of-config' */
export function historyStart(startMs: number, history: string, span: Span): number {
  const match = /^(\d+)\s+(hour|day|week|month|year)s?$/.exec(history.trim());
  if (!match) {
    throw new ProjectError('as-of-config', `history '${history}' is not a length of time`, {
      span,
      hint: "write it as '365 days', '52 weeks' or '6 months'",
    });
  }
  const [count, unit = ''] = [Number(match[1]), match[2]];
  return unit === 'year'
    ? addCalendar(startMs, -12 * count, 'month')
    : addCalendar(startMs, -count, UNITS[unit] ?? 'day');
}

/** Months keep the day of the month, as `date - interval` does. */
function addCalendar(startMs: number, count: number, grain: Grain): number {
  if (grain !== 'month') return addGrains(startMs, count, grain);
  const date = new Date(startMs);
  const first = addGrains(startMs, count, 'month');
  const lastDay = new Date(addGrains(first, 1, 'month') - 1).getUTCDate();
  const timeOfDayMs = startMs % DAY_MS;
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + timeOfDayMs;
}

/** Puts CTEs before a SELECT, joining its own WITH when it has one; lines keep their places. */
export function prependCtes(body: Compiled, ctes: ReadonlyMap<string, Compiled>): Compiled {
  const head = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*with\s+(recursive\s+)?/i.exec(
    body.sql,
  );
  const own = head?.[0] ?? '';
  const pieces: Piece[] = [{ text: `with ${head?.[1] ?? ''}` }];
  for (const [name, cte] of ctes) {
    const comma = pieces.length > 1 ? ', ' : '';
    pieces.push({ text: `${comma}${name} as (\n` }, { text: cte.sql, spanOf: cte.spanOf });
    pieces.push({ text: '\n)' });
  }
  pieces.push({ text: head ? ', ' : '\n' });
  const skippedLines = lineBreaks(own);
  const spanOf = (line: number) => body.spanOf(line + skippedLines);
  return joinPieces([...pieces, { text: body.sql.slice(own.length), spanOf }]);
}

interface Piece {
  readonly text: string;
  readonly spanOf?: Compiled['spanOf'];
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;

function joinPieces(pieces: readonly Piece[]): Compiled {
  const starts: number[] = [];
  let line = 1;
  for (const { text } of pieces) {
    starts.push(line);
    line += lineBreaks(text);
  }
  return {
    sql: pieces.map(({ text }) => text).join(''),
    spanOf(wanted) {
      // The last piece that begins at or before the line and knows its places.
      const index = starts.findLastIndex((start, i) => start <= wanted && pieces[i]?.spanOf);
      return pieces[index]?.spanOf?.(wanted - (starts[index] ?? 1) + 1);
    },
  };
}
