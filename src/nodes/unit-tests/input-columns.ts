import type { Connection, Dialect, TypedColumnName } from '../../adapters/adapter.ts';
import { DatabaseError, ProjectError } from '../../core/errors.ts';
import { addGrains } from '../../core/grain.ts';
import type { Node, NodeId, Reference } from '../../core/node.ts';
import type { Span } from '../../core/span.ts';
import { type CompileOptions, hasTemplate } from '../compile.ts';
import type { Compiled } from '../ctes.ts';
import { locateError } from '../locate-error.ts';
import type { ProjectFolders } from '../node-kind.ts';
import { loadSeed } from '../seed.ts';
import { sourceText } from '../source-text.ts';
import { emptySelect } from './fixture-select.ts';

/** Where columns are looked for. */
export interface BindContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly folders: ProjectFolders;
  compile(node: Node, options: CompileOptions): Promise<Compiled>;
  resolve(from: Node, reference: Reference): Node;
}

/** Columns by node, of those that were looked at before. */
export type KnownColumns = Map<NodeId, readonly TypedColumnName[]>;

/**
 * The columns of an input and their types: of its relation; where that does not stand, what its SQL comes to over
 * inputs without rows, what its file holds, or what YAML declares. @throws ProjectError 'unit-test', DatabaseError
 */
export async function inputColumns(
  input: Node,
  span: Span,
  context: BindContext,
  known: KnownColumns,
): Promise<readonly TypedColumnName[]> {
  const found = known.get(input.id) ?? (await findColumns(input, span, context, known));
  known.set(input.id, found);
  if (found.length > 0) return found;
  throw new ProjectError('unit-test', `the columns of '${input.name}' are not known`, {
    span,
    hint: 'build it first, declare its columns with their data_type, or give its rows with format: sql',
  });
}

async function findColumns(
  input: Node,
  span: Span,
  context: BindContext,
  known: KnownColumns,
): Promise<readonly TypedColumnName[]> {
  const standing = await standingColumns(input, context);
  if (standing) return standing;
  if (input.kind === 'seed') return seedColumns(input, context);
  if (isSelect(input)) return boundColumns(input, span, context, known);
  return input.columns.flatMap(({ name, dataType }) =>
    dataType === undefined ? [] : [{ name, type: dataType }],
  );
}

/** Its rows are those of its SELECT, with no columns of velo's own. */
const isSelect = (input: Node): boolean =>
  input.kind === 'model' && input.model === undefined && hasTemplate(input);

async function standingColumns(
  input: Node,
  { connection, dialect }: BindContext,
): Promise<readonly TypedColumnName[] | undefined> {
  const text = standingText(input, dialect);
  if (text === undefined) return undefined;
  try {
    return await columnsOf(`select * from ${text}`, connection);
  } catch (error) {
    // It does not stand, or what it stands on does not.
    if (error instanceof DatabaseError && error.code === 'database-error') return undefined;
    throw error;
  }
}

function standingText(input: Node, dialect: Dialect): string | undefined {
  if (input.kind === 'source') return sourceText(input, dialect);
  return input.buildable && input.relation ? dialect.relation(input.relation) : undefined;
}

async function seedColumns(seed: Node, context: BindContext): Promise<readonly TypedColumnName[]> {
  const { connection, folders } = context;
  const loaded = await loadSeed(seed, connection, folders.projectDir);
  const columns = await columnsOf(`select * from ${loaded}`, connection);
  await connection.execute(`drop table ${loaded}`);
  return columns;
}

/** What a model's SELECT comes to when none of its inputs has rows. */
async function boundColumns(
  model: Node,
  span: Span,
  context: BindContext,
  known: KnownColumns,
): Promise<readonly TypedColumnName[]> {
  const rows = new Map<NodeId, string>();
  for (const reference of model.references) {
    const input = context.resolve(model, reference);
    if (rows.has(input.id)) continue;
    const columns = await inputColumns(input, span, context, known);
    rows.set(input.id, emptySelect(columns, context.dialect));
  }
  const rowsOf = (input: Node) => rows.get(input.id) ?? '';
  const { asOf } = model;
  const compiled = await context.compile(model, {
    batch: asOf && { start: asOf.begin, end: addGrains(asOf.begin, 1, asOf.grain) },
    isIncremental: false,
    standIns: { rowsOf },
  });
  try {
    return await columnsOf(`select * from (\n${compiled.sql}\n) as bound`, context.connection);
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, model, compiled) : error;
  }
}

/** The columns of a SELECT, which is run for no rows. @throws DatabaseError */
export async function columnsOf(
  sql: string,
  connection: Connection,
): Promise<readonly TypedColumnName[]> {
  const { table } = await connection.fetch(`${sql} limit 0`);
  return table.columns.map(({ name, type }) => ({ name, type }));
}
