import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasRecords, RECORDS } from '../dbt/records.ts';
import { ARTIFACTS, artifactFaults, hasSchemas } from './artifact-faults.ts';

type Artifact = Record<string, unknown>;

const ROOT = join(RECORDS, 'artifacts');

const readRecord = (step: string, name: string): Artifact => {
  // The recorder's own word in it.
  const { _note, ...artifact } = JSON.parse(readFileSync(join(ROOT, step, name), 'utf8'));
  return artifact;
};

describe.skipIf(!hasRecords || !hasSchemas)('artifactFaults (skipped without ../shared)', () => {
  it('finds nothing in the artifacts dbt wrote', async () => {
    let count = 0;
    for (const step of readdirSync(ROOT)) {
      const files = new Set(readdirSync(join(ROOT, step)));
      for (const name of ARTIFACTS.filter((one) => files.has(one))) {
        expect(await artifactFaults(name, readRecord(step, name)), `${step} ${name}`).toEqual([]);
        count += 1;
      }
    }
    expect(count).toBe(24);
  });

  it('finds keys that are missing, of another type or too many, also deep down', async () => {
    const { nodes, ...manifest } = readRecord('013-parse', 'manifest.json');
    const id = 'model.shop.stg_orders';
    const { checksum: _, ...node } = (nodes as Record<string, Artifact>)[id] as Artifact;
    expect(await artifactFaults('manifest.json', manifest)).toEqual([
      expect.stringContaining('"missingProperty":"nodes"'),
    ]);
    expect(await artifactFaults('manifest.json', { ...manifest, nodes: { [id]: node } })) //
      .toContainEqual(expect.stringMatching(/model\.shop\.stg_orders .*"checksum"/));
    const { results, ...run } = readRecord('024-test', 'run_results.json');
    const [first] = results as Artifact[];
    expect(await artifactFaults('run_results.json', { ...run, results: [{ ...first, more: 1 }] })) //
      .toContainEqual(expect.stringContaining('"additionalProperty":"more"'));
    expect(
      await artifactFaults('sources.json', {
        ...readRecord('094-freshness', 'sources.json'),
        results: 5,
      }),
    ) //
      .toEqual([expect.stringContaining('/results must be array')]);
  });
});

it('finds what a plan must not have', async () => {
  const metadata = {
    plan_schema_version: 1,
    velo_version: '0.1.0',
    generated_at: '2024-01-02T03:04:05.678Z',
    invocation_id: '0190a5c2-94a3-4f9e-8d4c-6a0f1b2c3d4e',
  };
  const plan = { metadata, as_of_end: '2024-01-02T00:00:00.000Z', late_rows: {}, left_stale: {} };
  expect(await artifactFaults('plan.json', { ...plan, steps: [] })).toEqual([]);
  expect(await artifactFaults('plan.json', plan)).toEqual([expect.stringContaining('/steps')]);
  const late = {
    ...plan,
    steps: [],
    late_rows: { 'model.a.b': [{ start: 'soon', end: '2024-01-02' }] },
  };
  expect(await artifactFaults('plan.json', late)).toEqual([
    expect.stringContaining('/late_rows/model.a.b/0/start'),
  ]);
});
