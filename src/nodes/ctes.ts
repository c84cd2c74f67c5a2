import type { NodeId } from '../core/node.ts';
import type { ExtraCte } from '../core/result.ts';
import type { Place } from '../jinja/source-map.ts';

/** A node's SQL as it will be sent, and where each of its lines came from. */
export interface Compiled {
  readonly sql: string;
  placeOf(line: number): Place | undefined;
  /** Ephemeral models it holds as CTEs; absent when there are none. */
  readonly ctes?: readonly ExtraCte[] | undefined;
}

/** A SELECT that becomes a CTE; `id` is the ephemeral model it is of, if any. */
export interface Cte extends Compiled {
  readonly id: NodeId | undefined;
}

/** By the name of the CTE. */
export type Ctes = ReadonlyMap<string, Cte>;

const cteText = (name: string, sql: string): string => ` ${name} as (\n${sql}\n)`;

/** Puts CTEs before a SELECT as dbt does, joining its own WITH when it has one; lines keep their places. */
export function prependCtes(body: Compiled, ctes: Ctes): Compiled {
  const ownWith = OWN_WITH.exec(body.sql)?.[0];
  const head = ownWith ?? LEADING_BLANKS.exec(body.sql)?.[0] ?? '';
  const pieces: Piece[] = [{ text: ownWith === undefined ? `${head}with` : head }];
  for (const [name, cte] of ctes) {
    const comma = pieces.length > 1 ? ', ' : '';
    pieces.push({ text: `${comma} ${name} as (\n` }, { text: cte.sql, placeOf: cte.placeOf });
    pieces.push({ text: '\n)' });
  }
  pieces.push({ text: ownWith === undefined ? ' ' : ',' });
  const skippedLines = lineBreaks(head);
  const placeOf = (line: number) => body.placeOf(line + skippedLines);
  const extra = [...ctes].flatMap(([name, { id, sql }]) =>
    id === undefined ? [] : [{ id, sql: cteText(name, sql) }],
  );
  const joined = joinPieces([...pieces, { text: body.sql.slice(head.length), placeOf }]);
  return { ...joined, ctes: extra };
}

const OWN_WITH = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*with\b(?:\s+recursive\b)?/i;

const LEADING_BLANKS = /^\s*/;

interface Piece {
  readonly text: string;
  readonly placeOf?: Compiled['placeOf'];
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;

function joinPieces(pieces: readonly Piece[]): Compiled {
  const starts: number[] = [];
  let line = 1;
  for (const { text } of pieces) {
    starts.push(line);
    line += lineBreaks(text);
  }
  return {
    sql: pieces.map(({ text }) => text).join(''),
    placeOf(wanted) {
      // The last piece that begins at or before the line and knows its places.
      const index = starts.findLastIndex((start, i) => start <= wanted && pieces[i]?.placeOf);
      return pieces[index]?.placeOf?.(wanted - (starts[index] ?? 1) + 1);
    },
  };
}
