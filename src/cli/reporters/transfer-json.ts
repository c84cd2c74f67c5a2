import type { TransferPreview, TransferredTable } from '../../api/transfer-result.ts';

/** What `--output json` of push and pull prints: an entry for each table. */
export const transferJson = (
  tables: readonly TransferredTable[],
  previews: ReadonlyMap<string, TransferPreview>,
) =>
  tables.map(({ node, relation, status, rows, durationMs, checks, leftTests, error }) => {
    const preview = previews.get(node.id);
    return {
      node: node.id,
      relation: `${relation.schema}.${relation.name}`,
      status,
      rows,
      seconds: durationMs / 1000,
      rows_to_be: preview?.rowsHere ?? null,
      rows_there: preview?.rowsThere ?? null,
      part: preview?.part ?? null,
      columns_not_sent: preview?.columns.onlyHere ?? [],
      columns_left_out: preview?.columns.onlyThere ?? [],
      columns_cast: preview?.columns.cast ?? [],
      sample: preview?.sample ?? null,
      tests: checks.map((check) => ({
        test: check.node.id,
        status: check.status,
        failures: check.failures ?? null,
        message: check.error?.message ?? check.message,
      })),
      tests_not_run: leftTests.map(({ test, reason }) => ({ test: test.id, reason })),
      error: error && { code: error.code, message: error.message, hint: error.hint ?? null },
    };
  });
