import type { Span } from '../core/span.ts';

/** A node's SQL as it will be sent, and where each of its lines came from. */
export interface Compiled {
  readonly sql: string;
  spanOf(line: number): Span | undefined;
}

/** Puts CTEs before a SELECT as dbt does, joining its own WITH when it has one; lines keep their places. */
export function prependCtes(body: Compiled, ctes: ReadonlyMap<string, Compiled>): Compiled {
  const ownWith = OWN_WITH.exec(body.sql)?.[0];
  const head = ownWith ?? LEADING_BLANKS.exec(body.sql)?.[0] ?? '';
  const pieces: Piece[] = [{ text: ownWith === undefined ? `${head}with` : head }];
  for (const [name, cte] of ctes) {
    const comma = pieces.length > 1 ? ', ' : '';
    pieces.push({ text: `${comma} ${name} as (\n` }, { text: cte.sql, spanOf: cte.spanOf });
    pieces.push({ text: '\n)' });
  }
  pieces.push({ text: ownWith === undefined ? ' ' : ',' });
  const skippedLines = lineBreaks(head);
  const spanOf = (line: number) => body.spanOf(line + skippedLines);
  return joinPieces([...pieces, { text: body.sql.slice(head.length), spanOf }]);
}

const OWN_WITH = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*with\b(?:\s+recursive\b)?/i;

const LEADING_BLANKS = /^\s*/;

interface Piece {
  readonly text: string;
  readonly spanOf?: Compiled['spanOf'];
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
    spanOf(wanted) {
      // The last piece that begins at or before the line and knows its places.
      const index = starts.findLastIndex((start, i) => start <= wanted && pieces[i]?.spanOf);
      return pieces[index]?.spanOf?.(wanted - (starts[index] ?? 1) + 1);
    },
  };
}
