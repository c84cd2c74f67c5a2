import type { Connection, Dialect, Statement, Warehouse } from '../adapters/adapter.ts';
import { type FileEngine, openFileEngine } from '../adapters/file-engine.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Relation } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
import { createTable, moveRows } from './move-rows.ts';

/** Files that stand for a table. */
export interface FileTable {
  /** The table their rows go to. */
  readonly relation: Relation;
  /** Changes when the files do, or how they are read. */
  readonly digest: string;
  /** Where the source is declared. */
  readonly span: Span;
  /** The rows as the engine that reads files has them. */
  rows(dialect: Dialect): string;
}

export interface LoadedTable {
  readonly relation: Relation;
  readonly rowCount: number;
}

/** Stands beside the tables, so that everybody who loads the same ones knows of it. */
const recordOf = ({ database, schema }: Relation): Relation => ({
  database,
  schema,
  name: 'velo_loaded_files',
});

/**
 * Those of the tables whose files are others than were loaded last. @throws DatabaseError, also 'not-loaded-by-velo' for
 * a table that somebody else made
 */
export async function filesToLoad(
  tables: readonly FileTable[],
  warehouse: Warehouse,
  dialect: Dialect,
): Promise<readonly FileTable[]> {
  if (tables.length === 0) return [];
  const schemas = [...new Set(tables.map(({ relation }) => relation.schema))];
  const found = await warehouse.listRelations(schemas);
  const exists = (wanted: Relation) =>
    found.some(
      ({ relation: { schema, name } }) => schema === wanted.schema && name === wanted.name,
    );
  const digests = await warehouse.use(async (connection) => {
    const known = new Map<string, string>();
    for (const schema of schemas) {
      const record = recordOf({ schema, name: '' });
      if (exists(record)) await readRecord(connection, dialect, record, known);
    }
    return known;
  });
  return tables.filter(({ relation, digest, span }) => {
    const loaded = digests.get(keyOf(relation));
    if (!exists(relation)) return true;
    if (loaded === undefined) throw somebodyElses(relation, dialect, span);
    return loaded !== digest;
  });
}

const keyOf = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string =>
  JSON.stringify([schema, name]);

async function readRecord(
  { query }: Connection,
  dialect: Dialect,
  record: Relation,
  known: Map<string, string>,
): Promise<void> {
  for (const { name, digest } of await query(
    `select name, digest from ${dialect.relation(record)}`,
  )) {
    known.set(keyOf({ schema: record.schema, name: String(name) }), String(digest));
  }
}

function somebodyElses(relation: Relation, dialect: Dialect, span: Span): DatabaseError {
  const name = dialect.relation(relation);
  return new DatabaseError('not-loaded-by-velo', `velo has not made ${name}`, '', {
    span,
    hint: 'the source stands for files, whose rows go there: drop the table, give the source another schema, or take external_location out to read the table as it is',
  });
}

/** Who reads the files, and who is told. */
export interface LoadContext {
  readonly warehouse: Warehouse;
  readonly dialect: Dialect;
  readonly threads: number;
  readonly now: () => number;
  onLoaded(table: LoadedTable): void;
}

/**
 * Loads files into the tables they stand for. A table has its old rows until all of the new ones are there; the record
 * of the files is committed with them. @throws DatabaseError
 */
export async function loadFiles(tables: readonly FileTable[], context: LoadContext): Promise<void> {
  if (tables.length === 0) return;
  await using engine = await openFileEngine({ threads: context.threads });
  for (const table of tables) await loadOne(table, engine, context);
}

async function loadOne(
  table: FileTable,
  engine: FileEngine,
  { warehouse, dialect, now, onLoaded }: LoadContext,
): Promise<void> {
  const { relation } = table;
  const staged = dialect.stagedBeside(relation);
  const found = await warehouse.listRelations([relation.schema]);
  const existing = found.find((one) => one.relation.name === relation.name)?.type;
  const rowCount = await engine.warehouse.use((from) =>
    warehouse.use(async (to) => {
      await to.execute(dialect.createSchema(relation));
      const sql = `select * from ${table.rows(engine.dialect)}`;
      const columns = await from.wireColumns(sql);
      // As a name without quotes is read there: in small letters.
      const names = columns.map(({ name }) => name.toLowerCase());
      const named = columns.map((column, k) => ({ ...column, name: names[k] ?? '' }));
      return to.transaction(async () => {
        await to.execute(`drop table if exists ${dialect.relation(staged)}`);
        await to.execute(createTable(dialect, staged, named));
        const count = await moveRows(
          { connection: from, sql },
          { connection: to, relation: staged },
          columns,
          { names },
        );
        const published = dialect.publishStaged(relation, existing);
        const noted = recordStatements(table, dialect, count, now());
        for (const statement of [...published, ...noted]) await to.execute(statement);
        return count;
      });
    }),
  );
  onLoaded({ relation, rowCount });
}

function recordStatements(
  { relation, digest }: FileTable,
  dialect: Dialect,
  rowCount: number,
  nowMs: number,
): Statement[] {
  const record = dialect.relation(recordOf(relation));
  const at = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ');
  const values = [relation.name, digest, rowCount, at].map(dialect.literal);
  return [
    `create table if not exists ${record} (
  name varchar not null,
  digest varchar not null,
  row_count bigint not null,
  loaded_at timestamp not null
)`,
    `delete from ${record} where name = ${dialect.literal(relation.name)}`,
    `insert into ${record} (name, digest, row_count, loaded_at) values (${values.join(', ')})`,
  ];
}
