import { expect, it } from 'vitest';
import { DatabaseError } from '../../core/errors.ts';
import type { VeloEvent } from '../../core/events.ts';
import type { Node } from '../../core/node.ts';
import { finishedEvent, nodeEvents, printLines, startedEvent } from './lines-fixture.ts';
import { modelOf, nodeOf, resultOf } from './run-fixture.ts';

it('the end of a run of tests that failed (139-test-fail)', () => {
  const hooks = ['start-0', 'start-1', 'end-0'].map((n) => nodeOf('operation', `shop-on-run-${n}`));
  const accepted = nodeOf('test', 'accepted_values_stg_payments_method__card', {
    path: 'models/staging/zz.yml',
    relation: {
      database: 'shop',
      schema: 'main_dbt_test__audit',
      name: 'accepted_values_stg_payments_method__card',
    },
  });
  const upper = nodeOf('test', 'all_upper_stg_payments_method', {
    path: 'models/staging/zz.yml',
  });
  const paid = nodeOf('test', 'paid_enough');
  const failed = (node: Node, failures: number, condition: string) => {
    const message = `Got ${failures} results, configured to fail if ${condition}`;
    return resultOf(node, { status: 'fail', failures, message, compiledCode: 'select' });
  };
  const results = [
    ...hooks.map((hook) => resultOf(hook)),
    failed(accepted, 2, '>1'),
    failed(upper, 5, '!= 0'),
    resultOf(paid, { status: 'pass', failures: 0 }),
  ];
  expect(
    printLines([startedEvent([...hooks, accepted, upper, paid]), finishedEvent(results)]),
  ).toEqual([
    'HH:MM:SS  ',
    "HH:MM:SS  Concurrency: 1 threads (target='duck')",
    'HH:MM:SS  Plan: 3 nodes to build, 3 tests to run, 6 statements, 0 nodes unchanged, as of 2024-01-09.',
    'HH:MM:SS  ',
    'HH:MM:SS  ',
    'HH:MM:SS  Finished running 3 project hooks, 3 data tests in N hours N minutes and N.NN seconds (N.NNs).',
    'HH:MM:SS  ',
    'HH:MM:SS  Completed with 2 errors, 0 partial successes, and 0 warnings:',
    'HH:MM:SS  ',
    'HH:MM:SS  [ERROR]: in test accepted_values_stg_payments_method__card (models/staging/zz.yml)',
    'HH:MM:SS    Got 2 results, configured to fail if >1',
    'HH:MM:SS  ',
    'HH:MM:SS    compiled code at target/compiled/shop/models/staging/zz.yml/accepted_values_stg_payments_method__card.sql',
    'HH:MM:SS  ',
    'HH:MM:SS    See test failures:',
    '  ---------------------------------------------------------------------------------------',
    '  select * from "shop"."main_dbt_test__audit"."accepted_values_stg_payments_method__card"',
    '  ---------------------------------------------------------------------------------------',
    'HH:MM:SS  ',
    'HH:MM:SS  [ERROR]: in test all_upper_stg_payments_method (models/staging/zz.yml)',
    'HH:MM:SS    Got 5 results, configured to fail if != 0',
    'HH:MM:SS  ',
    'HH:MM:SS    compiled code at target/compiled/shop/models/staging/zz.yml/all_upper_stg_payments_method.sql',
    'HH:MM:SS  ',
    'HH:MM:SS  Done. PASS=4 WARN=0 ERROR=2 SKIP=0 NO-OP=0 REUSED=0 TOTAL=6',
  ]);
});

it('the end of a run of models that failed (133-sql-error), the error as velo shows it', () => {
  const items = modelOf('stg_items', 'view', {
    relation: { schema: 'main_staging', name: 'stg_items' },
  });
  const bad = modelOf('zz_bad', 'table', { path: 'models/reports/zz_bad.sql' });
  const after = modelOf('zz_after', 'table');
  const later = modelOf('zz_later', 'table');
  const message = 'Binder Error: Referenced column "no_such_col" not found in FROM clause!';
  const error = new DatabaseError('database-error', message, 'select');
  const results = [
    resultOf(items),
    resultOf(bad, { status: 'error', error, message, compiledCode: 'select' }),
    resultOf(after, { status: 'skipped' }),
    resultOf(later, { status: 'skipped' }),
  ] as const;
  const skips = results
    .slice(2)
    .map((result, i): VeloEvent => ({ type: 'node-finished', result, index: i + 3, total: 4 }));
  const nodes = [items, bad, after, later];
  const events = [...nodeEvents(results[0], 1, 4), ...nodeEvents(results[1], 2, 4), ...skips];
  expect(printLines([startedEvent(nodes), ...events, finishedEvent(results)]).slice(4)).toEqual([
    'HH:MM:SS  1 of 4 START sql view model main_staging.stg_items ............................. [RUN]',
    'HH:MM:SS  1 of 4 OK created sql view model main_staging.stg_items ........................ [OK in N.NNs]',
    'HH:MM:SS  2 of 4 START sql table model main.zz_bad ....................................... [RUN]',
    'HH:MM:SS  2 of 4 ERROR creating sql table model main.zz_bad .............................. [ERROR in N.NNs]',
    'HH:MM:SS  3 of 4 SKIP relation main.zz_after ............................................. [SKIP]',
    'HH:MM:SS  4 of 4 SKIP relation main.zz_later ............................................. [SKIP]',
    'HH:MM:SS  ',
    'HH:MM:SS  Finished running 3 table models, 1 view model in N hours N minutes and N.NN seconds (N.NNs).',
    'HH:MM:SS  ',
    'HH:MM:SS  Completed with 1 error, 0 partial successes, and 0 warnings:',
    'HH:MM:SS  ',
    'HH:MM:SS  [ERROR]: in model zz_bad (models/reports/zz_bad.sql)',
    'HH:MM:SS    Runtime Error in model zz_bad (models/reports/zz_bad.sql)',
    '  error[database-error]',
    '    Binder Error: Referenced column "no_such_col" not found in FROM clause!',
    '    docs: docs/errors/database-error.md',
    'HH:MM:SS  ',
    'HH:MM:SS    compiled code at target/compiled/shop/models/reports/zz_bad.sql',
    'HH:MM:SS  ',
    'HH:MM:SS  Done. PASS=1 WARN=0 ERROR=1 SKIP=2 NO-OP=0 REUSED=0 TOTAL=4',
  ]);
});

it('the end of a run with warnings (021-build-first), unchanged nodes in one line', () => {
  const test = nodeOf('test', 'email_is_known', { path: 'models/staging/_staging.yml' });
  const old = ['a', 'b', 'c'].map((name) => modelOf(name, 'table'));
  const message = 'Got 1 result, configured to warn if != 0';
  const warned = resultOf(test, { status: 'warn', failures: 1, message, compiledCode: 'select' });
  const reused = old.map((node) => resultOf(node, { status: 'reused' }));
  const events = reused.map(
    (result, i): VeloEvent => ({ type: 'node-finished', result, index: i + 1, total: 4 }),
  );
  expect(
    printLines([startedEvent([test, ...old]), ...events, finishedEvent([warned, ...reused])]).slice(
      4,
    ),
  ).toEqual([
    'HH:MM:SS  3 nodes unchanged',
    'HH:MM:SS  ',
    'HH:MM:SS  Finished running 1 test in N hours N minutes and N.NN seconds (N.NNs).',
    'HH:MM:SS  ',
    'HH:MM:SS  Completed with 1 warning:',
    'HH:MM:SS  ',
    'HH:MM:SS  [WARNING]: in test email_is_known (models/staging/_staging.yml)',
    'HH:MM:SS  [WARNING]: Got 1 result, configured to warn if != 0',
    'HH:MM:SS  ',
    'HH:MM:SS    compiled code at target/compiled/shop/models/staging/_staging.yml/email_is_known.sql',
    'HH:MM:SS  ',
    'HH:MM:SS  Done. PASS=0 WARN=1 ERROR=0 SKIP=0 NO-OP=0 REUSED=3 TOTAL=4',
  ]);
});

it('the end of a run with nothing to do', () => {
  const nodes = ['a', 'b'].map((name) => modelOf(name, 'table'));
  const reused = nodes.map((node) => resultOf(node, { status: 'reused' }));
  expect(printLines([startedEvent(nodes), finishedEvent(reused)]).slice(4)).toEqual([
    'HH:MM:SS  Nothing to do: all 2 nodes are up to date.',
    'HH:MM:SS  ',
    'HH:MM:SS  Done. PASS=0 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=2 TOTAL=2',
  ]);
  expect(printLines([startedEvent([]), finishedEvent([])])).toEqual([
    'HH:MM:SS  [WARNING]: Nothing to do. Try checking your model configs and model specification args',
  ]);
});

it('the end of a run that interrupted, before or after a project was read', () => {
  const interrupted = finishedEvent([], { interrupted: true });
  expect(printLines([interrupted])).toContain('HH:MM:SS  Exited because of keyboard interrupt');
  expect(printLines([startedEvent([]), interrupted]).at(-1)).toBe(
    'HH:MM:SS  Done. PASS=0 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=0',
  );
});
