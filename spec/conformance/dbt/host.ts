import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { main } from '../../../src/cli/main.ts';
import type { Answer, Order, Relation } from './messages.ts';

/**
 * A process that runs one command line of velo after the other as the bin would: each in its own folder, with its own
 * environment and clock. To load velo once for all of them is what makes hundreds of calls affordable.
 */
const RealDate = Date;
let offsetMs = 0;

// The library that was preloaded for the records shifts the clock of dbt in the same way.
globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + offsetMs] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + offsetMs;
  }
} as DateConstructor;

process.on('message', (order: Order) => void answer(order));
process.setMaxListeners(0);
send({ ready: true });

function send(answer: Answer): void {
  process.send?.(answer);
}

async function answer(order: Order): Promise<void> {
  process.chdir(order.dir);
  try {
    if (order.does === 'call') send(await call(order));
    else if (order.does === 'read') send(await withDatabase('READ_ONLY', readRelations));
    else send(await withDatabase('READ_WRITE', (connection) => runAll(connection, order)));
  } catch (error) {
    send({ error: String(error instanceof Error ? error.stack : error) });
  } finally {
    process.chdir('/');
  }
}

async function call({ args, env, now }: Extract<Order, { does: 'call' }>): Promise<Answer> {
  const { env: own } = process;
  for (const name of Object.keys(own)) delete own[name];
  Object.assign(own, env);
  offsetMs = now - RealDate.now();
  const { stdout, stderr } = process;
  const writers = [stdout.write, stderr.write] as const;
  let text = '';
  stdout.write = stderr.write = ((chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  }) as typeof stdout.write;
  try {
    const exit = await main(args);
    return { exit, text };
  } finally {
    [stdout.write, stderr.write] = writers;
    for (const stream of [stdout, stderr]) stream.removeAllListeners('error');
  }
}

async function withDatabase(
  access: 'READ_ONLY' | 'READ_WRITE',
  work: (connection: DuckDBConnection) => Promise<Answer>,
): Promise<Answer> {
  const instance = await DuckDBInstance.create('shop.duckdb', { access_mode: access });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function runAll(
  connection: DuckDBConnection,
  { statements }: Extract<Order, { does: 'run' }>,
): Promise<Answer> {
  for (const statement of statements) await connection.run(statement);
  return { ready: true };
}

const RELATIONS = `select schema_name || '.' || name, kind from (
  select schema_name, table_name as name, 'table' as kind from duckdb_tables()
  union all select schema_name, view_name, 'view' from duckdb_views() where not internal)
  where schema_name not in ('velo', 'information_schema', 'pg_catalog')`;

/** Read here because a view on files looks for them from the folder the process stands in. */
async function readRelations(connection: DuckDBConnection): Promise<Answer> {
  const relations: Record<string, Relation> = {};
  const found = await connection.runAndReadAll(RELATIONS);
  for (const [name, kind] of found.getRowsJson() as [string, string][]) {
    const quoted = name.split('.').map((part) => `"${part}"`);
    const reader = await connection.runAndReadAll(`select * from ${quoted.join('.')}`);
    const types = reader.columnTypes().map(String);
    relations[name] = {
      kind,
      columns: reader.columnNames().map((column, i) => [column, types[i] ?? '']),
      rows: reader.getRowsJson(),
    };
  }
  return { relations };
}
