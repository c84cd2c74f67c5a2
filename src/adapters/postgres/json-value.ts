import { typeOf } from './types.ts';

/** A cell as JSON can say it, from the text Postgres sends: see Row in adapter.ts. */
export function jsonValue(text: string | null, oid: number): unknown {
  if (text === null) return null;
  const { name, element } = typeOf(oid);
  if (element !== undefined) return mapNested(readArray(text), (cell) => jsonValue(cell, element));
  const convert = CONVERSIONS[name];
  return convert ? convert(text) : text;
}

/** Other types are given as their text: bigint and numeric by their digits, dates and times in ISO. */
const CONVERSIONS: Readonly<Record<string, (text: string) => unknown>> = {
  boolean: (text) => text === 't',
  smallint: Number,
  integer: Number,
  oid: Number,
  real: finite,
  'double precision': finite,
};

/** JSON has no NaN and no infinities: they stay text. */
function finite(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

type Nested = string | null | readonly Nested[];

function mapNested(value: Nested, convert: (cell: string | null) => unknown): unknown {
  return Array.isArray(value)
    ? value.map((one) => mapNested(one as Nested, convert))
    : convert(value as string | null);
}

/** Array text: `{1,NULL,"a \"b\""}`, arrays in arrays; bounds before it (`[0:1]={…}`) are left out. */
function readArray(text: string): Nested {
  let at = text.indexOf('{');
  const read = (): Nested => {
    const items: Nested[] = [];
    at += 1;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at += 1;
      items.push(text[at] === '{' ? read() : text[at] === '"' ? readQuoted() : readPlain());
    }
    at += 1;
    return items;
  };
  const readQuoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  };
  const readPlain = (): string | null => {
    const from = at;
    while (text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(from, at);
    return value === 'NULL' ? null : value;
  };
  return read();
}
