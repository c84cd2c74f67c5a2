import type { Connection, Dialect } from '../adapters/adapter.ts';
import { checks } from '../checks/index.ts';
import { DatabaseError, ProjectError, VeloError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { Experiment } from '../core/leakage.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import { type CheckOutcome, errorOutcome, limited, outcomeOf } from './check-outcome.ts';
import type { CompileOptions } from './compile.ts';
import type { TestConfig } from './config-schemas.ts';
import { countRows, type RowCondition } from './count-rows.ts';
import type { Compiled } from './ctes.ts';
import type { GenericTestDetail } from './generic-test.ts';
import { judgesShare } from './judge.ts';
import { countsOnlyNew, type KnownContext, newFailures } from './known-failures.ts';
import { locateError } from './locate-error.ts';
import type { ProjectFolders } from './node-kind.ts';
import { countsRows } from './test-node.ts';
import { runUnitTest } from './unit-tests/run-unit-test.ts';
import { onDates } from './visible-rows.ts';

/** What an experiment came to. */
export interface LeaksFound {
  readonly count: number;
  /** A row for each, all of the same columns; empty where a row could not tell enough. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export interface CheckContext extends KnownContext {
  readonly folders: ProjectFolders;
  compile(node: Node, options: CompileOptions): Promise<Compiled>;
  resolve(from: Node, reference: Reference): Node;
  /** What an experiment finds in a model, in a session of its own. @throws VeloError when it cannot be tried */
  leaksOf(model: Node, experiment: Experiment): Promise<LeaksFound>;
  /** The dates a test looks at, where it needs no others; undefined: all rows. */
  datesOf(test: Node): Interval | undefined;
}

interface Condition extends RowCondition {
  readonly relation: string;
}

/** One test as SQL: a condition joins the scan of its relation, a query runs by itself. `tested`: the rows it looks at. */
type CheckSql = { readonly test: Node; readonly compiled?: Compiled; readonly tested?: string } & (
  | Condition
  | { readonly query: string }
  | { readonly experiment: Experiment }
);

/** Runs data tests, those with a condition on the same rows in one scan. Never throws for a failing test. */
export async function runChecks(
  tests: readonly Node[],
  context: CheckContext,
): Promise<CheckOutcome[]> {
  const outcomes = new Map<NodeId, CheckOutcome>();
  const scans = new Map<string, (CheckSql & Condition)[]>();
  for (const test of tests) {
    const found = await runAlone(test, context);
    if (!('condition' in found)) outcomes.set(test.id, found);
    else if (!scans.get(found.relation)?.push(found)) scans.set(found.relation, [found]);
  }
  for (const [relation, group] of scans) {
    for (const outcome of await runScan(relation, group, context)) {
      outcomes.set(outcome.node.id, outcome);
    }
  }
  return tests.flatMap((test) => outcomes.get(test.id) ?? []);
}

/** What became of a test, or its condition, when it can share a scan. */
async function runAlone(
  test: Node,
  context: CheckContext,
): Promise<CheckOutcome | (CheckSql & Condition)> {
  if (isUnitTest(test)) return runUnitTest(test, context);
  const sql = await attemptSql(test, context);
  if ('outcome' in sql) return sql.outcome;
  if ('experiment' in sql) return runExperiment(sql, context);
  if (countsOnlyNew(test)) return runOnlyNew(sql, context);
  return 'query' in sql ? runQuery(sql, context) : sql;
}

const isUnitTest = ({ detail }: Node): boolean => (detail as { test?: string }).test === 'unit';

async function attemptSql(
  test: Node,
  context: CheckContext,
): Promise<CheckSql | { outcome: CheckOutcome }> {
  try {
    return await checkSql(test, context);
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return { outcome: errorOutcome(test, error, undefined) };
  }
}

async function checkSql(test: Node, context: SqlContext): Promise<CheckSql> {
  const detail = test.detail as GenericTestDetail | { readonly test: 'singular' };
  const config = test.config as TestConfig;
  if (detail.test === 'singular') {
    const dates = context.datesOf(test);
    const compiled = await context.compile(test, { ...PLAIN, dates });
    return { test, compiled, query: compiled.sql };
  }
  if (!detail.builtIn) {
    const compiled = await context.compile(test, PLAIN);
    const tested = judgesShare(config) ? await testedRows(test, context) : undefined;
    return { test, compiled, query: compiled.sql, ...(tested === undefined ? {} : { tested }) };
  }
  const relation = await testedRows(test, context);
  const args = { ...detail.args, ...(await renderedArguments(test, detail, context)) };
  const { dialect } = context;
  const column = detail.column === undefined ? '' : dialect.quote(detail.column);
  const failing = checks.get(detail.checkName).failingRows({ dialect, relation, column, args });
  if ('query' in failing) return { test, query: failing.query, tested: relation };
  if ('experiment' in failing) return { test, experiment: failing.experiment };
  // A calculation of its own needs the rows: a shared scan only counts them.
  return countsRows(config)
    ? { test, relation, condition: failing.condition, distinct: failing.distinct }
    : { test, query: rowsOf(relation, failing.condition), tested: relation };
}

/** The failing rows of a test as SQL, without running it; a comment where no SELECT finds them. @throws ProjectError */
export async function testSql(test: Node, context: Omit<SqlContext, 'datesOf'>): Promise<string> {
  const sql = await checkSql(test, { ...context, datesOf: () => undefined });
  if ('experiment' in sql) return WITHOUT_SQL;
  return 'query' in sql ? sql.query : rowsOf(sql.relation, sql.condition);
}

export const WITHOUT_SQL =
  '-- no SELECT finds these: velo leakage builds the model from other inputs';

type SqlContext = Omit<CheckContext, 'connection' | 'leaksOf' | 'folders' | 'forgetsFailures'>;

const PLAIN: CompileOptions = { batch: undefined, isIncremental: false };

/** The tested relation, cut down by `where` and to the dates the test looks at. */
async function testedRows(test: Node, context: SqlContext): Promise<string> {
  const { dialect } = context;
  const attached = test.check?.attachedTo;
  const reference = test.references.find((one) => context.resolve(test, one).id === attached);
  if (!reference) throw new Error(`${test.id} does not refer to the node it tests`);
  const relation = await relationText(test, reference, context);
  const conditions: string[] = [];
  const { where } = test.config as TestConfig;
  if (where) conditions.push(`(${where})`);
  const { asOf, datedBy = asOf } = context.resolve(test, reference);
  const dates = context.datesOf(test);
  if (datedBy && dates) conditions.push(onDates(datedBy, dates, dialect));
  if (conditions.length === 0) return relation;
  return `(select * from ${relation} where ${conditions.join(' and ')})`;
}

/** The tested node's name; sources of files and ephemeral models have none and become a subquery. */
async function relationText(
  test: Node,
  reference: Reference,
  context: SqlContext,
): Promise<string> {
  const tested = context.resolve(test, reference);
  if (tested.buildable && tested.relation) return context.dialect.relation(tested.relation);
  const args = reference.path.map((part) => `'${part}'`).join(', ');
  const text = `select * from {{ ${reference.kind}(${args}) }} as tested`;
  const { sql } = await context.compile(test, { ...PLAIN, source: { ...test.span, text } });
  return `(${sql})`;
}

async function renderedArguments(
  test: Node,
  detail: GenericTestDetail,
  context: SqlContext,
): Promise<Readonly<Record<string, string>>> {
  const rendered: Record<string, string> = {};
  for (const [name, text] of Object.entries(detail.templates)) {
    const source = { ...test.span, text };
    rendered[name] = (await context.compile(test, { ...PLAIN, source })).sql;
  }
  return rendered;
}

async function runExperiment(
  { test, experiment }: CheckSql & { readonly experiment: Experiment },
  context: CheckContext,
): Promise<CheckOutcome> {
  const reference = test.references.find(
    (one) => context.resolve(test, one).id === test.check?.attachedTo,
  );
  if (!reference) throw new Error(`${test.id} does not refer to the node it tests`);
  try {
    const { count, rows } = await context.leaksOf(context.resolve(test, reference), experiment);
    return outcomeOf(test, limited(test, count), foundText(rows, context.dialect));
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return errorOutcome(test, error, undefined);
  }
}

/** What was found as a SELECT, so that it is shown and kept as failing rows are. */
const foundText = (rows: LeaksFound['rows'], { literal, quote }: Dialect): string =>
  rows
    .map((row) => {
      const items = Object.entries(row).map(
        ([name, value]) => `${literal(value)} as ${quote(name)}`,
      );
      return `select ${items.join(', ')}`;
    })
    .join('\nunion all\n') || WITHOUT_SQL;

/** What was there when the test ran first is known and does not count. */
async function runOnlyNew(
  sql: Exclude<CheckSql, { experiment: Experiment }>,
  context: CheckContext,
) {
  const { test, tested } = sql;
  const found = 'query' in sql ? sql.query : storedText(sql);
  const query = await newFailures(test, found, context);
  const outcome =
    query === undefined
      ? {
          ...outcomeOf(test, 0, found),
          status: 'pass' as const,
          message: 'Failures are known from now on',
        }
      : await runQuery({ test, query, ...(tested === undefined ? {} : { tested }) }, context);
  return { ...outcome, storedRows: found };
}

/** The rows of a condition as they are kept: counted values have a row each. */
const storedText = ({ relation, condition, distinct }: Condition): string =>
  distinct === undefined ? rowsOf(relation, condition) : groupsOf(relation, condition, distinct);

async function runQuery(
  sql: CheckSql & { query: string },
  { connection, dialect }: CheckContext,
): Promise<CheckOutcome> {
  const { test, compiled, query, tested } = sql;
  const config = test.config as TestConfig;
  const { limit, fail_calc } = config;
  const limited = limit ? `select * from (\n${query}\n) as limited limit ${limit}` : query;
  const text = `select ${fail_calc} as ${dialect.quote('failures')} from (\n${limited}\n) as dbt_internal_test`;
  try {
    const [row] = await connection.query(text);
    const total = judgesShare(config) ? await rowsLookedAt(test, tested, connection) : undefined;
    // An aggregate of no rows is NULL: nothing has failed.
    return outcomeOf(test, Number(row?.['failures'] ?? 0), query, total);
  } catch (error) {
    if (error instanceof ProjectError) return errorOutcome(test, error, query);
    if (!(error instanceof DatabaseError)) throw error;
    return errorOutcome(test, compiled ? locateError(error, test, compiled) : error, query);
  }
}

/** How many rows a test looks at. @throws ProjectError 'invalid-config' for one that nobody says the rows of */
async function rowsLookedAt(
  test: Node,
  tested: string | undefined,
  connection: Connection,
): Promise<number> {
  if (tested === undefined) {
    throw new ProjectError('invalid-config', `'${test.name}' has no rows to take percent of`, {
      span: test.span,
      hint: 'a test in SQL reads what it likes: give error_if and warn_if a number',
    });
  }
  const [row] = await connection.query(`select count(*) as total from ${tested} as tested`);
  return Number(row?.['total'] ?? 0);
}

async function runScan(
  relation: string,
  group: readonly (CheckSql & Condition)[],
  context: CheckContext,
): Promise<CheckOutcome[]> {
  try {
    const needsTotal = group.some(({ test }) => judgesShare(test.config as TestConfig));
    const isStored = group.every(({ test }) => readsTable(test, context));
    const scan = { relation, isStored, needsTotal };
    const { counts, total } = await countRows(group, scan, context.connection);
    return group.map((one, i) => scanOutcome(relation, one, counts[i] ?? 0, total));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const [only] = group;
    if (group.length === 1 && only) {
      return [errorOutcome(only.test, error, rowsOf(relation, only.condition))];
    }
    // One of them is wrong: by themselves the good ones pass and the bad one says why.
    const outcomes: CheckOutcome[] = [];
    for (const one of group) outcomes.push(...(await runScan(relation, [one], context)));
    return outcomes;
  }
}

/** A view's rows are made anew for each look at them. */
const readsTable = (test: Node, { resolve }: CheckContext): boolean =>
  test.references.some((one) => {
    const { id, storesRows } = resolve(test, one);
    return storesRows && id === test.check?.attachedTo;
  });

function scanOutcome(
  relation: string,
  { test, condition, distinct }: CheckSql & Condition,
  count: number,
  total: number | undefined,
): CheckOutcome {
  const share = judgesShare(test.config as TestConfig) ? total : undefined;
  const outcome = outcomeOf(test, limited(test, count), rowsOf(relation, condition), share);
  if (distinct === undefined) return outcome;
  return { ...outcome, storedRows: groupsOf(relation, condition, distinct) };
}

const rowsOf = (relation: string, condition: string): string =>
  `select *\nfrom ${relation} as tested\nwhere ${condition}`;

/** A row for each value that is counted, as dbt keeps them. */
const groupsOf = (relation: string, condition: string, value: string): string =>
  `select ${value} as value_field, count(*) as n_records
from ${relation} as tested
where ${condition}
group by ${value}`;
