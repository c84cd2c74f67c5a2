import { expect, test } from 'vitest';
import { createDatabase, dropDatabase, inDatabase } from './database.ts';

test('a new database of a real server', async () => {
  const database = await createDatabase();
  const [row] = await inDatabase(database, 'create table t as select 7 as n', 'select n from t');
  expect(row).toEqual(['7']);
  await dropDatabase(database);
});
