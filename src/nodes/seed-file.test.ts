import { describe, expect, it } from 'vitest';
import { VeloErrors } from '../core/errors.ts';
import { readSeed } from './seed-file.ts';

const read = (text: string, columnTypes: Record<string, string> = {}, delimiter?: string) =>
  readSeed(text, 'seeds/s.csv', { columnTypes, delimiter });

function errorsOf(text: string, columnTypes: Record<string, string> = {}) {
  try {
    read(text, columnTypes);
  } catch (error) {
    if (error instanceof VeloErrors) {
      return error.errors.map(({ code, message, span }) => [
        code,
        message,
        span?.line,
        span?.column,
      ]);
    }
    throw error;
  }
  return [];
}

describe('the text of a seed', () => {
  it('may quote delimiters, quotes and line ends, begin with a BOM and end lines with CR LF', () => {
    expect(read('\ufeffa,b\r\n"x, ""y""","1\r\n2"\r\n\r\nz,"w"')).toEqual({
      a: { type: 'VARCHAR', values: ['x, "y"', 'z'] },
      b: { type: 'VARCHAR', values: ['1\r\n2', 'w'] },
    });
  });

  it('may have another delimiter and empty cells at the ends', () => {
    expect(read('a;b;c\n;x;\ny;;', {}, ';')).toEqual({
      a: { type: 'VARCHAR', values: [null, 'y'] },
      b: { type: 'VARCHAR', values: ['x', null] },
      c: { type: 'INTEGER', values: [null, null] },
    });
  });

  it('may be a header only', () => {
    expect(read('a,b\n', { B: 'date' })).toEqual({
      a: { type: 'INTEGER', values: [] },
      b: { type: 'DATE', values: [] },
    });
  });

  it('is rejected when empty, not UTF-8, or open-ended', () => {
    expect(errorsOf('')).toEqual([
      ['seed-format', 'the file is empty: a seed needs a header', 1, 1],
    ]);
    expect(errorsOf('a\nb\n"c\n')).toEqual([
      ['seed-format', 'a quoted value is never closed', 3, 1],
    ]);
    expect(() => readSeed(Buffer.from([97, 10, 0xff]), 's.csv', { columnTypes: {} })).toThrow(
      VeloErrors,
    );
  });

  it('reports every ragged row and bad name', () => {
    expect(errorsOf('a,,A\n1,2,3\n1,2\n"x\ny",2,3\n1,2,3,4')).toEqual([
      ['seed-format', 'column 2 has no name', 1, 3],
      ['seed-format', 'two columns are named A', 1, 4],
      ['seed-format', 'row 2 has 2 values, the header has 3 columns', 3, 1],
      ['seed-format', 'row 4 has 4 values, the header has 3 columns', 6, 1],
    ]);
    expect(errorsOf(`a,b\n${'1\n'.repeat(50)}`)).toHaveLength(20);
  });
});

describe('the types of a seed', () => {
  const day = Date.UTC(2024, 1, 29);
  it.each([
    ['integers, leading zeros and all', ['007', '-3', '+2', ''], 'INTEGER', [7, -3, 2, null]],
    ['wide integers', ['2147483648', '1'], 'BIGINT', [2147483648n, 1n]],
    ['numbers', ['1', '2.5', '1e3', 'null'], 'DOUBLE', [1, 2.5, 1000, null]],
    [
      'identifiers too long for BIGINT',
      ['99999999999999999999', '1'],
      'VARCHAR',
      ['99999999999999999999', '1'],
    ],
    ['dates', ['2024-02-29', ' '], 'DATE', [day / 86_400_000, null]],
    [
      'days that do not exist',
      ['2023-02-29', '2024-13-01'],
      'VARCHAR',
      ['2023-02-29', '2024-13-01'],
    ],
    [
      'timestamps',
      ['2024-02-29 01:02', '2024-02-29T00:00:01.5'],
      'TIMESTAMP',
      [BigInt(day + 3_720_000) * 1000n, BigInt(day + 1500) * 1000n],
    ],
    ['booleans', ['TRUE', 'false'], 'BOOLEAN', [true, false]],
    ['ones and zeros', ['1', '0'], 'INTEGER', [1, 0]],
    ['a mix', ['1', 'x'], 'VARCHAR', ['1', 'x']],
    ['nothing', ['', 'NULL'], 'INTEGER', [null, null]],
  ])('are inferred from %s', (_, cells, type, values) => {
    const text = `id,c\n${cells.map((cell, i) => `${i},${cell}\n`).join('')}`;
    expect(read(text)['c']).toEqual({ type, values });
  });

  it('are those of column_types, whatever the case of the name', () => {
    expect(
      read('Code,Odds,Won\n007,3,1\n', { code: 'varchar', ODDS: 'decimal(8,2)', won: 'boolean' }),
    ).toEqual({
      Code: { type: 'varchar', values: ['007'] },
      Odds: { type: 'decimal(8,2)', values: ['3'] },
      Won: { type: 'BOOLEAN', values: [true] },
    });
  });

  it('are errors where a cell is of another, or the column is unknown', () => {
    const types = { odds: 'double', id: 'integer', when: 'date' };
    expect(
      errorsOf('id,odds,when\n1,2.5,2024-01-01\n3000000000,abc,2024-02-30\n1.5,,\n', types),
    ).toEqual([
      ['seed-type', "row 2, column id: '3000000000' is too large for INTEGER, use BIGINT", 3, 1],
      ['seed-type', "row 3, column id: '1.5' is not an INTEGER", 4, 1],
      ['seed-type', "row 2, column odds: 'abc' is not a DOUBLE", 3, 12],
      ['seed-type', "row 2, column when: '2024-02-30' is not a DATE", 3, 16],
    ]);
    expect(errorsOf('a\n1\n', { b: 'date' })).toEqual([
      ['seed-type', "column_types names 'b', which is no column of the seed", 1, 1],
    ]);
  });
});
