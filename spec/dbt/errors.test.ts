import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TestProject } from '../e2e/velo.ts';
import { MORE_ERRORS, NOT_READING, PARSE_ERRORS } from './error-cases.ts';
import { hasRecords, readInvocations, readScenario, SHOP, type Step } from './records.ts';
import { withShop } from './shop.ts';

describe.skipIf(!hasRecords)('mistakes dbt was recorded with (skipped without ../shared)', () => {
  if (!hasRecords) return;
  const parseErrors = readScenario('parse_errors');
  const calls = readInvocations();

  test('each recorded mistake has its row', () => {
    const recorded = parseErrors.flatMap(({ op, id }) => (op === 'dbt' && id ? [id] : []));
    const rows = new Set([...PARSE_ERRORS.map(({ id }) => id), ...Object.keys(NOT_READING)]);
    expect(recorded.filter((id) => !rows.has(id))).toEqual([]);
    expect([...rows].filter((id) => !recorded.includes(id))).toEqual([]);
  });

  const rows = [
    ...PARSE_ERRORS.map((row) => [row.id, row, parseErrors] as const),
    ...MORE_ERRORS.map((row) => [row.id, row, readScenario('extra')] as const),
  ];

  test.each(rows)('%s', async (_, row, steps) => {
    const at = steps.findIndex(({ op, id }) => op === 'dbt' && id === row.id);
    const step = steps[at];
    const call = calls.get(step?.n ?? -1);
    expect(call, `the call ${row.id} was recorded`).toBeDefined();
    const { exitCode, stdout, stderr } = await withShop(async (shop) => {
      for (const earlier of steps.slice(0, at)) replay(earlier, shop);
      return await shop.velo(row.args ?? call?.args ?? []);
    });
    expect({ errors: headings(stderr), exitCode }, stderr).toEqual({
      errors: row.errors,
      exitCode: row.errors.length > 0 ? 2 : 0,
    });
    for (const name of row.names ?? []) expect(`${stdout}${stderr}`).toContain(name);
    const isLikeDbt = (call?.exit === 2) === row.errors.length > 0;
    expect(row.unlikeDbt === undefined, 'a reason where dbt does otherwise, and only there').toBe(
      isLikeDbt,
    );
  });
});

/** Changes the files as the recorded step did; calls in between leave them as they are. */
function replay(step: Step, shop: TestProject): void {
  const { op, path = '', text = '' } = step;
  if (op === 'write') shop.write({ [path]: text });
  if (op === 'remove' && existsSync(join(shop.dir, path))) shop.remove(path);
  if (op === 'restore') cpSync(SHOP, shop.dir, { recursive: true });
  if (op !== 'replace') return;
  const file = join(shop.dir, path);
  const before = readFileSync(file, 'utf8');
  const after = before.replace(step.old ?? '', () => step.new ?? '');
  if (after === before) throw new Error(`${path} does not hold ${step.old}`);
  writeFileSync(file, after);
}

/** Code, file and line of each error, or what a mistake on the command line is. */
function headings(stderr: string): readonly string[] {
  const found = stderr.matchAll(/^error(?:\[([\w-]+)\](?: (.+?:\d+):\d+)?|: (.+))$/gm);
  return [...found].map(([, code = '', place = '', usage]) => usage ?? `${code} ${place}`.trim());
}
