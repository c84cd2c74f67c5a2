import type { Row } from '../adapters/adapter.ts';
import { ConfigError, DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { type CompileOptions, compileChosen } from './compile.ts';
import { loadProject, openWarehouse } from './load-project.ts';

export interface ShowOptions extends CompileOptions {
  /** Rows at most; -1: all. */
  readonly limit: number;
}

export interface ShownNode {
  readonly node: Node;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Runs the SELECTs of the chosen nodes and returns their first rows. Changes nothing. @throws VeloError, VeloErrors */
export async function show(options: ShowOptions): Promise<readonly ShownNode[]> {
  const project = await loadProject(options, options.inline);
  const compiled = (await compileChosen(project, options)).filter(
    ({ node }) => node.kind === 'model',
  );
  if (compiled.length === 0) {
    throw new ConfigError('empty-selection', 'nothing to show', {
      hint: "name a model: velo show --select my_model, or a query: velo show --inline 'select 1'",
    });
  }
  await using warehouse = await openWarehouse(project);
  return await warehouse.use(async (connection) => {
    const shown: ShownNode[] = [];
    for (const { node, sql } of compiled) {
      const limited =
        options.limit < 0 ? sql : `select * from (\n${sql}\n) as shown limit ${options.limit}`;
      const rows = await connection.query(limited).catch((error: unknown) => {
        throw error instanceof DatabaseError ? named(error, node) : error;
      });
      shown.push({ node, columns: Object.keys(rows[0] ?? {}), rows });
    }
    return shown;
  });
}

const named = (error: DatabaseError, node: Node): DatabaseError =>
  new DatabaseError(error.code, error.message, error.sql, { span: node.span, hint: error.hint });
