import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestProject } from '../e2e/velo.ts';
import { hasRecords, readInvocations } from './records.ts';
import { fillDatabase, withShop } from './shop.ts';

/** What velo prints instead, and why. */
const DIFFERENT: Readonly<Record<number, readonly [dbt: string, velo: string]>> = {
  // dbt shows the name it gives the macro in its Python module.
  86: ["macro 'dbt_macro__show_types' takes", "macro 'show_types' takes"],
  // The chain of calls is on stderr, with the places.
  88: [
    'Compilation Error in macro boom (macros/ops.sql)\n  stop here\n  \n  > in macro boom (macros/ops.sql)\n  > called by macro boom (macros/ops.sql)',
    'Compilation Error\n  stop here',
  ],
  // DuckDB's guess is a table of its own more often than not.
  91: [
    'Catalog Error: Table with name nowhere_at_all does not exist!\n  Did you mean "osc_fail"?',
    'Table with name nowhere_at_all does not exist!',
  ],
};

/**
 * What a call prints below the line of what was found: times and durations are not compared, nor warnings of the
 * project, which dbt does not repeat for a project it has read before.
 */
function told(stdout: string): string {
  const lines = stdout
    .split('\n')
    .map((line) => line.replace(/^(?:\d\d|HH):(?:\d\d|MM):(?:\d\d|SS) {2}/, ''));
  const isStart = (line: string) =>
    /^(?:Running with|Registered adapter|Found |\[WARNING\]: (?:While compiling|Constraint types|unknown config))/.test(
      line,
    );
  return lines
    .filter((line) => !isStart(line))
    .join('\n')
    .replace(/\[OK in .*s\]/, '[OK in N.NNs]')
    .trimEnd();
}

const withDifference = (n: number, text: string): string => {
  const [dbt, velo] = DIFFERENT[n] ?? ['', ''];
  if (dbt !== '') expect(text).toContain(dbt);
  return text.replace(dbt, velo);
};

// The records are outside of the repository.
describe.skipIf(!hasRecords)('run-operation in the reference project', () => {
  let shop: TestProject;
  let finish = () => {};
  let finished: Promise<void>;

  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      finished = withShop(async (project) => {
        shop = project;
        leaveOutPython(project.dir);
        await fillDatabase(project.dir, '021-build-first');
        ready();
        await new Promise<void>((done) => {
          finish = done;
        });
      }).catch(failed);
    });
  });

  afterAll(async () => {
    finish();
    await finished;
  });

  test.each([82, 83, 84, 86, 88, 89, 91, 92, 93, 113])('record %i', async (n) => {
    const { args, exit, stdout } = readInvocations().get(n) ?? { args: [], exit: -1, stdout: '' };
    const result = await shop.velo(args);
    expect(told(result.stdout)).toBe(withDifference(n, told(stdout)));
    expect(result.exitCode).toBe(exit);
  });

  test.each([
    [85, "there is no macro 'no_such_macro' in any package"],
    [87, "--args '[1]' is not a YAML mapping"],
  ])('record %i: it cannot be run', async (n, message) => {
    const { args, exit } = readInvocations().get(n) ?? { args: [], exit: -1 };
    const result = await shop.velo(args);
    expect(result.stderr).toContain(message);
    expect(result.exitCode).toBe(exit);
  });

  test('record 51: --no-introspect refuses the query of a template', async () => {
    const result = await shop.velo(['compile', '-s', 'rpt_revenue', '--no-introspect']);
    expect(result.stderr).toContain('which --no-introspect forbids');
    expect(result.exitCode).toBe(2);
  });

  test('a template with a query is compiled with its answer', async () => {
    const result = await shop.velo(['compile', '-s', 'rpt_revenue']);
    expect(result.stdout).toContain(
      "sum(case when i.kind = 'beans' then i.amount else 0 end) as beans_amount,",
    );
    expect(result.exitCode).toBe(0);
  });
});

/** velo builds no Python models. */
function leaveOutPython(dir: string): void {
  const file = join(dir, 'models/reports/_reports.yml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/ {2}- name: rpt_py\n(?: {4}.*\n)*/, ''));
}
