import { createReadStream } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type ServerAddress, serverIn, stopServerIn } from '../../../spec/postgres/server.ts';
import { BIN, type Group } from '../bench.ts';
import type { Row } from '../row.ts';
import { runNode } from '../run-process.ts';

const ROWS = 1_960_000;
const NUMBERS = Array.from({ length: 15 }, (_, k) => `f${k}`);

/** What the issue asks for, with the start of the process. */
const PUSHED_A_SECOND = 120_000;
const PULLED_A_SECOND = 90_000;
const MOST_MB = 600;

/** A table between DuckDB and a Postgres of this machine that does not wait for its disk. */
export const transfer: Group = {
  name: 'transfer',
  about: `A table of ${ROWS.toLocaleString('en-US')} rows and 20 columns (bigint, date, 3 texts, 15 doubles, some NULL) between a DuckDB file and a Postgres on this machine, both made anew: whole commands, from the start of the process to its end, with the preview. The server's share is not in the CPU. Targets are 120,000 rows a second out and 90,000 back, in less than 600 MB.`,
  async measure(folder, tell) {
    const home = join(folder, 'server');
    await mkdir(home);
    // The server runs as another user where this one is root.
    await chmod(folder, 0o755);
    const server = await serverIn(home);
    try {
      const project = await makeProject(join(folder, 'project'), server);
      tell('a table of 20 columns');
      await makeTable(join(project, 'dev.duckdb'));
      const count = ROWS.toLocaleString('en-US');
      tell('velo push');
      const pushed = await runNode([BIN, 'push', '-s', 'moved', '--to', 'prod'], project);
      tell('the same as CSV, through a file');
      const csv = await asCsv(folder, join(project, 'dev.duckdb'), server);
      tell('velo pull');
      const pulled = await runNode(
        [BIN, 'pull', '--target', 'other', '--from', 'prod', '-s', 'source:live.moved'],
        project,
      );
      return [
        {
          ...row(`velo push of ${count} × 20`, pushed, PUSHED_A_SECOND),
          against: { name: 'CSV file, COPY', wallMs: csv },
        },
        row(`velo pull of ${count} × 20`, pulled, PULLED_A_SECOND),
      ];
    } finally {
      await stopServerIn(home);
    }
  },
};

type Measured = Awaited<ReturnType<typeof runNode>>;

const row = (name: string, { wallMs, cpuMs, peakMb }: Measured, aSecond: number): Row => ({
  name,
  runs: 1,
  wallMs,
  cpuMs,
  peakMb,
  target: { atMostMs: (ROWS / aSecond) * 1000, atMostMb: MOST_MB },
});

async function makeProject(folder: string, server: ServerAddress): Promise<string> {
  const { host, port, user, password } = server;
  await mkdir(join(folder, 'models'), { recursive: true });
  const files = {
    'velo_project.yml': 'name: moves\nprofile: moves\n',
    'profiles.yml': `moves:
  target: dev
  outputs:
    dev: {type: duckdb, path: dev.duckdb, schema: live, threads: 2, memory_limit: 300MB}
    other: {type: duckdb, path: other.duckdb, schema: live, threads: 2, memory_limit: 300MB}
    prod: {type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${password},
      dbname: postgres, schema: live, threads: 2}
`,
    'models/moved.sql': "{{ config(materialized='table') }}\nselect 1 as id\n",
    'models/sources.yml':
      'version: 2\nsources:\n  - name: live\n    tables:\n      - name: moved\n',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return folder;
}

const TABLE = `create table live.moved as select i as id, date '2020-01-01' + (i % 700)::int as as_of_date,
  'key_' || (i % 1000) as a, case when i % 10 > 0 then 'x,"q"' || i end as b, md5(i::varchar) as s,
  ${NUMBERS.map((name, k) => `case when hash(i + ${k}) % 50 > 0 then (hash(i * ${k + 1}) % 1000000) / 977.0 end::double as ${name}`).join(', ')}
from range(${ROWS}) as t(i)`;

const inDuckdb = async (path: string, sqls: readonly string[]): Promise<void> => {
  const instance = await DuckDBInstance.create(path, { threads: '2' });
  const connection = await instance.connect();
  for (const sql of sqls) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
};

const makeTable = (path: string): Promise<void> =>
  inDuckdb(path, ['create schema live', TABLE, 'checkpoint']);

/** How people do it by hand; not counted is what it takes to make the table there. */
async function asCsv(folder: string, path: string, server: ServerAddress): Promise<number> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  await client.query('create table by_hand (like live.moved)');
  const file = join(folder, 'moved.csv');
  const startedAt = performance.now();
  await inDuckdb(path, [`copy live.moved to '${file}' (header false)`]);
  const copying = client.query(copyFrom('copy by_hand from stdin (format csv)'));
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), copying);
  const wallMs = performance.now() - startedAt;
  await client.end();
  return wallMs;
}
