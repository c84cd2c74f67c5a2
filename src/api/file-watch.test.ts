import { expect, test } from 'vitest';
import type { WatchedFiles } from '../project/watched-files.ts';
import { openFileWatch } from './file-watch.ts';

/** A file as it is found by one look after the other, the last for ever: `size:when`. */
function fileFound(...states: readonly string[]) {
  const looks = [...states];
  const look = (): WatchedFiles => {
    const state = (looks.length > 1 ? looks.shift() : looks[0]) ?? '';
    return {
      files: new Map([['models/a.sql', { state, folder: '/nowhere' }]]),
      folders: new Set(),
    };
  };
  return { look, left: looks };
}

const never = new AbortController().signal;

test('a file that was emptied is looked at again until it is filled', async () => {
  const { look, left } = fileFound('5:1', '0:2', '0:2', '7:3', '9:4');
  using files = openFileWatch({ look, pollMs: 1, onBlind: () => {} });
  expect(await files.next(never)).toEqual([{ path: 'models/a.sql', change: 'saved' }]);
  expect(left).toEqual(['9:4']);
});

test('one that stays empty was meant to be, and is no news any more', async () => {
  const { look, left } = fileFound('5:1', '0:2', '0:2', '0:2', '0:2', '0:2', '0:2', '0:2', '3:5');
  using files = openFileWatch({ look, pollMs: 1, onBlind: () => {} });
  expect(await files.next(never)).toEqual([{ path: 'models/a.sql', change: 'saved' }]);
  expect(left.length).toBeGreaterThan(1);
});
