import type { Columns, TypedColumns } from '../core/columns.ts';
import type { Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Relation } from '../core/relation.ts';
import type { CellKind, ResultTable } from '../core/result-table.ts';
import type { Query } from '../sql/tree.ts';
import type { WireColumn, WireRows, WireType } from './wire-type.ts';

export type Statement = string;

/** A row of JSON-safe values: integers beyond 2^53 and decimals as strings, dates as ISO text. */
export type Row = Readonly<Record<string, unknown>>;

export interface Capabilities {
  /** DDL, data and ledger can share one transaction. */
  readonly transactionalDdl: boolean;
  /** Steps that may run at once, whatever --threads says. */
  readonly maxConnections: number;
  /** A subquery in `from` needs a name. */
  readonly namesSubqueries?: boolean | undefined;
  /** Bytes of the longest name the engine keeps whole; longer ones are shortened. */
  readonly longestName?: number | undefined;
  /** Several runs write to one database at a time, each to the schema of its target. */
  readonly sharesDatabase?: boolean | undefined;
  /** Tables have indexes and may be unlogged. */
  readonly appliesStorage?: boolean | undefined;
}

export interface RangeReplacement {
  readonly relation: Relation;
  readonly column: string;
  readonly interval: Interval;
  readonly grain: Grain;
  /** Rows of the range, and of no other. */
  readonly sql: string;
  /** How the table is kept in parts. */
  readonly partitioning?: Partitioning | undefined;
}

/** An index in dbt's words; `type` is the engine's, such as hash. */
export interface Index {
  readonly columns: readonly string[];
  readonly unique?: boolean | undefined;
  readonly type?: string | undefined;
}

/** How a table is kept; engines with `appliesStorage` act on it. */
export interface TableStorage {
  readonly indexes?: readonly Index[] | undefined;
  /** Quicker to write and gone after a crash of the server. */
  readonly unlogged?: boolean | undefined;
  /** Kept in parts by date, where the engine has such. */
  readonly partitioning?: Partitioning | undefined;
  /** What the columns are, and what holds of them; else they are those of the rows. */
  readonly definition?: TableDefinition | undefined;
}

/** A file to be written. */
export interface ExternalFile {
  /** Of the file; of its folder where rows are parted by columns. */
  readonly path: string;
  readonly format: FileFormat;
  /** In the engine's words, such as `delimiter` or `partition_by`; names are words. */
  readonly options: readonly (readonly [name: string, value: unknown])[];
  readonly sql: string;
}

export interface ExternalStatements {
  readonly write: Statement;
  /** A SELECT of what was written. */
  readonly rows: string;
}

/** A view whose rows are kept, as it is to be. */
export interface MaterializedView {
  readonly relation: Relation;
  readonly sql: string;
  /** What stands under its name; a materialized view counts as a table, because it has rows of its own. */
  readonly existing: RelationType | undefined;
  /** Make it anew, whatever stands there. */
  readonly replace: boolean;
  readonly storage: TableStorage;
  /** What becomes of settings that differ from what stands: dbt's on_configuration_change. */
  readonly onChange: 'apply' | 'continue' | 'fail';
}

/** A table in parts by a column of dates: what is done to some dates touches their parts alone. */
export interface Partitioning {
  readonly column: string;
  readonly unit: PartitionUnit;
  /** Holds the dates of the rows that are to be written. */
  readonly interval: Interval;
}

export type PartitionUnit = 'day' | 'month' | 'year';

/** Columns and constraints as a contract says them. */
export interface TableDefinition {
  /** What stands after the name in `create table`, in brackets. */
  readonly text: string;
  /** Names of the columns, quoted. */
  readonly columns: readonly string[];
}

/** Pure: turns intent into SQL text. Never touches a socket. */
export interface Dialect {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** A type for dbt's `string`, `integer`, `float`, `date`, `timestamp`, `boolean`, and back-translation of inferred seed types. */
  quote(identifier: string): string;
  /** A literal of text, number, boolean or NULL. */
  literal(value: string | number | boolean | null): string;
  /** An expression as a timestamp; of a text that is none NULL where the engine can, else the statement fails. */
  timestampOf(expression: string): string;
  /** A column of numbers or booleans as doubles. */
  doubleOf(expression: string, kind: CellKind): string;
  /** The start of a grain as a literal: `date '2024-01-01'`, or a timestamp for hours. */
  instant(instantMs: number, grain: Grain): string;
  relation(relation: Relation): string;
  createSchema(place: Pick<Relation, 'database' | 'schema'>): Statement;
  /** `existing` is what stands under the name now: the other kind is dropped first. */
  replaceView(relation: Relation, sql: string, existing: RelationType | undefined): Statement[];
  replaceTable(
    relation: Relation,
    sql: string,
    existing: RelationType | undefined,
    storage?: TableStorage,
  ): Statement[];
  /** Makes a view whose rows are kept, or fills it anew; undefined where the engine has none. */
  readonly materializedView?: ((view: MaterializedView) => Statement[]) | undefined;
  /** Writes a SELECT to a file and reads it; undefined where the engine cannot. */
  readonly externalFile?: ((file: ExternalFile) => ExternalStatements) | undefined;
  /** Deletes the half-open range and inserts `sql`, columns matched by name. */
  replaceRange(replacement: RangeReplacement): Statement[];
  append(relation: Relation, sql: string): Statement[];
  /** Deletes the rows whose key occurs in `sql` (NULL keys match NULL keys), then inserts. */
  deleteInsert(relation: Relation, key: readonly string[], sql: string): Statement[];
  dropRelation(relation: Relation, type: RelationType): Statement;
  /** Where a table is made before it is put in the place of `relation`; the name is reserved. */
  stagedBeside(relation: Relation): Relation;
  /**
   * Puts the table made at `stagedBeside` in the place of `relation`; for one transaction. Readers see the old rows until
   * it commits, and what stands on the relation follows as after `replaceTable`.
   */
  publishStaged(
    relation: Relation,
    existing: RelationType | undefined,
    patience?: Patience,
  ): Statement[];
  /** Until the transaction ends nobody else writes to the table; readers are not hindered. */
  keepWritersOut(relation: Relation, patience: Patience): Statement[];
  /** An empty table with the columns of another and, where the engine has them, its defaults, constraints and indexes. */
  emptyLike(relation: Relation, like: Relation): Statement;
  /** A SELECT with the rows of `sql`, planned as if no condition stood around it: where that would make a worse plan. */
  unmerged(sql: string): string;
  /** A table of the session with the rows of `sql`, in the place of one of that name. */
  temporaryTable(name: string, sql: string): TemporaryTable;
  /**
   * A database in memory beside the target's, gone with the process: the engine knows how many rows its tables have,
   * which it does not of those of an open transaction. Undefined when there is no such thing.
   */
  readonly passingDatabase: PassingDatabase | undefined;
  /**
   * A SELECT with a row for each day of `column` in `rows`, itself a SELECT: `at_day`, `row_count` and `digest`, which
   * differs when any value, name or type of the day's rows does, whatever their order. Rows without a day are left out.
   */
  digestByDay(rows: string, column: string): string;
  /** Makes a session plan without care, for who looks at statements and runs none; undefined where there is nothing to spare. */
  readonly lookOnly?: Statement | undefined;
  /** What macros ask of the catalog and do to relations. */
  readonly catalog: CatalogDialect;
  /** How rows are told apart. */
  readonly comparing: ComparingDialect;
  /** The type that holds what is sent as `type`. */
  wireTypeName(type: WireType): string;
  /**
   * Reads local files in place: `read_parquet('…')`. `types` are those of CSV columns by name; others are told from the
   * values. Of JSON they are all columns to read. Undefined when the engine cannot.
   */
  readFiles(
    location: string,
    format: FileFormat,
    types?: Readonly<Record<string, string>>,
  ): string | undefined;
}

/** How long to wait for those who use a relation that is to be replaced. */
export interface Patience {
  /** Who waits for a lock holds up who comes after: for no longer than this at once. */
  readonly lockTimeoutMs: number;
  /** How often it is tried, with a pause in between in which the others get their turn. */
  readonly tries: number;
}

export interface TemporaryTable {
  readonly relation: Relation;
  readonly statements: readonly Statement[];
}

export interface PassingDatabase {
  attach(name: string): Statement;
  detach(name: string): Statement;
}

/** Catalog queries and relation statements behind dbt's `adapter` methods. Pure. */
export interface CatalogDialect {
  /** Type a column has when a macro asks for text, of `size` characters at most when given. */
  textType(size: number | undefined): string;
  numericType(name: string, precision: number | undefined, scale: number | undefined): string;
  /** What contracts compare of a type a query gives: types of one name hold the same values. */
  comparedType(type: string): string;
  /** The engine's name of a type macros know by another, such as `string`. */
  translateType(name: string): string;
  /** One column `schema`. */
  listSchemas(database: string | undefined): Statement;
  /** Columns `database`, `schema`, `name` and `type`, of the tables and views of a schema. */
  listRelations(place: Pick<Relation, 'database' | 'schema'>): Statement;
  /** Columns `name`, `type`, `char_size`, `numeric_precision` and `numeric_scale`, in their order. */
  listColumns(relation: Relation): Statement;
  /**
   * Tables and views of some schemas with their columns, a row for each column in their order: `database`, `schema`, `name`,
   * `type` (`BASE TABLE`, `VIEW` …), `comment`, `owner`, `column`, `position`, `column_type`, `column_comment`.
   */
  describeRelations(schemas: readonly string[]): Statement;
  dropSchema(place: Pick<Relation, 'database' | 'schema'>): Statement;
  dropRelation(relation: Relation, type: string): Statement;
  renameRelation(from: Relation, to: Relation, type: string): Statement;
  truncateRelation(relation: Relation): Statement;
  alterColumnType(relation: Relation, column: string, type: string): Statement;
  /** The name of a database's information schema, quoted. */
  informationSchema(database: string | undefined): string;
}

/** A column and its type in the engine's words. */
export interface TypedColumnName {
  readonly name: string;
  readonly type: string;
}

/** How rows are compared. Pure. */
export interface ComparingDialect {
  /**
   * An expression of 64 bits: rows whose columns are equal or both NULL have the same, others most likely not. It may
   * differ for values that are equal in another form, such as 0.0 and -0.0. At least one column.
   */
  rowHash(columns: readonly TypedColumnName[]): string;
  /** How far values of a type may lie apart and still be the same sum, added up in another order. */
  precision(type: string): Precision;
}

export interface Precision {
  /** Relative to the larger value; 0 for types that are exact. */
  readonly tolerance: number;
  /** The inexact numbers stand within a list or a struct. */
  readonly isNested: boolean;
}

export type RelationType = 'table' | 'view';

export type FileFormat = 'parquet' | 'csv' | 'json';

/** What the catalog says of a relation. */
export interface RelationInfo {
  readonly relation: Relation;
  readonly type: RelationType;
}

/** What a statement came to. */
export interface StatementResult {
  /** In the engine's words, as dbt reports them: `OK`, `SELECT 3`. */
  readonly message: string;
  /** Rows it wrote, where the engine says so. */
  readonly rowsAffected: number | undefined;
  /** Its rows, with their types. */
  readonly table: ResultTable;
}

export interface ReadOptions {
  /** Columns of doubles stand on memory that other threads read where it is. */
  readonly shared?: boolean | undefined;
}

/** The rows of a SELECT in an order, to be read in portions. */
export interface OrderedRows {
  /** Run once, or for each portion with the range of its rows: it must give the same rows each time. */
  readonly sql: string;
  /** Columns of the SELECT, at least one; NULLs come last. */
  readonly order: readonly string[];
  /** So many of them, at least one, part the rows: those that are alike in all of these stand in one portion. */
  readonly together: number;
  /** About how many rows a portion has. */
  readonly size: number;
}

/** Told how many rows have gone by so far, by engines that count them as they go. */
export type OnRows = (rows: number) => void;

/** One session, lent to one step at a time. */
export interface Connection {
  /** Rows of a query, JSON-safe. @throws DatabaseError */
  query(sql: string): Promise<readonly Row[]>;
  /** Runs one statement; the number of rows it wrote, where the engine says so. @throws DatabaseError */
  execute(sql: Statement): Promise<number | undefined>;
  /** Runs one or more statements; the result is the last one's. @throws DatabaseError */
  fetch(sql: string): Promise<StatementResult>;
  /** All or nothing: commits when `work` resolves, rolls back when it throws. Not nestable. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** The result of a query by columns, copied out of the engine. @throws DatabaseError */
  readColumns(sql: string, options?: ReadOptions): Promise<Columns>;
  /**
   * The same in order and portion by portion, so that never all rows are held; `use` is called for one after the other,
   * at least once. Only within a transaction; `use` may run other statements. @throws DatabaseError
   */
  readPortions(rows: OrderedRows, use: (portion: Columns) => Promise<void>): Promise<void>;
  /** Writes columns into a new temporary table of this session and returns its quoted name. */
  loadColumns(columns: TypedColumns): Promise<string>;
  /** Adds rows to a table that `loadColumns` made, of the same columns and types. @throws DatabaseError */
  appendColumns(table: string, columns: TypedColumns): Promise<void>;
  /**
   * The columns of a table made of one SELECT, which is not run; undefined where only a table can tell them.
   * @throws DatabaseError
   */
  describe?(sql: string): Promise<readonly TypedColumnName[]>;
  /** The columns of one SELECT, which is not run, and as what they are sent to another engine. @throws DatabaseError */
  wireColumns(sql: string): Promise<readonly WireColumn[]>;
  /**
   * Rows of one SELECT, its columns cast to `columns` and in their order, as they are sent to another engine; they are
   * made as they are taken. The connection does nothing else meanwhile. @throws DatabaseError
   */
  copyOut(sql: string, columns: readonly WireColumn[], onRows?: OnRows): WireRows;
  /**
   * Appends rows that another engine sends to these columns of a table, cast to their types; how many. Other columns have
   * their defaults. Rows are taken no faster than they are written. What fails half-way has appended nothing that is not
   * taken back with its transaction. @throws DatabaseError
   */
  copyIn(
    relation: Relation,
    columns: readonly WireColumn[],
    rows: WireRows,
    onRows?: OnRows,
  ): Promise<number>;
  /** The tree of one SELECT, which is not run nor looked up; undefined when the engine's parser cannot say it. */
  parseQuery(sql: string): Promise<Query | undefined>;
}

/** An open database. Lends connections; a step never shares one, or transactions would interleave. */
export interface Warehouse extends AsyncDisposable {
  /** `purpose`, such as a node's id, is shown with its statements where the server lists what runs. */
  use<T>(work: (connection: Connection) => Promise<T>, purpose?: string): Promise<T>;
  /** Tables and views of the given schemas, in one query. */
  listRelations(schemas: readonly string[]): Promise<readonly RelationInfo[]>;
  /** Moves what was committed to where it stays, so that closing is quick; it may run beside other work. */
  settle(): Promise<void>;
  /** Cancels every running statement; each rejects with a DatabaseError of code 'interrupted'. */
  interrupt(): void;
}

/** A database velo can build in. `settings` are the target's keys of profiles.yml. */
export interface Adapter {
  readonly name: string;
  readonly dialect: Dialect;
  /** Checks the target's keys; relative paths count from `folder`, without it from where the process stands. @throws zod errors, which the caller maps to the profile's line. */
  parseSettings(input: unknown, folder?: string): AdapterSettings;
  /** Keys of a target, or of what stands at `path` in it, for hints about misspelt ones. */
  settingKeys(path: readonly string[]): readonly string[];
  /** Where the tables are, for people: a file or a host and database, never a password. */
  describe(settings: AdapterSettings): string;
  /** @throws DatabaseError, of code 'database-locked' when another process must end first */
  open(settings: AdapterSettings): Promise<Warehouse>;
  /**
   * For who only looks: others may look at the same time. Temporary tables can be made.
   * @returns undefined where there is no database yet @throws DatabaseError as `open` does
   */
  openToRead(settings: AdapterSettings): Promise<Warehouse | undefined>;
  /** The same target with an empty database in memory in its place; undefined when the engine has none. */
  inMemory?(settings: AdapterSettings): AdapterSettings;
  /** Bytes one statement may take before it should be cut into pieces; undefined: the engine looks after itself. */
  statementBudget(settings: AdapterSettings): number | undefined;
  /** Changes whenever the database may have changed since, without opening it; undefined when that cannot be known. */
  stamp(settings: AdapterSettings): Promise<string | undefined>;
}

/** What every target has; the rest belongs to its adapter. */
export interface AdapterSettings {
  readonly schema: string;
  readonly threads: number;
  readonly database?: string | undefined;
  readonly [key: string]: unknown;
}
