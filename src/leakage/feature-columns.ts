import type { ResultTable } from '../core/result-table.ts';
import type { Scratch } from '../execute/scratch.ts';

/** A column of a model as a number that can be compared: its value, one of its words, or that it has none. */
export interface Feature {
  readonly column: string;
  /** `value`, `is NULL`, or `= word`. */
  readonly aspect: string;
  /** SQL of a double; NULL: the row has none. */
  readonly expression: string;
}

/** Columns with more words are names and ids, which say nothing of what they are compared with. */
const MOST_WORDS = 20;

const NUMBER =
  /^(u?(tiny|small|big|huge)?int(eger)?\d*|float\d*|double( precision)?|real|(decimal|numeric).*)$/i;
const INSTANT = /^(date|timestamp.*)$/i;
const TEXT = /^(varchar|character varying|text|char|bpchar|enum).*$/i;

type Database = Pick<Scratch, 'connection' | 'dialect'>;

/** The features among the columns of a SELECT, but for the columns left out (in lower case). @throws DatabaseError */
export async function featuresOf(
  database: Database,
  rows: string,
  leftOut: ReadonlySet<string>,
): Promise<readonly Feature[]> {
  const { connection, dialect } = database;
  const { table } = await connection.fetch(`select * from (${rows}) as rows_of_model limit 0`);
  const columns = table.columns.filter(({ name }) => !leftOut.has(name.toLowerCase()));
  if (columns.length === 0) return [];
  const contents = await contentsOf(database, rows, columns);
  return columns.flatMap(({ name, type }, index): Feature[] => {
    const column = dialect.quote(name);
    const { hasNull = false, words = [] } = contents[index] ?? {};
    const isNull = `case when ${column} is null then 1.0 else 0.0 end`;
    const aspects = [
      ...valuesOf(column, type, words, dialect.literal),
      ...(hasNull ? [{ aspect: 'is NULL', expression: isNull }] : []),
    ];
    return aspects.map((aspect) => ({ column: name, ...aspect }));
  });
}

type Values = readonly Omit<Feature, 'column'>[];

function valuesOf(
  column: string,
  type: string,
  words: readonly string[],
  literal: (text: string) => string,
): Values {
  const value = (expression: string): Values => [{ aspect: 'value', expression }];
  if (NUMBER.test(type)) return value(`cast(${column} as double precision)`);
  if (INSTANT.test(type)) return value(`cast(extract(epoch from ${column}) as double precision)`);
  if (/^bool/i.test(type)) return value(indicator(column, column));
  return words.map((word) => ({
    aspect: `= ${word}`,
    expression: indicator(column, `${column} = ${literal(word)}`),
  }));
}

const indicator = (column: string, condition: string): string =>
  `case when ${condition} then 1.0 when ${column} is not null then 0.0 end`;

/** What stands in a column: whether there are NULLs, and its words where it is text of few. */
interface Content {
  readonly hasNull: boolean;
  readonly words: readonly string[];
}

async function contentsOf(
  { connection, dialect }: Database,
  rows: string,
  columns: ResultTable['columns'],
): Promise<readonly Content[]> {
  const counts = columns.flatMap(({ name, type }, i) => {
    const column = dialect.quote(name);
    const words = TEXT.test(type) ? [`count(distinct ${column}) as words_${i}`] : [];
    return [`count(*) - count(${column}) as nulls_${i}`, ...words];
  });
  const [counted = {}] = await connection.query(
    `select ${counts.join(', ')} from (${rows}) as rows_of_model`,
  );
  const contents: Content[] = [];
  for (const [i, { name }] of columns.entries()) {
    const distinct = Number(counted[`words_${i}`] ?? 0);
    const isTold = distinct > 0 && distinct <= MOST_WORDS;
    const words = isTold ? await wordsOf(connection, rows, dialect.quote(name)) : [];
    contents.push({ hasNull: Number(counted[`nulls_${i}`]) > 0, words });
  }
  return contents;
}

async function wordsOf(
  connection: Database['connection'],
  rows: string,
  column: string,
): Promise<readonly string[]> {
  const found = await connection.query(
    `select distinct ${column} as word from (${rows}) as rows_of_model where ${column} is not null order by 1`,
  );
  return found.map(({ word }) => String(word));
}
