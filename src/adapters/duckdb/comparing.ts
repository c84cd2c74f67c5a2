import type { ComparingDialect } from '../adapter.ts';
import { quote } from './names.ts';

/** `DOUBLE[]`, `DOUBLE[3]`, `STRUCT(a FLOAT)`, `MAP(VARCHAR, DOUBLE)`. */
const NESTED = /\]$|^(?:STRUCT|MAP|UNION)\(/;

/**
 * Ten digits of a double's sixteen and six of a float's seven: sums that were added up in another order agree in them,
 * and what differs by a millionth does not.
 */
const TOLERANCES: Readonly<Record<string, number>> = { DOUBLE: 1e-10, FLOAT: 5e-7 };

/** How DuckDB tells rows apart. */
export const duckdbComparing: ComparingDialect = {
  rowHash(columns) {
    // hash() does not tell [] from [NULL]; their texts differ.
    const values = columns.map(({ name, type }) =>
      NESTED.test(type) ? `cast(${quote(name)} as varchar)` : quote(name),
    );
    return `hash(${values.join(', ')})`;
  },
  precision(type) {
    const isNested = NESTED.test(type);
    const names = isNested ? (type.match(/\b(?:DOUBLE|FLOAT)\b/g) ?? []) : [type];
    return { tolerance: Math.max(0, ...names.map((name) => TOLERANCES[name] ?? 0)), isNested };
  },
};
