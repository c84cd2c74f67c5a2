import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, openProject, query, type TestProject } from '../e2e/velo.ts';
import {
  hasRecords,
  type Invocation,
  readCompiled,
  readInvocations,
  readRelations,
  readRunResults,
  readTree,
  SHOP,
} from './records.ts';

const MODEL = 'models/marts/incremental/fct_events_daily.sql';
const ID = 'model.shop.fct_events_daily';

/** dbt's clock stood at 2024-01-10: the days it built are asked for. */
const SIX_DAYS = ['--event-time-start', '2024-01-05', '--event-time-end', '2024-01-11'];

/** The scenario `microbatch` in its order; each call goes on from where the one before it stopped. */
describe.skipIf(!hasRecords)('microbatch as dbt was recorded (skipped without ../shared)', () => {
  if (!hasRecords) return;
  const calls = new Map(
    [...readInvocations().values()].map((call) => [call.name.replace(/^\d+-/, ''), call]),
  );
  const dir = mkdtempSync(join(tmpdir(), 'velo-microbatch-'));
  let shop: TestProject;

  beforeAll(async () => {
    cpSync(SHOP, dir, { recursive: true });
    shop = openProject(dir, {});
    const inputs = await shop.velo(['build', '--select', 'stg_events', 'raw_events']);
    expect(inputs.exitCode, inputs.stdout).toBe(0);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const callOf = (name: string): Invocation => {
    const call = calls.get(name);
    if (!call) throw new Error(`${name} was not recorded`);
    return call;
  };

  async function expectSame(name: string, more: readonly string[] = []): Promise<CliResult> {
    const call = callOf(name);
    const result = await shop.velo([...call.args, ...more], { env: call.env });
    expect(result.exitCode, result.stdout + result.stderr).toBe(call.exit);
    expect(linesOf(result.stdout)).toEqual(linesOf(call.stdout));
    return result;
  }

  test('the first build (021-build-first): batches, and the SQL of each', async () => {
    const { stdout } = await shop.velo(['run', '--select', 'fct_events_daily', ...SIX_DAYS]);
    expect(batchesOf(stdout)).toEqual(batchesOf(callOf('build-first').stdout));
    const mine = (files: ReadonlyMap<string, string>) =>
      [...files].filter(([file]) => file.includes('/fct_events_daily/'));
    const compiled = readTree(join(dir, 'target/compiled'));
    expect(mine(compiled)).toHaveLength(6);
    expect(new Map(mine(compiled))).toEqual(new Map(mine(readCompiled('duckdb-first'))));
  });

  test('a full refresh: the rows are the same', async () => {
    await expectSame('mb-full-refresh', SIX_DAYS);
    await expectRows('304-mb-full-refresh');
  });

  test('a window that ends within a day', () => expectSame('mb-window'));

  test('a day that fails, and retries of it alone', async () => {
    const partial = await expectSame('mb-partial');
    expect(partial.stdout).toContain('Completed with 1 partial success and 0 warnings\n');
    expectResult('307-mb-partial', ['status', 'message', 'failures', 'compiled', 'batch_results']);
    // dbt says ERROR where velo says why.
    await expectSame('mb-retry-still');
    expectResult('308-mb-retry-still', ['status', 'failures', 'compiled', 'batch_results']);
    await expectSame('mb-retry-fixed');
    expectResult('309-mb-retry-fixed', ['status', 'message', 'failures', 'batch_results']);
    await expectRows('309-mb-retry-fixed');
  });

  test('a first day that fails leaves the others out, and the old table stands', async () => {
    await expectSame('mb-first-fails');
    expectResult('310-mb-first-fails', ['status', 'failures', 'compiled', 'batch_results']);
    await expectRows('309-mb-retry-fixed');
    await expectSame('mb-first-fails-retry');
  });

  test('the log as JSON has its events', async () => {
    const call = callOf('mb-json-log');
    const { stdout } = await shop.velo(call.args, { env: call.env });
    const recorded = eventsOf(call.stdout);
    expect(recorded.length).toBe(4);
    expect(eventsOf(stdout)).toEqual(recorded);
  });

  test('threads change nothing', () => expectSame('mb-threads'));

  test('settings that are missing or wrong are refused in dbt’s words', async () => {
    await expectRefused('mb-no-begin', "    begin='2024-01-05',\n", '');
    await expectRefused('mb-bad-batch-size', "batch_size='day'", "batch_size='week'");
    await expectRefused('mb-no-event-time', "    event_time='happened_at',\n", '');
  });

  test('an input without event_time is warned of', async () => {
    const result = await changed(
      'models/staging/_staging.yml',
      'event_time: happened_at',
      'meta: {x: 1}',
      () => expectSame('mb-input-without-event-time'),
    );
    const warning = /The microbatch model .*\n.*in the resulting microbatch model\./;
    const recorded = warning.exec(callOf('mb-input-without-event-time').stdout)?.[0];
    expect(result.stdout).toContain(recorded);
  });

  test('a unique_key is refused on DuckDB by the first batch', async () => {
    const old = "unique_key=('event_id' if target.type == 'postgres' else none)";
    const result = await changed(MODEL, old, "unique_key='event_id'", () =>
      expectSame('mb-unique-key-duckdb'),
    );
    expect(result.stdout).toContain(
      "microbatch incremental strategy does not support 'unique_key'. Microbatch runs delete+insert per batch",
    );
  });

  async function expectRefused(name: string, old: string, text: string): Promise<void> {
    const call = callOf(name);
    const { exitCode, stderr } = await changed(MODEL, old, text, () => shop.velo(call.args));
    const message = /Parsing Error\n {2}(.+)\n/.exec(call.stdout)?.[1];
    expect(message).toBeDefined();
    expect(stderr).toContain(message);
    expect(exitCode).toBe(call.exit);
  }

  /** The file is as it was when `use` is done. */
  async function changed<T>(
    path: string,
    old: string,
    text: string,
    use: () => Promise<T>,
  ): Promise<T> {
    const file = join(dir, path);
    const before = readFileSync(file, 'utf8');
    expect(before).toContain(old);
    writeFileSync(file, before.replace(old, text));
    try {
      return await use();
    } finally {
      writeFileSync(file, before);
    }
  }

  function expectResult(record: string, keys: readonly string[]): void {
    const pick = (results: unknown) => {
      const all = (results as { results: readonly Record<string, unknown>[] }).results;
      const found = all.find((one) => one['unique_id'] === ID);
      return keys.map((key) => [key, found?.[key]]);
    };
    expect(pick(shop.readJson('target/run_results.json'))).toEqual(pick(readRunResults(record)));
  }

  async function expectRows(record: string): Promise<void> {
    const { columns, rows } = readRelations(record)['main.fct_events_daily'] ?? {
      columns: [],
      rows: [],
    };
    expect(rows.length).toBeGreaterThan(0);
    const list = columns.map(([column]) => column).join(', ');
    const found = await query(
      join(dir, 'shop.duckdb'),
      `select ${list} from main.fct_events_daily`,
    );
    const sorted = (all: readonly unknown[]) => all.map((row) => JSON.stringify(row)).sort();
    expect(sorted(found)).toEqual(sorted(rows));
  }
});

/** Lines of the model and its batches, without what changes from run to run. */
function linesOf(stdout: string): readonly string[] {
  return stdout
    .replace(/^HH:MM:SS {2}/gm, '')
    .replace(/ in (?:N\.NN|\d+\.\d\d)s\]/g, ' in N.NNs]')
    .split('\n')
    .filter((line) => /fct_events_daily/.test(line) && /^(?:Batch )?\d+ of \d+ /.test(line));
}

/** Without the lines of the model, which tell its place among others. */
const batchesOf = (stdout: string): readonly string[] =>
  linesOf(stdout).filter((line) => line.startsWith('Batch '));

/** Events of batches: name, place among the others, what they say of themselves. */
function eventsOf(stdout: string): readonly unknown[] {
  const entries = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  return entries
    .filter(({ info }) => /Batch/.test(info.name))
    .map(({ info, data }) => [
      info.name,
      data.batch_index,
      data.total_batches,
      data.description,
      data.status,
    ]);
}
