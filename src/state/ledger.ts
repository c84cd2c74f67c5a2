import type { Connection, Dialect, Row, Statement } from '../adapters/adapter.ts';
import type { Interval } from '../core/interval.ts';
import type { Fingerprint, NodeId } from '../core/node.ts';
import {
  applyChange,
  applyEntry,
  type ChangeLogs,
  type EntryKind,
  type LedgerEntry,
  type NodeStates,
  stateKey,
} from '../core/node-state.ts';
import type { Relation } from '../core/relation.ts';

/** Where a run writes its entries: numbers them in the order they are made. */
export interface LedgerWriter {
  /** One statement for all entries, and their numbers; it belongs into the transaction of the data. */
  insert(entries: readonly LedgerEntry[], finishedAtMs: number): NumberedEntries;
  /** Number of the last line there is. */
  lastSeq(): number;
}

export interface NumberedEntries {
  readonly statement: Statement;
  readonly lines: readonly LedgerLine[];
}

/** An entry and its place in the order of the ledger. */
export interface LedgerLine {
  readonly seq: number;
  readonly entry: LedgerEntry;
}

const COLUMNS =
  'seq, node, place, kind, version, fingerprint, inputs, seen, epoch, replaces, range_start, range_end, row_count, total_rows, duration_ms, run_id, finished_at';

export function ledgerWriter(
  dialect: Dialect,
  ledger: Relation,
  runId: string,
  lastSeq: number,
): LedgerWriter {
  let seq = lastSeq;
  return {
    lastSeq: () => seq,
    insert(entries, finishedAtMs) {
      const lines = entries.map((entry) => {
        seq += 1;
        return { seq, entry };
      });
      return { statement: insertText(lines, dialect, ledger, runId, finishedAtMs), lines };
    },
  };
}

/** One statement that writes numbered lines. */
export function insertText(
  lines: readonly LedgerLine[],
  dialect: Dialect,
  ledger: Relation,
  runId: string,
  finishedAtMs: number,
): Statement {
  const rows = lines.map(
    (line) => `(${lineValues(line, runId, finishedAtMs, dialect).join(', ')})`,
  );
  return `insert into ${dialect.relation(ledger)} (${COLUMNS}) values\n${rows.join(',\n')}`;
}

function lineValues(
  { seq, entry }: LedgerLine,
  runId: string,
  finishedAtMs: number,
  dialect: Dialect,
): string[] {
  const instant = (ms: number | undefined) =>
    ms === undefined ? 'null' : dialect.instant(ms, 'hour');
  const count = (rows: number | undefined) => (rows === undefined ? 'null' : String(rows));
  return [
    String(seq),
    dialect.literal(entry.node),
    dialect.literal(entry.place),
    dialect.literal(entry.kind),
    dialect.literal(entry.version),
    dialect.literal(JSON.stringify(entry.fingerprint)),
    dialect.literal(JSON.stringify(entry.inputs)),
    dialect.literal(JSON.stringify(entry.seen)),
    dialect.literal(entry.epoch),
    String(entry.replaces),
    instant(entry.range?.start),
    instant(entry.range?.end),
    count(entry.rows),
    count(entry.totalRows),
    String(Math.round(entry.durationMs)),
    dialect.literal(runId),
    `timestamp ${dialect.literal(new Date(finishedAtMs).toISOString().slice(0, 23).replace('T', ' '))}`,
  ];
}

export interface LedgerContent {
  readonly states: NodeStates;
  readonly changes: ChangeLogs;
  readonly lastSeq: number;
  readonly entryCount: number;
}

export const EMPTY_LEDGER: LedgerContent = {
  states: new Map(),
  changes: new Map(),
  lastSeq: 0,
  entryCount: 0,
};

/** What the ledger of the first format lacks, as it meant it. */
const FIRST_FORMAT = `seq, node, place, 'built' as kind, version, fingerprint, inputs, '{}' as seen, '' as epoch, replaces,
  cast(null as bigint) as total_rows`;

const NOW =
  'seq, node, place, kind, version, fingerprint, inputs, seen, epoch, replaces, total_rows';

/** Reads the whole ledger: one state for each node. @throws DatabaseError */
export async function readLedger(
  connection: Connection,
  dialect: Dialect,
  ledger: Relation,
  format: number,
): Promise<LedgerContent> {
  const rows = await connection.query(`select ${format === 1 ? FIRST_FORMAT : NOW},
  cast(range_start as varchar) as range_start, cast(range_end as varchar) as range_end,
  row_count, duration_ms
from ${dialect.relation(ledger)}
order by seq`);
  const lines = rows.map((row) => ({ seq: Number(row['seq']), entry: parseEntry(row) }));
  return withLines(EMPTY_LEDGER, lines);
}

/** The content after more lines. */
export function withLines(before: LedgerContent, lines: readonly LedgerLine[]): LedgerContent {
  const [states, changes] = [new Map(before.states), new Map(before.changes)];
  addLines(states, changes, lines);
  return {
    states,
    changes,
    lastSeq: lines.at(-1)?.seq ?? before.lastSeq,
    entryCount: before.entryCount + lines.length,
  };
}

/** Folds lines into states and changes, in place. */
export function addLines(
  states: Map<string, ReturnType<typeof applyEntry>>,
  changes: Map<string, NonNullable<ReturnType<typeof applyChange>>>,
  lines: readonly LedgerLine[],
): void {
  for (const { seq, entry } of lines) {
    const key = stateKey(entry.node, entry.place);
    if (entry.kind !== 'changed') states.set(key, applyEntry(states.get(key), entry));
    const log = applyChange(changes.get(key), entry, seq);
    if (log) changes.set(key, log);
  }
}

const parseEntry = (row: Row): LedgerEntry => ({
  kind: String(row['kind']) as EntryKind,
  node: String(row['node']) as NodeId,
  place: String(row['place']),
  version: String(row['version']),
  fingerprint: JSON.parse(String(row['fingerprint'])) as Fingerprint,
  inputs: JSON.parse(String(row['inputs'])) as Record<string, string>,
  seen: JSON.parse(String(row['seen'])) as Record<string, number>,
  epoch: String(row['epoch']),
  replaces: row['replaces'] === true,
  range: rangeOf(row),
  rows: countOf(row['row_count']),
  totalRows: countOf(row['total_rows']),
  durationMs: Number(row['duration_ms']),
});

const countOf = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

function rangeOf(row: Row): Interval | undefined {
  const [start, end] = [row['range_start'], row['range_end']];
  if (start === null || start === undefined || end === null || end === undefined) return undefined;
  return { start: parseTimestamp(String(start)), end: parseTimestamp(String(end)) };
}

const parseTimestamp = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
