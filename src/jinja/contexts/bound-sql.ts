import { toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { isNumber } from '../python/numbers.ts';
import { toText } from '../python/text.ts';
import { isJinjaObject, type Value } from '../python/types.ts';

interface Literals {
  literal(value: string | number | boolean | null): string;
}

/** A place for a value, as the drivers of both engines write it; what stands in quotes is none. */
const PLACE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|%s|\?/g;

/**
 * A statement with its bindings as literals, in the order of its places (`?` or `%s`); without bindings the text as it
 * is. Raises TypeError when there are more places than bindings, or fewer.
 */
export function boundSql(sql: string, bindings: Value, dialect: Literals): string {
  if (bindings === undefined || bindings === null) return sql;
  const values = toArray(bindings);
  let used = 0;
  const text = sql.replaceAll(PLACE, (place) => {
    if (place !== '?' && place !== '%s') return place;
    used += 1;
    return used > values.length ? place : literalOf(values[used - 1], dialect);
  });
  if (used === values.length) return text;
  return raise('TypeError', `adapter.add_query() has ${values.length} bindings for ${used} places`);
}

function literalOf(value: Value, { literal }: Literals): string {
  if (value === undefined || value === null) return literal(null);
  if (typeof value === 'boolean') return literal(value);
  const isDecimal = isJinjaObject(value) && value.jinjaType === 'Decimal';
  return isNumber(value) || isDecimal ? toText(value) : literal(toText(value));
}
