import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOf, normalizeSql } from './fingerprint.ts';

test('comments and white space do not count, strings do', () => {
  expect(normalizeSql('select 1 -- one\n  {# two #}, \'--  x\' /* three */ , "a  b"\n')).toBe(
    'select 1 , \'--  x\' , "a  b"',
  );
});

test('the order of keys does not count, values do', () => {
  expect(hashOf({ a: 1, b: { d: 2, c: [1] } })).toBe(hashOf({ b: { c: [1], d: 2 }, a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
});

describe('normalizeSql', () => {
  test.each([
    ['comments', 'select 1 -- one\n, 2', 'select 1 , 2'],
    ['white space', '  select\n\t1  ', 'select 1'],
    ['a comment at the end', 'select 1 -- no newline', 'select 1'],
    ['block comments', 'select /* it\'s "one" */ 1', 'select 1'],
    ['comments of templates', "select {# don't #} 1", 'select 1'],
    ['an apostrophe in a comment', "select 1 -- don't\n, 'a'", "select 1 , 'a'"],
  ])('leaves out %s', (_, sql, normal) => {
    expect(normalizeSql(sql)).toBe(normal);
  });

  test.each([
    ["'a -- b'", "'a -- c'"],
    ["'a /* b */'", "'a /* c */'"],
    ["'a  b'", "'a b'"],
    ["'a\nb'", "'a b'"],
    ['"a  b"', '"a b"'],
    ["'it''s -- a'", "'it''s -- b'"],
    ['$$a -- b$$', '$$a -- c$$'],
    ['$x$a  b$x$', '$x$a b$x$'],
  ])('tells the strings %s and %s apart', (one, other) => {
    expect(normalizeSql(`select ${one}`)).not.toBe(normalizeSql(`select ${other}`));
  });

  test('is stable: normal text stays as it is', () => {
    const pieces = fc.constantFrom('a', ' ', '\n', "'", '"', '--', '/*', '*/', '{#', '#}', '1');
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const once = normalizeSql(parts.join(''));
        expect(normalizeSql(once)).toBe(once);
      }),
    );
  });
});
