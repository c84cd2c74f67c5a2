import type { TableDefinition } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { toText } from '../jinja/value.ts';
import type { BuildContext } from './node-kind.ts';

type Entry = Readonly<Record<string, unknown>>;

const isEnforced = ({ config }: Pick<Node, 'config'>): boolean =>
  (config['contract'] as { enforced?: boolean } | undefined)?.enforced === true;

type Described = Pick<Node, 'columns' | 'config'> & { readonly constraints: readonly Entry[] };

/**
 * What an enforced contract says of a model: its columns, their types and constraints. Rows under another are other
 * rows. Undefined where there is none.
 */
export const contractFacts = ({ config, columns, constraints }: Described): Entry | undefined =>
  isEnforced({ config })
    ? { contract: [columns.map((one) => [one.name, one.dataType, ownOf(one)]), constraints] }
    : undefined;

const ownOf = ({ extra }: Node['columns'][number]): readonly Entry[] =>
  (extra?.['constraints'] as readonly Entry[] | undefined) ?? [];

const REFERENCE = /^\s*(ref|source)\s*\(/;

/** Texts such as `ref('orders')` that foreign keys of an enforced contract point at. */
export const foreignTables = ({ config, columns, constraints }: Described): readonly string[] =>
  isEnforced({ config })
    ? [...constraints, ...columns.flatMap(ownOf)].flatMap(({ to }) =>
        typeof to === 'string' && REFERENCE.test(to) ? [to] : [],
      )
    : [];

/**
 * Compares the columns of a SELECT, by the engine's own types, with the contract, before anything is written.
 * @throws ProjectError with dbt's table of what differs
 */
export async function checkContract(
  node: Node,
  sql: string,
  context: Pick<BuildContext, 'macros'>,
): Promise<void> {
  if (!isEnforced(node)) return;
  const check = context.macros.evaluate(node, 'get_assert_columns_equivalent(sql)', { sql });
  await check.catch((error: unknown) => {
    if (!(error instanceof ProjectError) || error.code !== 'macro-error') throw error;
    throw new ProjectError('contract-broken', error.message, { span: node.span });
  });
}

/** The columns and constraints of the table a contract promises; undefined where there is none. @throws ProjectError */
export async function contractedTable(
  node: Node,
  { macros, dialect }: BuildContext,
): Promise<TableDefinition | undefined> {
  if (!isEnforced(node) || !node.storesRows) return undefined;
  let text = toText(await macros.evaluate(node, 'get_table_columns_and_constraints()', {}));
  const constraints = (node.extra?.['constraints'] ?? []) as readonly Entry[];
  for (const to of foreignTables({ ...shapeOf(node), constraints })) {
    // DuckDB takes no name of the database there.
    const table = toText(await macros.evaluate(node, `(${to}).include(database=False)`, {}));
    text = text.replaceAll(`references ${to} (`, () => `references ${table} (`);
  }
  return { text, columns: node.columns.map(({ name }) => dialect.quote(name)) };
}

const shapeOf = ({ config, columns }: Node) => ({ config, columns });
