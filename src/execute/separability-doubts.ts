import type { Connection } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import { countGrains } from '../core/grain.ts';
import type { Node } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import type { ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import type { Compiled } from '../nodes/ctes.ts';
import { twoRanges } from '../sql/batch-values.ts';
import { separabilityReasons } from '../sql/separability.ts';
import { tablesOf } from '../sql/tables.ts';
import type { Query } from '../sql/tree.ts';
import { inSession, type Session } from './session.ts';

/** Why a model's dates may depend on which others are built with them, at its own lines. */
export interface Doubt {
  readonly message: string;
  readonly span: Span;
}

/**
 * What speaks against building several dates of a model in one statement; undefined when that is not asked: no
 * statement of the step holds several, its settings say so, or the same code was built so before.
 * @throws ProjectError when the model cannot be rendered
 */
export async function separabilityDoubts(
  node: Node,
  step: PlanStep,
  before: NodeState | undefined,
  session: Session,
  connection: Connection,
): Promise<readonly Doubt[] | undefined> {
  const { asOf } = node;
  if (!asOf || asOf.dependsOnPast || asOf.separable === 'assume') return undefined;
  if (!step.batches.some((batch) => countGrains(batch, asOf.grain) > 1)) return undefined;
  if (wasBuiltSo(node, before)) return undefined;
  const doubts = await doubtsOf(node, step, session, connection);
  if (doubts.length > 0 && asOf.separable === undefined)
    session.warn(warning(node, doubts), doubts[0]?.span);
  return doubts;
}

/** Reasons a warning has room for. */
const SHOWN = 3;

function warning({ name }: Node, doubts: readonly Doubt[]): string {
  const lines = doubts
    .slice(0, SHOWN)
    .map(({ message, span }) => `  ${span.file}:${span.line} ${message}`);
  const rest = doubts.length > SHOWN ? [`  and ${doubts.length - SHOWN} more`] : [];
  return [
    `'${name}' is not shown to give a date the same rows alone and with others; some dates are built alone, too, and compared before it is published (separable='check' says that you know)`,
    ...lines,
    ...rest,
  ].join('\n');
}

/** Several dates were built and published with the code as it is. */
function wasBuiltSo({ asOf, fingerprint }: Node, before: NodeState | undefined): boolean {
  const grains = before?.ranges.map((range) => countGrains(range, asOf?.grain ?? 'day')) ?? [];
  return grains.some((count) => count > 1) && isSame(before?.fingerprint ?? {}, fingerprint);
}

const isSame = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean => Object.keys({ ...a, ...b }).every((part) => a[part] === b[part]);

async function doubtsOf(
  node: Node,
  step: PlanStep,
  session: Session,
  connection: Connection,
): Promise<readonly Doubt[]> {
  const { asOf } = node;
  if (!asOf || !node.path.endsWith('.sql')) {
    return [{ message: 'only SQL can be looked into', span: node.span }];
  }
  const isIncremental = !step.replace && session.existing.get(node.id) === 'table';
  const ranges = twoRanges(asOf.begin, asOf.grain);
  const { compile } = inSession(session, connection);
  const first = await compile(node, { batch: ranges[0], isIncremental });
  const second = await compile(node, { batch: ranges[1], isIncremental });
  const isDate = await hasDates(node, first, connection);
  if (isDate === undefined) return [];
  const queries = [await connection.parseQuery(first.sql), await connection.parseQuery(second.sql)];
  const [one, other] = queries;
  if (!one || !other) return [{ message: 'its SQL cannot be read as a tree', span: node.span }];
  const columns = await columnsOfTables(one, session, connection);
  const reasons = separabilityReasons({
    queries: [one, other],
    ranges,
    asOf: { ...asOf, isDate },
    columnsOf: (path) => columns.get(path.join('.')),
  });
  return uniqueDoubts(
    reasons.map(({ message, at }) => ({ message, span: spanOf(at, first, node) })),
  );
}

/** One of those that say the same of the same line. */
function uniqueDoubts(doubts: readonly Doubt[]): readonly Doubt[] {
  const byText = new Map(
    doubts.map((doubt) => [`${doubt.span.file}:${doubt.span.line} ${doubt.message}`, doubt]),
  );
  return [...byText.values()];
}

/** Whether the as_of column is a date; undefined when the SELECT fails, which its build will tell better. */
async function hasDates(
  { asOf }: Node,
  { sql }: Compiled,
  connection: Connection,
): Promise<boolean | undefined> {
  const columns = await columnsOf(`select * from (\n${sql}\n) as velo_rows limit 0`, connection);
  const name = asOf?.column.toLowerCase();
  return columns && columns.find((column) => column.name.toLowerCase() === name)?.kind === 'date';
}

async function columnsOf(
  sql: string,
  connection: Connection,
): Promise<readonly ResultColumn[] | undefined> {
  try {
    return (await connection.fetch(sql)).table.columns;
  } catch (error) {
    if (error instanceof DatabaseError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}

/** The columns of each table a query names; those that cannot be asked for stay unknown. */
async function columnsOfTables(
  query: Query,
  { dialect }: Session,
  connection: Connection,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const path of tablesOf(query)) {
    const table = path.map(dialect.quote).join('.');
    const columns = await columnsOf(`select * from ${table} limit 0`, connection);
    if (columns)
      found.set(
        path.join('.'),
        columns.map(({ name }) => name),
      );
  }
  return found;
}

/** The line of the model's file that an offset into its SQL was rendered from. */
function spanOf(at: number | undefined, { sql, placeOf }: Compiled, node: Node): Span {
  if (at === undefined) return node.span;
  const lines = sql.slice(0, at).split('\n');
  return placeOf(lines.length)?.span ?? node.span;
}
