import type { Span } from '../core/span.ts';

/** A node's SQL as it will be sent, and where each of its lines came from. */
export interface Compiled {
  readonly sql: string;
  spanOf(line: number): Span | undefined;
}

/** Puts CTEs before a SELECT, joining its own WITH when it has one; lines keep their places. */
export function prependCtes(body: Compiled, ctes: ReadonlyMap<string, Compiled>): Compiled {
  const head = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*with\s+(recursive\s+)?/i.exec(
    body.sql,
  );
  const own = head?.[0] ?? '';
  const pieces: Piece[] = [{ text: `with ${head?.[1] ?? ''}` }];
  for (const [name, cte] of ctes) {
    const comma = pieces.length > 1 ? ', ' : '';
    pieces.push({ text: `${comma}${name} as (\n` }, { text: cte.sql, spanOf: cte.spanOf });
    pieces.push({ text: '\n)' });
  }
  pieces.push({ text: head ? ', ' : '\n' });
  const skippedLines = lineBreaks(own);
  const spanOf = (line: number) => body.spanOf(line + skippedLines);
  return joinPieces([...pieces, { text: body.sql.slice(own.length), spanOf }]);
}

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
