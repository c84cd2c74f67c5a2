import type { Connection, Dialect, Row, Statement } from '../adapters/adapter.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { Fingerprint, NodeId } from '../core/node.ts';
import { type LedgerEntry, type NodeState, type NodeStates, stateKey } from '../core/node-state.ts';
import type { Relation } from '../core/relation.ts';

/** Schema of velo's own tables in the warehouse. */
export const LEDGER_SCHEMA = 'velo';

/** The ledger's table in the database of the target. */
export const ledgerRelation = (database: string | undefined): Relation => ({
  database,
  schema: LEDGER_SCHEMA,
  name: 'ledger',
});

/** Lines kept for each node before the ledger is written anew in short. */
const COMPACT_FACTOR = 8;

/** What must exist before the first entry is written; safe to run again. */
export function createLedger(dialect: Dialect, ledger: Relation): Statement[] {
  return [
    dialect.createSchema(ledger),
    `create table if not exists ${dialect.relation(ledger)} (
  seq bigint not null,
  node varchar not null,
  place varchar not null,
  version varchar not null,
  fingerprint varchar not null,
  inputs varchar not null,
  replaces boolean not null,
  range_start timestamp,
  range_end timestamp,
  row_count bigint,
  duration_ms double precision not null,
  run_id varchar not null,
  finished_at timestamp not null
)`,
  ];
}

/** Where a run writes its entries: numbers them in the order they are made. */
export interface LedgerWriter {
  /** One statement for all entries; it belongs into the transaction of the data. */
  insert(entries: readonly LedgerEntry[], finishedAtMs: number): Statement;
}

export function ledgerWriter(
  dialect: Dialect,
  ledger: Relation,
  runId: string,
  lastSeq: number,
): LedgerWriter {
  let seq = lastSeq;
  return {
    insert(entries, finishedAtMs) {
      const rows = entries.map((entry) => {
        seq += 1;
        return `(${entryValues(entry, seq, runId, finishedAtMs, dialect).join(', ')})`;
      });
      return `insert into ${dialect.relation(ledger)} values\n${rows.join(',\n')}`;
    },
  };
}

function entryValues(
  entry: LedgerEntry,
  seq: number,
  runId: string,
  finishedAtMs: number,
  dialect: Dialect,
): string[] {
  const instant = (ms: number | undefined) =>
    ms === undefined ? 'null' : dialect.instant(ms, 'hour');
  return [
    String(seq),
    dialect.literal(entry.node),
    dialect.literal(entry.place),
    dialect.literal(entry.version),
    dialect.literal(JSON.stringify(entry.fingerprint)),
    dialect.literal(JSON.stringify(entry.inputs)),
    String(entry.replaces),
    instant(entry.range?.start),
    instant(entry.range?.end),
    entry.rows === undefined ? 'null' : String(entry.rows),
    String(Math.round(entry.durationMs)),
    dialect.literal(runId),
    `timestamp ${dialect.literal(new Date(finishedAtMs).toISOString().slice(0, 23).replace('T', ' '))}`,
  ];
}

export interface LedgerContent {
  readonly states: NodeStates;
  readonly lastSeq: number;
  readonly entryCount: number;
}

export const EMPTY_LEDGER: LedgerContent = { states: new Map(), lastSeq: 0, entryCount: 0 };

/** Reads the whole ledger: one state for each node. @throws DatabaseError */
export async function readLedger(
  connection: Connection,
  dialect: Dialect,
  ledger: Relation,
): Promise<LedgerContent> {
  const rows =
    await connection.query(`select seq, node, place, version, fingerprint, inputs, replaces,
  cast(range_start as varchar) as range_start, cast(range_end as varchar) as range_end,
  row_count, duration_ms
from ${dialect.relation(ledger)}
order by seq`);
  const states = new Map<string, NodeState>();
  for (const row of rows) {
    const key = stateKey(String(row['node']) as NodeId, String(row['place']));
    states.set(key, applyEntry(states.get(key), parseEntry(row)));
  }
  return { states, lastSeq: Number(rows.at(-1)?.['seq'] ?? 0), entryCount: rows.length };
}

/** The state after one more entry: a replacing one, or one of another version, starts anew. */
export function applyEntry(
  before: NodeState | undefined,
  entry: Omit<LedgerEntry, 'node' | 'place'>,
): NodeState {
  const { version, fingerprint, inputs, range, rows, durationMs } = entry;
  const kept = entry.replaces || before?.version !== version ? undefined : before;
  const ranges = mergeIntervals([...(kept?.ranges ?? []), ...(range ? [range] : [])]);
  return { version, fingerprint, inputs, ranges, rows, durationMs };
}

const parseEntry = (row: Row): Omit<LedgerEntry, 'node' | 'place'> => ({
  version: String(row['version']),
  fingerprint: JSON.parse(String(row['fingerprint'])) as Fingerprint,
  inputs: JSON.parse(String(row['inputs'])) as Record<string, string>,
  replaces: row['replaces'] === true,
  range: rangeOf(row),
  rows: row['row_count'] === null ? undefined : Number(row['row_count']),
  durationMs: Number(row['duration_ms']),
});

function rangeOf(row: Row): Interval | undefined {
  const [start, end] = [row['range_start'], row['range_end']];
  if (start === null || start === undefined || end === null || end === undefined) return undefined;
  return { start: parseTimestamp(String(start)), end: parseTimestamp(String(end)) };
}

const parseTimestamp = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** Whether the ledger has grown long enough to be rewritten with one entry a range. */
export function needsCompaction({ states, entryCount }: LedgerContent): boolean {
  const shortest = [...states.values()].reduce(
    (sum, { ranges }) => sum + Math.max(1, ranges.length),
    0,
  );
  return entryCount > COMPACT_FACTOR * shortest + 100;
}

/** The ledger in as few lines as its states need, and the statements that make it so; for one transaction. */
export function compactLedger(
  { states, lastSeq }: LedgerContent,
  dialect: Dialect,
  ledger: Relation,
  runId: string,
  nowMs: number,
): { readonly statements: readonly Statement[]; readonly content: LedgerContent } {
  const entries = [...states].flatMap(([key, state]) => stateEntries(key, state));
  const insert = ledgerWriter(dialect, ledger, runId, lastSeq).insert;
  return {
    statements: [
      `delete from ${dialect.relation(ledger)}`,
      ...(entries.length > 0 ? [insert(entries, nowMs)] : []),
    ],
    content: { states, lastSeq: lastSeq + entries.length, entryCount: entries.length },
  };
}

function stateEntries(key: string, state: NodeState): LedgerEntry[] {
  const at = key.lastIndexOf('@');
  const [node, place] = [key.slice(0, at) as NodeId, key.slice(at + 1)];
  const ranges = state.ranges.length > 0 ? state.ranges : [undefined];
  return ranges.map((range, index) => ({ ...state, node, place, range, replaces: index === 0 }));
}
