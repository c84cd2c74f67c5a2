import type { Dialect, Statement } from '../adapters/adapter.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { Fingerprint, NodeId } from '../core/node.ts';
import {
  type Change,
  type ChangeLog,
  CODE,
  type LedgerEntry,
  type NodeState,
} from '../core/node-state.ts';
import type { Relation } from '../core/relation.ts';
import {
  EMPTY_LEDGER,
  insertText,
  type LedgerContent,
  type LedgerLine,
  withLines,
} from './ledger.ts';

/** Lines kept for each line that is needed before the ledger is written anew in short. */
const COMPACT_FACTOR = 8;
const COMPACT_FROM = 100;

/** Whether the ledger has grown long enough to be rewritten, and can become shorter. */
export function needsCompaction(content: LedgerContent): boolean {
  const { states, entryCount } = content;
  const ranges = [...states.values()].reduce(
    (sum, state) => sum + Math.max(1, state.ranges.length),
    0,
  );
  if (entryCount <= COMPACT_FACTOR * ranges + COMPACT_FROM) return false;
  return entryCount > COMPACT_FACTOR * shortLines(content).length + COMPACT_FROM;
}

/** The ledger in as few lines as its content needs, and the statements that make it so; for one transaction. */
export function compactLedger(
  content: LedgerContent,
  dialect: Dialect,
  ledger: Relation,
  runId: string,
  nowMs: number,
): { readonly statements: readonly Statement[]; readonly content: LedgerContent } {
  const lines = shortLines(content);
  const short = withLines(EMPTY_LEDGER, lines);
  return {
    statements: [
      `delete from ${dialect.relation(ledger)}`,
      ...(lines.length > 0 ? [insertText(lines, dialect, ledger, runId, nowMs)] : []),
    ],
    content: { ...short, lastSeq: Math.max(short.lastSeq, content.lastSeq) },
  };
}

/** Changes keep their numbers, since others count by them; states come after them, in new ones. */
function shortLines({ states, changes, lastSeq }: LedgerContent): LedgerLine[] {
  const seen = countersSeen(states.values());
  const kept = [...changes].flatMap(([key, log]) =>
    changeLines(key, log, seen.get(nodeOf(key)) ?? []),
  );
  let seq = lastSeq;
  const finished = [...states].flatMap(([key, state]) =>
    stateEntries(key, state).map((entry) => {
      seq += 1;
      return { seq, entry };
    }),
  );
  return [...kept.sort((a, b) => a.seq - b.seq), ...finished];
}

const split = (key: string): readonly [NodeId, string] => {
  const at = key.lastIndexOf('@');
  return [key.slice(0, at) as NodeId, key.slice(at + 1)];
};

const nodeOf = (key: string): string => split(key)[0];

/** Where any node's rows stand in the changes of each of its inputs, in order. */
function countersSeen(states: Iterable<NodeState>): ReadonlyMap<string, readonly number[]> {
  const counters = new Map<string, Set<number>>();
  for (const { seen } of states) {
    for (const [id, seq] of Object.entries(seen)) {
      const known = counters.get(id) ?? new Set<number>();
      counters.set(id, known.add(seq));
    }
  }
  return new Map([...counters].map(([id, seqs]) => [id, [...seqs].sort((a, b) => a - b)]));
}

/** Changes that no reader can tell apart become one, under the last one's number. */
function changeLines(
  key: string,
  { observed, code, changes }: ChangeLog,
  seen: readonly number[],
): LedgerLine[] {
  const groups = new Map<number, Change[]>();
  for (const change of changes) {
    const group = seen.filter((counter) => counter < change.seq).length;
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  const [node, place] = split(key);
  const version = observed ?? '';
  const fingerprint: Fingerprint = code === undefined ? {} : { [CODE]: code };
  const base = { ...NOTHING, kind: 'changed' as const, node, place, version, fingerprint };
  const lines = [...groups.values()].flatMap((group) => {
    const seq = group.at(-1)?.seq ?? 0;
    return rangesOf(group).map((range) => ({
      seq,
      entry: { ...base, range, replaces: range === undefined },
    }));
  });
  // What was compared and never found different has a line all the same: it says how far it was compared.
  return lines.length > 0
    ? lines
    : [{ seq: 0, entry: { ...base, range: undefined, replaces: false } }];
}

function rangesOf(group: readonly Change[]): readonly (Interval | undefined)[] {
  if (group.some(({ range }) => range === undefined)) return [undefined];
  return mergeIntervals(group.flatMap(({ range }) => range ?? []));
}

const NOTHING = {
  inputs: {},
  seen: {},
  epoch: '',
  rows: undefined,
  totalRows: undefined,
  durationMs: 0,
};

function stateEntries(key: string, state: NodeState): LedgerEntry[] {
  const [node, place] = split(key);
  const ranges = state.ranges.length > 0 ? state.ranges : [undefined];
  return ranges.map((range, index) => ({
    ...state,
    kind: 'finished',
    node,
    place,
    range,
    replaces: index === 0,
  }));
}
