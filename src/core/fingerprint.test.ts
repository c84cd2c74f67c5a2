import { expect, test } from 'vitest';
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
