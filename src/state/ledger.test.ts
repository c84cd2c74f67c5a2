import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Warehouse } from '../adapters/adapter.ts';
import { duckdb } from '../adapters/duckdb/duckdb.ts';
import { nodeId } from '../core/node.ts';
import { changesSince, type LedgerEntry, stateKey } from '../core/node-state.ts';
import { compactLedger, needsCompaction } from './compact-ledger.ts';
import {
  type LedgerContent,
  type LedgerLine,
  ledgerWriter,
  readLedger,
  withLines,
} from './ledger.ts';
import { LEDGER_FORMAT, ledgerTables, prepareLedger } from './ledger-schema.ts';

const { dialect } = duckdb;
const TABLES = ledgerTables(dialect, { database: undefined, schema: 'main' });
const LEDGER = TABLES.ledger;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let folder = '';
let warehouse: Warehouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'velo-ledger-'));
  const path = join(folder, 'ledger.duckdb');
  warehouse = await duckdb.open(duckdb.parseSettings({ type: 'duckdb', path, threads: 2 }));
});

afterAll(async () => {
  await warehouse[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const entry = (given: Partial<LedgerEntry> = {}): LedgerEntry => ({
  kind: 'built',
  node: nodeId('model', 'shop', 'a'),
  place: 'main.a',
  version: 'v1',
  fingerprint: { sql: 's', config: 'c' },
  inputs: {},
  seen: {},
  epoch: '',
  replaces: false,
  range: undefined,
  rows: undefined,
  totalRows: undefined,
  durationMs: 0,
  ...given,
});

const days = (first: number, end: number) => ({ start: first * DAY_MS, end: end * DAY_MS });

/** An empty ledger that holds these lists of entries, each written by one statement. */
async function ledgerOf(...lists: readonly (readonly LedgerEntry[])[]) {
  return warehouse.use(async (connection) => {
    await connection.execute('drop schema if exists velo cascade');
    for (const statement of prepareLedger(dialect, TABLES, undefined)) {
      await connection.execute(statement);
    }
    const writer = ledgerWriter(dialect, LEDGER, "run 'one'", 0);
    for (const list of lists) {
      await connection.execute(writer.insert(list, 1_700_000_000_123).statement);
    }
    return readLedger(connection, dialect, LEDGER, LEDGER_FORMAT);
  });
}

test('what is written is read again, hostile texts and all', async () => {
  const hostile = `it's "so" \\ ; -- é 🐎 \n`;
  const one = entry({
    node: nodeId('model', 'shop', hostile),
    place: `main.${hostile}`,
    version: hostile,
    fingerprint: { sql: hostile, 'macro x': "'" },
    inputs: { [hostile]: hostile },
    seen: { [hostile]: 3 },
    epoch: hostile,
    replaces: true,
    range: { start: -3 * HOUR_MS, end: 5 * HOUR_MS },
    rows: 2 ** 40,
    totalRows: 2 ** 41,
    durationMs: 12,
  });
  const { states, lastSeq, entryCount } = await ledgerOf([one]);
  const { version, fingerprint, inputs, seen, epoch, range, rows, totalRows, durationMs } = one;
  expect([...states]).toEqual([
    [
      stateKey(one.node, one.place),
      { version, fingerprint, inputs, seen, epoch, ranges: [range], rows, totalRows, durationMs },
    ],
  ]);
  expect([lastSeq, entryCount]).toEqual([1, 1]);
});

test('ranges of one version add up; another version or a replacing entry starts anew', async () => {
  const key = stateKey(entry().node, entry().place);
  const ranges = async (...list: LedgerEntry[]) => (await ledgerOf(list)).states.get(key)?.ranges;
  const [one, two, four] = [days(0, 1), days(1, 2), days(3, 4)];
  expect(
    await ranges(entry({ range: one }), entry({ range: four }), entry({ range: two })),
  ).toEqual([days(0, 2), four]);
  expect(await ranges(entry({ range: one }), entry({ range: two, replaces: true }))).toEqual([two]);
  expect(await ranges(entry({ range: one }), entry({ range: two, version: 'v2' }))).toEqual([two]);
  expect(await ranges(entry({ range: one }), entry({ replaces: true }))).toEqual([]);
});

test('the same node in two places has two states', async () => {
  const { states } = await ledgerOf([
    entry({ place: 'dev.a', version: 'v1' }),
    entry({ place: 'prod.a', version: 'v2' }),
  ]);
  expect([...states.values()].map(({ version }) => version).sort()).toEqual(['v1', 'v2']);
});

const entries = fc.array(
  fc
    .record({
      node: fc.nat(2),
      version: fc.nat(1),
      kind: fc.constantFrom('built' as const, 'finished' as const, 'changed' as const),
      seen: fc.nat(12),
      replaces: fc.boolean(),
      from: fc.option(fc.nat(9)),
      length: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ node, version, kind, seen, replaces, from, length }) =>
      entry({
        kind,
        seen: { 'model.shop.n0': seen, 'model.shop.n1': seen % 5 },
        node: nodeId('model', 'shop', `n${node}`),
        place: `main.n${node}`,
        version: `v${version}`,
        replaces,
        range: from === null ? undefined : days(from, from + length),
      }),
    ),
  { minLength: 1, maxLength: 12 },
);

/** Whoever has seen the changes up to a line still knows which came after it. */
function expectSameChanges(before: LedgerContent, after: LedgerContent): void {
  for (const { seen } of before.states.values()) {
    for (const [key, log] of before.changes) {
      const counter = seen[key.slice(0, key.indexOf('@'))];
      if (counter === undefined) continue;
      expect(changesSince(after.changes.get(key), counter)).toEqual(changesSince(log, counter));
    }
  }
}

/** An independent fold: sets of days, one by one. */
function foldedByDay(entries: readonly LedgerEntry[]) {
  const expected = new Map<string, { version: string; days: Set<number> }>();
  for (const { kind, node, place, version, replaces, range } of entries) {
    if (kind === 'changed') continue;
    const key = stateKey(node, place);
    const known = expected.get(key);
    const kept = known && !replaces && known.version === version ? known.days : new Set<number>();
    for (let ms = range?.start ?? 0; ms < (range?.end ?? 0); ms += DAY_MS) kept.add(ms / DAY_MS);
    expected.set(key, { version, days: kept });
  }
  return expected;
}

test('states are the fold of the entries, and stay the same when the ledger is written in short', async () => {
  await fc.assert(
    fc.asyncProperty(entries, entries, async (before, after) => {
      const content = await ledgerOf(before);
      const expected = foldedByDay(before);
      const listed = [...content.states].map(([key, { version, ranges }]) => {
        const all = ranges.flatMap(({ start, end }) =>
          Array.from({ length: (end - start) / DAY_MS }, (_, i) => start / DAY_MS + i),
        );
        return [key, { version, days: new Set(all) }] as const;
      });
      expect(new Map(listed)).toEqual(expected);

      const short = compactLedger(content, dialect, LEDGER, 'run', 0);
      const again = await warehouse.use(async (connection) => {
        for (const statement of short.statements) await connection.execute(statement);
        return readLedger(connection, dialect, LEDGER, LEDGER_FORMAT);
      });
      expect(again.states).toEqual(content.states);
      expect([short.content.states, short.content.changes]).toEqual([again.states, again.changes]);
      // A line that was written tells two things: what is finished, and what changed.
      expect(again.entryCount).toBeLessThanOrEqual(2 * content.entryCount);
      expectSameChanges(content, again);

      // Entries written after it come after it.
      let written: readonly LedgerLine[] = [];
      const last = await warehouse.use(async (connection) => {
        const { statement, lines } = ledgerWriter(
          dialect,
          LEDGER,
          'run',
          short.content.lastSeq,
        ).insert(after, 0);
        written = lines;
        await connection.execute(statement);
        return readLedger(connection, dialect, LEDGER, LEDGER_FORMAT);
      });
      const folded = withLines(again, written);
      expect([last.states, last.changes]).toEqual([folded.states, folded.changes]);
    }),
    { numRuns: 25 },
  );
});

test('only a ledger that can become shorter is written anew', async () => {
  const gaps = Array.from({ length: 300 }, (_, i) => entry({ range: days(2 * i, 2 * i + 1) }));
  expect(needsCompaction(await ledgerOf(gaps))).toBe(false);
  const same = Array.from({ length: 300 }, () => entry({ range: days(0, 1) }));
  expect(needsCompaction(await ledgerOf(same))).toBe(true);
});

test('a ledger of the first format is read, and brought up to date without losing a line', async () => {
  await warehouse.use(async (connection) => {
    await connection.execute('drop schema if exists velo cascade');
    await connection.execute('create schema velo');
    await connection.execute(`create table velo.ledger (seq bigint not null, node varchar not null,
      place varchar not null, version varchar not null, fingerprint varchar not null,
      inputs varchar not null, replaces boolean not null, range_start timestamp, range_end timestamp,
      row_count bigint, duration_ms double precision not null, run_id varchar not null,
      finished_at timestamp not null)`);
    await connection.execute(`insert into velo.ledger values (1, 'model.shop.a', 'main.a', 'v1', '{}', '{}',
      true, '1970-01-01', '1970-01-03', 5, 7, 'run', '2024-01-01')`);
    const old = await readLedger(connection, dialect, LEDGER, 1);
    expect(old.states.get('model.shop.a@main.a')).toMatchObject({
      version: 'v1',
      ranges: [days(0, 2)],
    });
    for (const statement of prepareLedger(dialect, TABLES, 1)) await connection.execute(statement);
    const now = await readLedger(connection, dialect, LEDGER, LEDGER_FORMAT);
    expect(now).toEqual(old);
    expect(await connection.query('select value from velo.meta')).toEqual([
      { value: String(LEDGER_FORMAT) },
    ]);
  });
  expect(() => prepareLedger(dialect, TABLES, LEDGER_FORMAT + 1)).toThrow('the ledger has format');
});
