import { describe, expect, it } from 'vitest';
import { makeProject, verdictOf } from './velo.ts';

const GOOD = 'id,name\n1,ann\n2,bob\n';
const TYPED = 'name: shop\nseeds:\n  shop:\n    people:\n      +column_types: {id: integer}\n';
const MODEL = "{{ config(materialized='table') }}\nselect count(*) as n from {{ ref('people') }}\n";

/** How a build ends once a seed that was loaded before has become `csv`; its old rows are still there. */
async function failureOf(csv: string | Uint8Array, projectFile = TYPED): Promise<string> {
  const project = makeProject({
    'velo_project.yml': TYPED,
    'seeds/people.csv': GOOD,
    'models/m.sql': MODEL,
    'models/other.sql': 'select 1 as a\n',
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  project.write({
    'seeds/people.csv': csv,
    'velo_project.yml': projectFile,
    'models/other.sql': 'select 2 as a\n',
  });
  const result = await project.velo(['build', '--no-check']);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(await project.query('select id, name, n from people, m order by id')).toEqual([
    [1, 'ann', '2'],
    [2, 'bob', '2'],
  ]);
  expect(await project.query('from other')).toEqual([[2]]);
  return verdictOf(result);
}

describe('a seed loads nothing', () => {
  it('with a row that is too short', async () => {
    expect(await failureOf('id,name\n1,ann\n2\n3,cleo\n')).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-format] seeds/people.csv:3:1
          row 2 has 1 values, the header has 2 columns
          3 | 2
              ^
          docs: docs/errors/seed-format.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('with a row that is too long', async () => {
    expect(await failureOf('id,name\n1,ann\n2,bob,x\n')).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-format] seeds/people.csv:3:1
          row 2 has 3 values, the header has 2 columns
          3 | 2,bob,x
              ^
          docs: docs/errors/seed-format.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('with values of a wrong type, each named', async () => {
    expect(
      await failureOf('id,name\n1,ann\nx2,bob\n3,cleo\n,dora\n4.5,eve\n'),
    ).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-type] seeds/people.csv:3:1
          row 2, column id: 'x2' is not an INTEGER
          3 | x2,bob
              ^

        error[seed-type] seeds/people.csv:6:1
          row 5, column id: '4.5' is not an INTEGER
          6 | 4.5,eve
              ^

        2 errors
          docs: docs/errors/seed-type.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('with a quote that is never closed', async () => {
    expect(await failureOf('id,name\n1,"ann\n2,bob\n')).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-format] seeds/people.csv:2:3
          a quoted value is never closed
          2 | 1,"ann
                ^
          docs: docs/errors/seed-format.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('with two columns of one name', async () => {
    expect(await failureOf('id,ID\n1,2\n')).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-format] seeds/people.csv:1:4
          two columns are named ID
          1 | id,ID
                 ^
          docs: docs/errors/seed-format.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('when it is empty', async () => {
    expect(await failureOf('')).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-format] seeds/people.csv:1:1
          the file is empty: a seed needs a header
          1 |
              ^

        error[seed-type] seeds/people.csv:1:1
          column_types names 'id', which is no column of the seed
          1 |
              ^
          hint: columns:

        2 errors
          docs: docs/errors/seed-format.md, docs/errors/seed-type.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('when it is not UTF-8: the project is not even read', async () => {
    const project = makeProject({ 'seeds/people.csv': GOOD, 'models/m.sql': MODEL });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    project.write({ 'seeds/people.csv': Uint8Array.from([105, 100, 10, 0xe9, 10]) });
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[file-unreadable] seeds/people.csv:2:1');
    expect(stderr).not.toContain('unknown-ref');
    expect(await project.query('select count(*) from people')).toEqual([['2']]);
  });

  it('with a type for a column it lacks', async () => {
    expect(await failureOf(GOOD, TYPED.replace('{id:', '{idd:'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Compilation Error in seed people (seeds/people.csv)
        error[seed-type] seeds/people.csv:1:1
          column_types names 'idd', which is no column of the seed
          1 | id,name
              ^
          hint: did you mean 'id'?
          docs: docs/errors/seed-type.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });

  it('with a type that does not exist', async () => {
    expect(await failureOf(GOOD, TYPED.replace('integer', 'intger'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in seed people (seeds/people.csv)
        Runtime Error in seed people (seeds/people.csv)
        error[database-error] seeds/people.csv:1:1
          Type with name intger does not exist!
          Did you mean "integer"?
          1 | id,name
              ^
          hint: look at column_types of the seed
          docs: docs/errors/database-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
  });
});
