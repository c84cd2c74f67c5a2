import { expect, test } from 'vitest';
import { DatabaseError } from '../core/errors.ts';
import { takeTurns } from './take-turns.ts';

const conflict = () => new DatabaseError('write-conflict', 'another was first', '');

test('a transaction that was second runs again once the first has ended', async () => {
  const inTurn = takeTurns();
  const done: string[] = [];
  let end = () => {};
  const first = inTurn(
    () =>
      new Promise<void>((resolve) => {
        end = () => {
          done.push('first');
          resolve();
        };
      }),
  );
  let tries = 0;
  const second = inTurn(async () => {
    tries += 1;
    if (!done.includes('first')) throw conflict();
    done.push('second');
    return tries;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(tries).toBe(1);
  end();
  await first;
  expect(await second).toBe(2);
  expect(done).toEqual(['first', 'second']);
});

test('with nobody else there it gives up after a second', async () => {
  let tries = 0;
  const work = () => {
    tries += 1;
    return Promise.reject(conflict());
  };
  await expect(takeTurns()(work)).rejects.toMatchObject({ code: 'write-conflict' });
  expect(tries).toBe(6);
});

test('any other failure stands', async () => {
  let tries = 0;
  const work = () => {
    tries += 1;
    return Promise.reject(new DatabaseError('disk-full', 'no room', ''));
  };
  await expect(takeTurns()(work)).rejects.toMatchObject({ code: 'disk-full' });
  expect(tries).toBe(1);
});
