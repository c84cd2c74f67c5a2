import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from '../postgres/database.ts';
import { generationOf, SEEN } from './generations.ts';

export interface Reading {
  reads: number;
  /** What no reader may see: an error, an empty table, a mixture, or an older generation than before. */
  readonly faults: string[];
  /** Generations that were seen. */
  readonly generations: Set<number>;
}

const RELATIONS = ['viewed', 'view_of_viewed', 'plain'];

/** Hundreds of reads a second are enough; the rest of the machine is for who replaces the rows. */
const PAUSE_MS = 5;

/** Reads tables and a view in a loop until it is stopped. */
export function startReaders({ name, ...server }: TestDatabase, count: number) {
  const reading: Reading = { reads: 0, faults: [], generations: new Set() };
  let isOver = false;
  const read = async () => {
    const client = new pg.Client({ ...server, database: name, types: AS_TEXT });
    await client.connect();
    const last = new Map<string, number>();
    for (let at = 0; !isOver; at += 1) {
      const relation = RELATIONS[at % RELATIONS.length] ?? '';
      const fault = await lookAt(client, relation, last, reading);
      if (fault !== undefined) reading.faults.push(`${relation}: ${fault}`);
      await pause(PAUSE_MS);
    }
    await client.end();
  };
  const running = Promise.all(Array.from({ length: count }, read));
  return {
    async stop(): Promise<Reading> {
      isOver = true;
      await running;
      return reading;
    },
  };
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };

async function lookAt(
  client: pg.Client,
  relation: string,
  last: Map<string, number>,
  reading: Reading,
): Promise<string | undefined> {
  try {
    const { rows } = await client.query<(string | null)[]>({
      text: SEEN(relation),
      rowMode: 'array',
    });
    reading.reads += 1;
    const generation = generationOf(rows[0]);
    if (generation === undefined) return `saw ${JSON.stringify(rows[0])}`;
    const before = last.get(relation) ?? 0;
    last.set(relation, generation);
    reading.generations.add(generation);
    return generation < before ? `saw ${generation} after ${before}` : undefined;
  } catch (error) {
    return String(error);
  }
}
