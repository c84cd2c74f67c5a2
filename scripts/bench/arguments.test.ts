import { expect, test } from 'vitest';
import { readRequest, UsageError } from './arguments.ts';

const KNOWN = ['startup', 'hk', 'engine'];

test('no names mean all groups', () => {
  expect(readRequest([], KNOWN)).toEqual({ task: 'measure', groups: KNOWN });
});

test('names are taken once each, in the order of the results', () => {
  const groups = ['startup', 'engine'];
  expect(readRequest(['engine', 'startup', 'engine'], KNOWN)).toEqual({ task: 'measure', groups });
});

test('help wins', () => {
  expect(readRequest(['hk', '--help'], KNOWN)).toEqual({ task: 'help' });
});

test('an unknown name or option is told in one line', () => {
  expect(() => readRequest(['hongkong'], KNOWN)).toThrow(
    new UsageError('no group is named hongkong; groups: startup, hk, engine'),
  );
  expect(() => readRequest(['--fast'], KNOWN)).toThrow(/^Unknown option '--fast' \(try --help\)$/);
});
