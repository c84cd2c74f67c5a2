import { expect, test } from 'vitest';
import { loadProject } from '../../src/api/load-project.ts';
import { manifestInput } from '../../src/api/manifest-input.ts';
import { manifestArtifact } from '../../src/artifacts/manifest.ts';
import { artifactFaults } from '../artifacts/artifact-faults.ts';
import { hasRecords } from './records.ts';
import { withShop } from './shop.ts';

test.skipIf(!hasRecords)(
  'the manifest of dbt’s reference project is valid against dbt’s schema (skipped without ../shared)',
  async () => {
    const artifact = await withShop(async ({ dir }) => {
      const environment = { HOME: dir };
      const project = await loadProject({ projectDir: dir, environment, emit: () => undefined });
      return manifestArtifact(manifestInput(project));
    });
    const written = JSON.parse(JSON.stringify(artifact));
    expect(await artifactFaults('manifest.json', written)).toEqual([]);
  },
  60_000,
);
