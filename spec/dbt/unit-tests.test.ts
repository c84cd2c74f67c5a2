import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProject, type TestProject } from '../e2e/velo.ts';
import {
  hasRecords,
  type Invocation,
  readInvocations,
  readRunResults,
  readScenario,
  SHOP,
  type Step,
} from './records.ts';

const FILE = 'models/marts/incremental/_inc.yml';

/** Unit tests of dbt's reference project, as dbt ran them and with the edits of its scenarios. */
describe.skipIf(!hasRecords)('unit tests as dbt was recorded (skipped without ../shared)', () => {
  if (!hasRecords) return;
  const calls = readInvocations();
  const dir = mkdtempSync(join(tmpdir(), 'velo-unit-'));
  let shop: TestProject;

  beforeAll(() => {
    cpSync(SHOP, dir, { recursive: true });
    shop = openProject(dir, {});
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  async function replay(n: number) {
    const call = calls.get(n) as Invocation;
    cpSync(join(SHOP, FILE), join(dir, FILE));
    for (const { path = '', old = '', new: text = '' } of editsBefore(n)) {
      const before = shop.read(path);
      expect(before).toContain(old);
      shop.write({ [path]: before.replace(old, text) });
    }
    const result = await shop.velo(call.args, { env: call.env });
    return { call, result };
  }

  test('all six pass (25)', async () => {
    const { call, result } = await replay(25);
    expect(result.exitCode, result.stdout).toBe(call.exit);
    expect(verdicts(result.stdout)).toEqual(verdicts(call.stdout));
    expect(lastLine(result.stdout)).toBe(lastLine(call.stdout));
  });

  test('the difference of rows, byte for byte, in a test and in a build (157, 158)', async () => {
    for (const n of [157, 158]) {
      const { call, result } = await replay(n);
      expect(result.exitCode, result.stdout).toBe(call.exit);
      expect(detailsOf(result.stdout)).toBe(detailsOf(call.stdout));
      expect(lastLine(result.stdout)).toBe(lastLine(call.stdout));
    }
    await replay(157);
    const dbt = unitResult(readRunResults('157-unit-test-diff'));
    const velo = unitResult(shop.readJson('target/run_results.json'));
    for (const key of ['unique_id', 'status', 'failures']) expect(velo?.[key]).toBe(dbt?.[key]);
    expect(velo?.['message']).toBe(String(dbt?.['message']).replaceAll('\r\n', '\n'));
  });

  test.each([
    [159, 'nosuchcol'],
    [160, 'stg_visits'],
    [161, 'no_fixture'],
    [163, 'fct_nothing'],
    [351, 'int_order_totals'],
  ])('a test that cannot be run ends as in dbt (%i)', async (n, name) => {
    const { call, result } = await replay(n);
    expect(result.exitCode, result.stdout).toBe(call.exit);
    expect(result.stdout + result.stderr).toContain(name);
    expect(call.stdout).toContain(name);
    if (call.exit === 1) {
      expect(verdicts(result.stdout)).toEqual(verdicts(call.stdout));
      expect(lastLine(result.stdout)).toBe(lastLine(call.stdout));
    }
  });

  test('rows of an ephemeral input need no SQL, as they do in dbt (162)', async () => {
    const { call, result } = await replay(162);
    expect(call.stdout).toContain('Not able to get columns for unit test');
    expect(result.exitCode, result.stdout).toBe(0);
  });
});

/** The edits since the files were put back, in the scenario of a call. */
function editsBefore(n: number): readonly Step[] {
  for (const name of ['main', 'failures', 'extra']) {
    const steps = readScenario(name);
    const at = steps.findIndex((step) => step.n === n);
    if (at < 0) continue;
    const before = steps.slice(0, at);
    const restored = before.findLastIndex(({ op }) => op === 'restore');
    return before.slice(restored + 1).filter(({ op, path }) => op === 'replace' && path === FILE);
  }
  throw new Error(`call ${n} is in no scenario`);
}

/** Results of unit tests without their times, in the order of their names. */
const verdicts = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/\d+ of \d+ (PASS|FAIL 1|ERROR) (\S+::\S+) /g)]
    .map(([, verdict, name]) => `${verdict} ${name}`)
    .sort();

const unitResult = (artifact: Readonly<Record<string, unknown>>) =>
  (artifact['results'] as readonly Record<string, unknown>[]).find(({ unique_id: id }) =>
    String(id).startsWith('unit_test.'),
  );

/** What is said of the one that failed, up to the place of its compiled file; `velo()` leaves out the times. */
const detailsOf = (stdout: string): string =>
  (/\[ERROR\]: in unit_test[\s\S]*compiled code at \S+/.exec(stdout)?.[0] ?? '').replaceAll(
    /^HH:MM:SS {2}/gm,
    '',
  );

const lastLine = (stdout: string): string => /Done\. .*/.exec(stdout)?.[0] ?? '';
