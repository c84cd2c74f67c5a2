import { expect, test } from 'vitest';
import { runResultsInput } from './artifact-fixture.ts';
import { runResultsArtifact } from './run-results.ts';

const artifact = runResultsArtifact(runResultsInput);
const entry = (status: string) => artifact.results.find((result) => result.status === status);

test('a model that went well, in seconds', () => {
  expect(entry('success')).toEqual({
    status: 'success',
    timing: [
      {
        name: 'compile',
        started_at: '2024-01-10T12:00:01.000Z',
        completed_at: '2024-01-10T12:00:01.000Z',
      },
      {
        name: 'execute',
        started_at: '2024-01-10T12:00:01.000Z',
        completed_at: '2024-01-10T12:00:02.500Z',
      },
    ],
    thread_id: 'Thread-2 (worker)',
    execution_time: 1.5,
    adapter_response: { _message: 'INSERT 3', rows_affected: 3 },
    message: 'INSERT 3',
    failures: null,
    unique_id: 'model.shop.stg_visits',
    compiled: true,
    compiled_code: 'select 1',
    relation_name: '"main"."visits_alias"',
    batch_results: null,
  });
});

test('a test that passed has no message and no relation', () => {
  expect(entry('pass')).toMatchObject({ message: null, failures: 0, relation_name: null });
});

test('what did not run has no times and no code', () => {
  expect(entry('skipped')).toMatchObject({ timing: [], compiled: null, compiled_code: null });
  expect(entry('reused')).toMatchObject({ timing: [], message: 'up to date' });
});

test('the run as a whole', () => {
  expect(artifact.elapsed_time).toBe(2.5);
  expect(artifact.args).toEqual({ which: 'build', select: [] });
  expect(artifact.metadata.dbt_schema_version).toBe(
    'https://schemas.getdbt.com/dbt/run-results/v6.json',
  );
});
