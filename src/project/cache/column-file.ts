import { readFileSync } from 'node:fs';
import { byteWriter } from '../../core/byte-writer.ts';

/** Lists of the same length, one for each field. */
export type Columns = Readonly<Record<string, readonly unknown[]>>;

/** What a file holds: a few values, and tables. */
export interface ColumnFile {
  readonly head: unknown;
  readonly tables: Readonly<Record<string, Columns>>;
}

/** First byte of a column and the one after the last, from where the head ends. */
type Place = readonly [number, number];

type Places = Readonly<Record<string, Readonly<Record<string, Place>>>>;

/** The first line of the file; the columns follow, each as JSON. */
interface FirstLine {
  readonly head: unknown;
  readonly places: Places;
  readonly bytes: number;
}

const LINE_END = 10;

/** @throws what the file system says */
export function writeColumnFile(path: string, { head, tables }: ColumnFile): void {
  const texts: Buffer[] = [];
  let bytes = 0;
  const place = (column: readonly unknown[]): Place => {
    const text = Buffer.from(JSON.stringify(column));
    texts.push(text);
    bytes += text.length;
    return [bytes - text.length, bytes];
  };
  const places = mapValues(tables, (columns) => mapValues(columns, place));
  const firstLine: FirstLine = { head, places, bytes };
  const out = byteWriter(path);
  try {
    out.add(`${JSON.stringify(firstLine)}\n`);
    for (const text of texts) out.add(text);
  } finally {
    out.close();
  }
}

/**
 * Reads such a file; each column is made when it is first asked for.
 * @throws Error, SyntaxError when there is none or it is not as it was written
 */
export function readColumnFile(path: string): ColumnFile {
  const all = readFileSync(path);
  const start = all.indexOf(LINE_END) + 1;
  const { head, places, bytes } = JSON.parse(all.toString('utf8', 0, start)) as FirstLine;
  // A file that was not written to its end may have its whole length, in zeros.
  if (all.length - start !== bytes || all.includes(0)) throw new Error(`${path} is damaged`);
  const read = ([from, to]: Place) =>
    JSON.parse(all.toString('utf8', start + from, start + to)) as readonly unknown[];
  return { head, tables: mapValues(places, (columns) => lazyValues(columns, read)) };
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  make: (value: T) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value)]));
}

/** The same, but each value is made when it is first asked for. */
function lazyValues<T, R>(
  values: Readonly<Record<string, T>>,
  make: (value: T) => R,
): Readonly<Record<string, R>> {
  const made: Record<string, R> = {};
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(made, key, {
      enumerable: true,
      configurable: true,
      get() {
        const now = make(value);
        Object.defineProperty(made, key, { enumerable: true, value: now });
        return now;
      },
    });
  }
  return made;
}
