import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Warehouse } from '../adapters/adapter.ts';
import { duckdb } from '../adapters/duckdb/duckdb.ts';
import { nodeId } from '../core/node.ts';
import { type LedgerEntry, stateKey } from '../core/node-state.ts';
import {
  applyEntry,
  compactLedger,
  createLedger,
  ledgerRelation,
  ledgerWriter,
  needsCompaction,
  readLedger,
} from './ledger.ts';

const { dialect } = duckdb;
const LEDGER = ledgerRelation(undefined);
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
  node: nodeId('model', 'shop', 'a'),
  place: 'main.a',
  version: 'v1',
  fingerprint: { sql: 's', config: 'c' },
  inputs: {},
  replaces: false,
  range: undefined,
  rows: undefined,
  durationMs: 0,
  ...given,
});

const days = (first: number, end: number) => ({ start: first * DAY_MS, end: end * DAY_MS });

/** An empty ledger that holds these lists of entries, each written by one statement. */
async function written(...lists: readonly (readonly LedgerEntry[])[]) {
  return warehouse.use(async (connection) => {
    await connection.execute('drop table if exists velo.ledger').catch(() => undefined);
    for (const statement of createLedger(dialect, LEDGER)) await connection.execute(statement);
    const writer = ledgerWriter(dialect, LEDGER, "run 'one'", 0);
    for (const list of lists) await connection.execute(writer.insert(list, 1_700_000_000_123));
    return readLedger(connection, dialect, LEDGER);
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
    replaces: true,
    range: { start: -3 * HOUR_MS, end: 5 * HOUR_MS },
    rows: 2 ** 40,
    durationMs: 12,
  });
  const { states, lastSeq, entryCount } = await written([one]);
  const { version, fingerprint, inputs, range, rows, durationMs } = one;
  expect([...states]).toEqual([
    [
      stateKey(one.node, one.place),
      { version, fingerprint, inputs, ranges: [range], rows, durationMs },
    ],
  ]);
  expect([lastSeq, entryCount]).toEqual([1, 1]);
});

test('ranges of one version add up; another version or a replacing entry starts anew', async () => {
  const key = stateKey(entry().node, entry().place);
  const ranges = async (...list: LedgerEntry[]) => (await written(list)).states.get(key)?.ranges;
  const [one, two, four] = [days(0, 1), days(1, 2), days(3, 4)];
  expect(
    await ranges(entry({ range: one }), entry({ range: four }), entry({ range: two })),
  ).toEqual([days(0, 2), four]);
  expect(await ranges(entry({ range: one }), entry({ range: two, replaces: true }))).toEqual([two]);
  expect(await ranges(entry({ range: one }), entry({ range: two, version: 'v2' }))).toEqual([two]);
  expect(await ranges(entry({ range: one }), entry({ replaces: true }))).toEqual([]);
});

test('the same node in two places has two states', async () => {
  const { states } = await written([
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
      replaces: fc.boolean(),
      from: fc.option(fc.nat(9)),
      length: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ node, version, replaces, from, length }) =>
      entry({
        node: nodeId('model', 'shop', `n${node}`),
        place: `main.n${node}`,
        version: `v${version}`,
        replaces,
        range: from === null ? undefined : days(from, from + length),
      }),
    ),
  { minLength: 1, maxLength: 12 },
);

test('states are the fold of the entries, and stay the same when the ledger is written in short', async () => {
  await fc.assert(
    fc.asyncProperty(entries, entries, async (before, after) => {
      const content = await written(before);
      // An independent fold: sets of days, one by one.
      const expected = new Map<string, { version: string; days: Set<number> }>();
      for (const { node, place, version, replaces, range } of before) {
        const key = stateKey(node, place);
        const known = expected.get(key);
        const kept =
          known && !replaces && known.version === version ? known.days : new Set<number>();
        for (let ms = range?.start ?? 0; ms < (range?.end ?? 0); ms += DAY_MS)
          kept.add(ms / DAY_MS);
        expected.set(key, { version, days: kept });
      }
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
        return readLedger(connection, dialect, LEDGER);
      });
      expect(short.content).toEqual(again);
      expect(again.states).toEqual(content.states);
      expect(again.entryCount).toBe(
        [...content.states.values()].reduce(
          (sum, { ranges }) => sum + Math.max(1, ranges.length),
          0,
        ),
      );

      // Entries written after it come after it.
      const last = await warehouse.use(async (connection) => {
        const writer = ledgerWriter(dialect, LEDGER, 'run', again.lastSeq);
        await connection.execute(writer.insert(after, 0));
        return readLedger(connection, dialect, LEDGER);
      });
      const folded = new Map(again.states);
      for (const one of after) {
        const key = stateKey(one.node, one.place);
        folded.set(key, applyEntry(folded.get(key), one));
      }
      expect(last.states).toEqual(folded);
    }),
    { numRuns: 25 },
  );
});

test('only a ledger that can become shorter is written anew', async () => {
  const gaps = Array.from({ length: 300 }, (_, i) => entry({ range: days(2 * i, 2 * i + 1) }));
  expect(needsCompaction(await written(gaps))).toBe(false);
  const same = Array.from({ length: 300 }, () => entry({ range: days(0, 1) }));
  expect(needsCompaction(await written(same))).toBe(true);
});
