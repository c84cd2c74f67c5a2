import { addGrains, parseInstant } from '../core/grain.ts';
import type { Change } from '../core/leakage.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { SourceDetail } from '../nodes/source-text.ts';
import { sourceText } from '../nodes/source-text.ts';
import { changedRows, eventsOf, type InputText } from './changed-rows.ts';
import type { DatedInput } from './find-inputs.ts';
import { type Relations, writeTable, writeView } from './scratch-builds.ts';

/**
 * Inputs as they are: seeds are loaded anew, so that nothing has to be built before, and files get a name.
 * @throws ProjectError, DatabaseError
 */
export async function standingInputs(
  scratch: Scratch,
  nodes: readonly Node[],
): Promise<ReadonlyMap<NodeId, Relation>> {
  const standing = new Map<NodeId, Relation>();
  for (const node of nodes) {
    const relation = await standingInput(scratch, node);
    if (!relation) continue;
    standing.set(node.id, relation);
    scratch.shadow(node, relation);
  }
  return standing;
}

async function standingInput(scratch: Scratch, node: Node): Promise<Relation | undefined> {
  if (node.kind === 'seed') return scratch.build(node);
  if (node.kind === 'source' && (node.detail as SourceDetail).external) {
    return writeView(scratch, node.name, `select * from ${sourceText(node, scratch.dialect)}`);
  }
  return node.kind === 'source' || node.kind === 'snapshot' ? node.relation : undefined;
}

/** First instants of the days, or hours, on which inputs with outcomes have rows, in order. @throws DatabaseError */
export async function eventDays(
  { connection, dialect }: Scratch,
  inputs: readonly DatedInput[],
  standing: Relations,
  grain: 'day' | 'hour',
): Promise<readonly number[]> {
  const days = new Set<number>();
  for (const input of inputs) {
    if (input.outcomes.length === 0) continue;
    const text = textOf(input.node, standing, dialect);
    const dating = datingText(input, standing, dialect);
    for (const { event } of await connection.query(eventsOf({ text, dating }, grain, dialect))) {
      const day = parseInstant(String(event).slice(0, 16));
      if (day !== undefined) days.add(day);
    }
  }
  return [...days].sort((a, b) => a - b);
}

export interface CopyOptions {
  readonly change: Change;
  /** First instant of the day. */
  readonly day: number;
  readonly grain: 'day' | 'hour';
  readonly seed: number;
  /** Inputs as they are, which dates are taken from. */
  readonly standing: Relations;
}

/** A changed copy of an input, or of `relation` in its place. @throws DatabaseError */
export async function changedCopy(
  scratch: Scratch,
  input: DatedInput,
  { change, day, grain, seed, standing }: CopyOptions,
  relation?: Relation,
): Promise<Relation> {
  const { connection, dialect } = scratch;
  const text = relation ? dialect.relation(relation) : textOf(input.node, standing, dialect);
  const { table } = await connection.fetch(`select * from ${text} as input limit 0`);
  const sql = changedRows(
    {
      text,
      columns: table.columns.map(({ name }) => name),
      outcomes: input.outcomes,
      dating: datingText(input, standing, dialect),
    },
    change,
    { day: { start: day, end: addGrains(day, 1, grain) }, grain, seed, dialect },
  );
  return writeTable(scratch, input.node.name, sql);
}

type Dialect = Scratch['dialect'];

function datingText(
  { dating: { column, via } }: DatedInput,
  standing: Relations,
  dialect: Dialect,
): InputText['dating'] {
  return {
    column,
    via: via && { text: textOf(via.parent, standing, dialect), key: via.key },
  };
}

function textOf(node: Node, standing: Relations, dialect: Dialect): string {
  const relation = standing.get(node.id) ?? node.relation;
  if (!relation) throw new Error(`${node.id} has no relation`);
  return dialect.relation(relation);
}
