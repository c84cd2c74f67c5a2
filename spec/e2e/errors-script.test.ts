import { describe, expect, it } from 'vitest';
import { type Files, makeProject, verdictOf } from './velo.ts';

const SHOP: Files = { 'models/orders.sql': 'select 1 as order_id, 10 as amount\n' };

/** How a build ends in which the TypeScript model `s` fails while it runs. */
async function failureOf(script: string, more: Files = {}): Promise<string> {
  const project = makeProject({ ...SHOP, 'models/s.ts': script, ...more });
  const result = await project.velo(['build', '--no-check']);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(await project.relations()).toEqual(['orders']);
  return verdictOf(result);
}

/** What is said of a TypeScript model that cannot be loaded. */
async function faultOf(script: string): Promise<string> {
  const project = makeProject({ ...SHOP, 'models/s.ts': script });
  const { exitCode, stdout, stderr } = await project.velo(['build']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(await project.relations()).toEqual([]);
  return stderr;
}

const returning = (value: string): string =>
  `export default async function () {\n  return ${value};\n}\n`;

describe('a TypeScript model that fails', () => {
  it('throws: at its own line', async () => {
    const script = `interface Horse {
  readonly name: string;
}

export default async function () {
  const horses: Horse[] = await Promise.resolve([]);
  throw new Error(\`no rating for \${horses.length} horses\`);
}
`;
    expect(await failureOf(script)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:7:9
          no rating for 0 horses
          7 |   throw new Error(\`no rating for \${horses.length} horses\`);
                      ^
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('throws in a file it imports: at the line that calls it', async () => {
    const script = `import { rate } from '../lib/rate.ts';

export default async function () {
  return rate();
}
`;
    const more = {
      'lib/rate.ts': "export function rate(): never {\n  throw new Error('no rating');\n}\n",
    };
    expect(await failureOf(script, more)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:4:10
          no rating
          4 |   return rate();
                       ^
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns columns of several lengths', async () => {
    const columns =
      "{ columns: { a: { type: 'INTEGER', values: [1, 2] }, b: { type: 'INTEGER', values: [1] } } }";
    expect(await failureOf(returning(columns))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Runtime Error in model s (models/s.ts)
        error[database-error] models/s.ts:1:1
          column b has 1 values, column a has 2
          1 | export default async function () {
              ^
          docs: docs/errors/database-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns a value that is not of its type', async () => {
    const columns = "{ columns: { a: { type: 'INTEGER', values: [1, 2.5] } } }";
    expect(await failureOf(returning(columns))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Runtime Error in model s (models/s.ts)
        error[database-error] models/s.ts:1:1
          column a, row 2: 2.5 is not of type INTEGER
          1 | export default async function () {
              ^
          docs: docs/errors/database-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns columns without types', async () => {
    expect(await failureOf(returning('{ columns: { a: [1, 2] } }'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:1:1
          the model returned no columns
          1 | export default async function () {
              ^
          hint: return { columns: { name: { type: 'INTEGER', values: [1, 2] } } }
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns no columns', async () => {
    expect(await failureOf(returning('{ columns: {} }'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:1:1
          the model returned no columns
          1 | export default async function () {
              ^
          hint: return { columns: { name: { type: 'INTEGER', values: [1, 2] } } }
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns nothing', async () => {
    expect(await failureOf(returning('undefined'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:1:1
          the model returned no columns
          1 | export default async function () {
              ^
          hint: return { columns: { name: { type: 'INTEGER', values: [1, 2] } } }
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('returns rows', async () => {
    expect(await failureOf(returning('[{ a: 1 }]'))).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[script-error] models/s.ts:1:1
          the model returned no columns
          1 | export default async function () {
              ^
          hint: return { columns: { name: { type: 'INTEGER', values: [1, 2] } } }
          docs: docs/errors/script-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('reads what its config does not name', async () => {
    const script = `export const config = { refs: [] };

export default async function ({ read }) {
  return { columns: await read('orders') };
}
`;
    expect(await failureOf(script)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Compilation Error in model s (models/s.ts)
        error[unknown-ref] models/s.ts:1:1
          read('orders') is not among the model's refs and sources
          1 | export const config = { refs: [] };
              ^
          hint: config names none
          docs: docs/errors/unknown-ref.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('reads a column that is not there', async () => {
    const script = `export const config = { refs: ['orders'] };

export default async function ({ read }) {
  return { columns: await read('orders', { columns: ['nope'] }) };
}
`;
    expect(await failureOf(script)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model s (models/s.ts)
        Runtime Error in model s (models/s.ts)
        error[database-error] models/s.ts:1:1
          Referenced column "nope" not found in FROM clause!
          Candidate bindings: "order_id"
          1 | export const config = { refs: ['orders'] };
              ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/s.ts/s.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });
});

describe('a TypeScript model that cannot be loaded', () => {
  it('has no default export', async () => {
    expect(await faultOf('export const run = 1;\n')).toMatchInlineSnapshot(`
      "error[script-error] models/s.ts:1:1
        the model has no default function
        1 | export const run = 1;
            ^
        hint: export default async function (context) { … return { columns } }
        docs: docs/errors/script-error.md
      "
    `);
  });

  it('has a syntax error', async () => {
    expect(await faultOf(returning('{ columns: { a: [1, 2 } }'))).toMatchInlineSnapshot(`
      "error[script-error] models/s.ts:2:32
        Expected "]" but found "}"
        2 |   return { columns: { a: [1, 2 } };
                                           ^
        docs: docs/errors/script-error.md
      "
    `);
  });

  it('throws while it is loaded', async () => {
    expect(
      await faultOf("const ratings = JSON.parse('[');\nexport default () => ratings;\n"),
    ).toMatchInlineSnapshot(`
      "error[script-error] models/s.ts:1:22
        Unexpected end of JSON input
        1 | const ratings = JSON.parse('[');
                                 ^
        docs: docs/errors/script-error.md
      "
    `);
  });

  it('imports a file that does not exist', async () => {
    expect(
      await faultOf("import { rate } from './rate.ts';\nexport default () => rate();\n"),
    ).toMatchInlineSnapshot(`
      "error[script-error] models/s.ts:1:22
        Could not resolve "./rate.ts"
        1 | import { rate } from './rate.ts';
                                 ^
        docs: docs/errors/script-error.md
      "
    `);
  });

  it('names an unknown ref', async () => {
    const config = "export const config = {\n  refs: ['oders'],\n};\n";
    expect(await faultOf(config + returning('{ columns: {} }'))).toMatchInlineSnapshot(`
      "error[unknown-ref] models/s.ts:1:1
        ref('oders') matches no node
        1 | export const config = {
            ^
        hint: did you mean 'orders'?
        docs: docs/errors/unknown-ref.md
      "
    `);
  });

  it('has an unknown config', async () => {
    const config = "export const config = {\n  materialised: 'table',\n};\n";
    expect(await faultOf(config + returning('{ columns: {} }'))).toMatchInlineSnapshot(`
      "error[unknown-config] models/s.ts:1:1
        unknown config 'materialised'
        1 | export const config = {
            ^
        hint: did you mean 'materialized'?
        docs: docs/errors/unknown-config.md
      "
    `);
  });
});
