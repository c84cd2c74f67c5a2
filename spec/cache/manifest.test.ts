import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from '../../src/api/parse.ts';
import { EDITS, replace } from './edits.ts';
import { SMALL_PROJECT, writeProject } from './small-project.ts';

const root = mkdtempSync(join(tmpdir(), 'velo-manifest-'));
afterAll(() => rmSync(root, { recursive: true }));

/** manifest.json without what is new in every run; undefined for a project with faults. */
async function manifestOf(projectDir: string, targetPath: string): Promise<unknown> {
  const environment = { HOME: join(projectDir, 'home') };
  try {
    await parse({ projectDir, targetPath, environment, emit: () => undefined });
  } catch {
    return undefined;
  }
  const text = readFileSync(join(projectDir, targetPath, 'manifest.json'), 'utf8');
  const { metadata: _, ...rest } = JSON.parse(text, (key, value: unknown) =>
    key === 'created_at' ? 0 : value,
  ) as Readonly<Record<string, unknown>>;
  return rest;
}

test.each(Object.entries(EDITS))(
  'after a change it says what a first one would: %s',
  async (name, change) => {
    const projectDir = join(root, name.replaceAll(/\W/g, '_'));
    writeProject(projectDir, SMALL_PROJECT);
    const first = await manifestOf(projectDir, 'target');
    expect(first).toBeDefined();
    const changed = change(SMALL_PROJECT);
    writeProject(projectDir, changed, SMALL_PROJECT);
    expect(await manifestOf(projectDir, 'target')).toEqual(await manifestOf(projectDir, 'fresh'));
    const again = replace('models/marts/mart_b.sql', 'select', 'select /* more */')(changed);
    writeProject(projectDir, again, changed);
    expect(await manifestOf(projectDir, 'target')).toEqual(await manifestOf(projectDir, 'fresh2'));
    writeProject(projectDir, SMALL_PROJECT, again);
    if (name !== 'files of a source') expect(await manifestOf(projectDir, 'target')).toEqual(first);
  },
);
