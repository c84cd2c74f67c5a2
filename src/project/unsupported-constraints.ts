import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Materializations whose relations can have constraints. */
const ENFORCING: ReadonlySet<string> = new Set(['table', 'incremental']);

/** Tells of constraints under a contract that what the model becomes cannot have; the first sentence is dbt's. */
export function warnOfUnsupportedConstraints(
  nodes: Iterable<Node>,
  warn: (message: string, span: Span) => void,
): void {
  for (const { kind, id, materialized, columns, config, extra, span } of nodes) {
    if (kind !== 'model' || ENFORCING.has(materialized)) continue;
    if ((config['contract'] as Entry | undefined)?.['enforced'] !== true) continue;
    const listed = [extra, ...columns.map((column) => column.extra)].flatMap(
      (one) => (one?.['constraints'] as readonly Entry[] | undefined) ?? [],
    );
    if (!listed.some((constraint) => constraint['warn_unsupported'] !== false)) continue;
    const what = `Constraint types are not supported for ${materialized} materializations and will be ignored.`;
    const hint = "Set 'warn_unsupported: false' on this constraint to ignore this warning.";
    warn(`${what} ${hint} (${id}, ${span.file}:${span.line})`, span);
  }
}
