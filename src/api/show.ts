import type { Connection, Dialect } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ResultTable } from '../core/result-table.ts';
import { locateError } from '../nodes/locate-error.ts';
import { loadSeed } from '../nodes/seed.ts';
import { type CompiledNode, type CompileOptions, chosenNodes, compileChosen } from './compile.ts';
import { type ApiOptions, loadProject, openToRead } from './load-project.ts';
import { unpackSources } from './unpack-sources.ts';

export interface ShowOptions extends CompileOptions {
  /** Rows at most; -1: all. 5 when absent. */
  readonly limit?: number | undefined;
}

export interface ShownNode {
  readonly node: Node;
  readonly table: ResultTable;
}

/**
 * Runs the SELECTs of the chosen models and analyses and reads the files of the chosen seeds; returns their first rows, seeds first.
 * Changes nothing: where dbt loads a seed to show it, velo leaves its table alone. @throws VeloError, VeloErrors
 */
export async function show(options: ShowOptions): Promise<readonly ShownNode[]> {
  const { limit = USUAL_ROWS } = options;
  const project = await loadProject(options, options.inline);
  const chosen = chosenNodes(project, options);
  const compiled = await compileChosen(project, options, chosen);
  const models = compiled.filter(({ node }) => node.kind === 'model' || node.kind === 'analysis');
  const seeds = project.graph.order.filter(({ id, kind }) => kind === 'seed' && chosen.has(id));
  if (models.length + seeds.length === 0) {
    project.warn(NOTHING, undefined, 'NothingToDo');
    return [];
  }
  await unpackSources(project);
  await using warehouse = await openToRead(project);
  const { dialect } = project.adapter;
  return await warehouse.use(async (connection) => {
    const shown: ShownNode[] = [];
    for (const seed of seeds) {
      const loaded = await loadSeed(seed, connection, project.settings.projectDir);
      const rows = await firstRows(`select * from ${loaded}`, limit, connection);
      await connection.execute(`drop table ${loaded}`);
      shown.push({ node: seed, table: rows });
    }
    for (const model of models) {
      const rows = await modelRows(model, limit, connection, dialect);
      shown.push({ node: model.node, table: rows });
    }
    return shown;
  });
}

/** The first rows of tables that stand, such as of seeds that were loaded just now. @throws VeloError, VeloErrors */
export async function showTables(
  options: ApiOptions & { readonly limit: number },
  ids: ReadonlySet<NodeId>,
): Promise<readonly ShownNode[]> {
  const project = await loadProject(options);
  const nodes = project.graph.order.filter(({ id }) => ids.has(id));
  await using warehouse = await openToRead(project);
  const { dialect } = project.adapter;
  return await warehouse.use(async (connection) => {
    const shown: ShownNode[] = [];
    for (const node of nodes) {
      if (!node.relation) throw new Error(`${node.id} has no relation`);
      const sql = `select * from ${dialect.relation(node.relation)}`;
      shown.push({ node, table: await firstRows(sql, options.limit, connection) });
    }
    return shown;
  });
}
const USUAL_ROWS = 5;

const NOTHING = 'Nothing to do. Try checking your model configs and model specification args';

/** Nodes whose rows are not those of their SELECT. */
const MODELING: ReadonlySet<string> = new Set(['train', 'score', 'backtest']);

const shownSql = ({ node, sql }: CompiledNode, dialect: Dialect): string =>
  node.relation && MODELING.has(node.materialized)
    ? `select * from ${dialect.relation(node.relation)}`
    : sql;

async function modelRows(
  model: CompiledNode,
  limit: number,
  connection: Connection,
  dialect: Dialect,
): Promise<ResultTable> {
  try {
    return await firstRows(shownSql(model, dialect), limit, connection);
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, model.node, model) : error;
  }
}

async function firstRows(sql: string, limit: number, connection: Connection): Promise<ResultTable> {
  const limited = limit < 0 ? sql : `select * from (\n${sql}\n) as shown limit ${limit}`;
  const { table } = await connection.fetch(limited);
  if (!table) throw new Error('a SELECT has no rows');
  return table;
}
