import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyUtilityProject, type UtilityProject } from '../../e2e/utility-project.ts';
import type { CliResult } from '../../e2e/velo.ts';

interface Case {
  readonly id: string;
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const CASES = JSON.parse(
  readFileSync(join(import.meta.dirname, 'utility/recorded.json'), 'utf8'),
) as readonly Case[];
const GOOD = CASES.filter(({ error }) => error === undefined);
const BAD = CASES.filter(({ error }) => error !== undefined);

let project: UtilityProject;
let good: CliResult;
let bad: CliResult;

beforeAll(async () => {
  project = copyUtilityProject();
  const compile = (cases: readonly Case[]) => {
    project.write(
      Object.fromEntries(cases.map(({ id, template }) => [`analyses/${id}.sql`, template])),
    );
    return project.velo(['compile', '--select', 'path:analyses']);
  };
  good = await compile(GOOD);
  bad = await compile(BAD);
});

afterAll(() => rmSync(project.dir, { recursive: true, force: true }));

describe('macros of the utility packages, compiled as Jinja2 rendered them', () => {
  it('are all compiled', () => {
    expect([good.exitCode, good.stderr]).toEqual([
      0,
      expect.stringContaining(`Compiled ${GOOD.length} nodes\n`),
    ]);
  });

  it.each(GOOD)('$id', ({ id, output }) => {
    expect(project.read(`target/compiled/utility/analyses/${id}.sql`)).toBe(output);
  });
});

describe('mistakes in calls, all told in one run in the words of Python', () => {
  it('are errors', () => expect(bad.exitCode).toBe(2));

  it.each(BAD)('$id: $error', ({ id, error }) => {
    const told = bad.stderr.split(/^(?=error\[)/m).filter((one) => one.includes(`/${id}.sql:`));
    expect(told).toHaveLength(1);
    expect(told[0]?.split('\n')[1]?.trim()).toBe(error);
  });
});
