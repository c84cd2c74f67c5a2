import type { Connection, Dialect } from '../adapters/adapter.ts';
import { checks } from '../checks/index.ts';
import { DatabaseError, VeloError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { Experiment } from '../core/leakage.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { CompileOptions } from './compile.ts';
import type { TestConfig } from './config-schemas.ts';
import type { Compiled } from './ctes.ts';
import type { GenericTestDetail } from './generic-test.ts';
import { judge, type Verdict } from './judge.ts';
import { locateError } from './locate-error.ts';
import type { ProjectFolders } from './node-kind.ts';
import { countsRows } from './test-node.ts';
import { runUnitTest } from './unit-tests/run-unit-test.ts';
import { onDates } from './visible-rows.ts';

export interface CheckOutcome extends Verdict {
  readonly node: Node;
  /** Rows that broke the rule, or what `fail_calc` makes of them. */
  readonly failures: number | undefined;
  /** The table its failing rows are kept in; absent when they are kept nowhere. */
  readonly keptIn?: Relation | undefined;
  readonly compiledCode: string | undefined;
  /** The rows that are kept where the test keeps them, when they are not those of its SQL. */
  readonly storedRows?: string | undefined;
  readonly error: VeloError | undefined;
}

/** What an experiment came to. */
export interface LeaksFound {
  readonly count: number;
  /** A row for each, all of the same columns; empty where a row could not tell enough. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export interface CheckContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly folders: ProjectFolders;
  compile(node: Node, options: CompileOptions): Promise<Compiled>;
  resolve(from: Node, reference: Reference): Node;
  /** What an experiment finds in a model, in a session of its own. @throws VeloError when it cannot be tried */
  leaksOf(model: Node, experiment: Experiment): Promise<LeaksFound>;
  /** The dates a test looks at, where it needs no others; undefined: all rows. */
  datesOf(test: Node): Interval | undefined;
}

interface Condition {
  readonly relation: string;
  readonly condition: string;
  readonly distinct: string | undefined;
}

/** One test as SQL: a condition joins the scan of its relation, a query runs by itself. */
type CheckSql = { readonly test: Node; readonly compiled?: Compiled } & (
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
    if (isUnitTest(test)) {
      outcomes.set(test.id, await runUnit(test, context));
      continue;
    }
    const sql = await attemptSql(test, context);
    if ('outcome' in sql) outcomes.set(test.id, sql.outcome);
    else if ('experiment' in sql) outcomes.set(test.id, await runExperiment(sql, context));
    else if ('query' in sql) outcomes.set(test.id, await runQuery(sql, context));
    else scans.set(sql.relation, [...(scans.get(sql.relation) ?? []), sql]);
  }
  for (const [relation, group] of scans) {
    for (const outcome of await runScan(relation, group, context)) {
      outcomes.set(outcome.node.id, outcome);
    }
  }
  return tests.flatMap((test) => outcomes.get(test.id) ?? []);
}

const isUnitTest = ({ detail }: Node): boolean => (detail as { test?: string }).test === 'unit';

async function runUnit(test: Node, context: CheckContext): Promise<CheckOutcome> {
  const { difference, compiledCode, error } = await runUnitTest(test, context);
  if (error) return errorOutcome(test, error, compiledCode);
  const isPassed = difference === '';
  const message = isPassed ? '' : `\n\nactual differs from expected:\n\n${difference}\n`;
  const failures = isPassed ? 0 : 1;
  const status = isPassed ? 'pass' : 'fail';
  return { node: test, status, message, failures, compiledCode, error: undefined };
}

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
  if (detail.test === 'singular') {
    const dates = context.datesOf(test);
    const compiled = await context.compile(test, { ...PLAIN, dates });
    return { test, compiled, query: compiled.sql };
  }
  if (!detail.builtIn) {
    const compiled = await context.compile(test, PLAIN);
    return { test, compiled, query: compiled.sql };
  }
  const relation = await testedRows(test, context);
  const args = { ...detail.args, ...(await renderedArguments(test, detail, context)) };
  const { dialect } = context;
  const column = detail.column === undefined ? '' : dialect.quote(detail.column);
  const failing = checks.get(detail.checkName).failingRows({ dialect, relation, column, args });
  if ('query' in failing) return { test, query: failing.query };
  if ('experiment' in failing) return { test, experiment: failing.experiment };
  // A calculation of its own needs the rows: a shared scan only counts them.
  return countsRows(test.config as TestConfig)
    ? { test, relation, condition: failing.condition, distinct: failing.distinct }
    : { test, query: rowsOf(relation, failing.condition) };
}

/** The failing rows of a test as SQL, without running it; a comment where no SELECT finds them. @throws ProjectError */
export async function testSql(test: Node, context: Omit<SqlContext, 'datesOf'>): Promise<string> {
  const sql = await checkSql(test, { ...context, datesOf: () => undefined });
  if ('experiment' in sql) return WITHOUT_SQL;
  return 'query' in sql ? sql.query : rowsOf(sql.relation, sql.condition);
}

export const WITHOUT_SQL =
  '-- no SELECT finds these: velo leakage builds the model from other inputs';

type SqlContext = Omit<CheckContext, 'connection' | 'leaksOf' | 'folders'>;

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

async function runQuery(
  sql: CheckSql & { query: string },
  { connection, dialect }: CheckContext,
): Promise<CheckOutcome> {
  const { test, compiled, query } = sql;
  const { limit, fail_calc } = test.config as TestConfig;
  const limited = limit ? `select * from (\n${query}\n) as limited limit ${limit}` : query;
  const text = `select ${fail_calc} as ${dialect.quote('failures')} from (\n${limited}\n) as dbt_internal_test`;
  try {
    const [row] = await connection.query(text);
    // An aggregate of no rows is NULL: nothing has failed.
    return outcomeOf(test, Number(row?.['failures'] ?? 0), query);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return errorOutcome(test, compiled ? locateError(error, test, compiled) : error, query);
  }
}

async function runScan(
  relation: string,
  group: readonly (CheckSql & Condition)[],
  context: CheckContext,
): Promise<CheckOutcome[]> {
  const counts = group.map(({ condition, distinct }, i) => {
    const counted = distinct === undefined ? '*' : `distinct ${distinct}`;
    return `count(${counted}) filter (where ${condition}) as f${i}`;
  });
  const text = `select ${counts.join(',\n  ')}\nfrom ${relation} as tested`;
  try {
    const [row] = await context.connection.query(text);
    return group.map(({ test, condition, distinct }, i) => ({
      ...outcomeOf(test, limited(test, Number(row?.[`f${i}`] ?? 0)), rowsOf(relation, condition)),
      ...(distinct === undefined ? {} : { storedRows: groupsOf(relation, condition, distinct) }),
    }));
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

const limited = (test: Node, failures: number): number =>
  Math.min(failures, (test.config as TestConfig).limit ?? failures);

const rowsOf = (relation: string, condition: string): string =>
  `select *\nfrom ${relation} as tested\nwhere ${condition}`;

/** A row for each value that is counted, as dbt keeps them. */
const groupsOf = (relation: string, condition: string, value: string): string =>
  `select ${value} as value_field, count(*) as n_records
from ${relation} as tested
where ${condition}
group by ${value}`;

function judged(node: Node, failures: number): Verdict {
  const verdict = judge(failures, node.config as TestConfig);
  const isRefused = verdict.status === 'warn' && node.check?.refusesWarnings === true;
  return isRefused ? { ...verdict, status: 'fail' } : verdict;
}

const outcomeOf = (node: Node, failures: number, compiledCode: string): CheckOutcome => ({
  node,
  ...judged(node, failures),
  failures,
  compiledCode,
  error: undefined,
});

const errorOutcome = (
  node: Node,
  error: VeloError,
  compiledCode: string | undefined,
): CheckOutcome => ({
  node,
  status: 'error',
  message: error.message,
  failures: undefined,
  compiledCode,
  error,
});
