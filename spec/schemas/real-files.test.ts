import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaName } from '../../scripts/schemas/json-schemas.ts';
import { init } from '../../src/api/init.ts';
import { ROOT } from '../docs/documents.ts';
import { editorFaults, veloFaults } from './check-file.ts';

const BY_NAME: Readonly<Record<string, SchemaName>> = {
  'velo_project.yml': 'project',
  'dbt_project.yml': 'project',
  'profiles.yml': 'profiles',
  'selectors.yml': 'selectors',
  'packages.yml': 'packages',
};

/** The YAML files of a project, each with the schema that is for it. */
const filesOf = (project: string, folders: readonly string[]) =>
  folders.flatMap((folder) =>
    readdirSync(join(project, folder), {
      recursive: folder !== '',
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const schema = BY_NAME[basename(file)] ?? 'properties';
        return { file: relative(project, file), schema, text: readFileSync(file, 'utf8') };
      }),
  );

type ProjectYamlFile = ReturnType<typeof filesOf>[number];

function expectSound({ schema, text }: ProjectYamlFile): void {
  expect(editorFaults(schema, text)).toEqual([]);
  expect(veloFaults(schema, text)).toEqual([]);
}

describe('the racing project', () => {
  const files = filesOf(ROOT, ['', 'models', 'seeds']);
  it('has files', () => expect(files.length).toBeGreaterThan(6));
  it.each(files)('$file fits the schema $schema', expectSound);
});

describe('the golden project', () => {
  it.each(filesOf(join(ROOT, 'spec/golden/plans/project'), ['', 'models']))(
    '$file fits the schema $schema',
    expectSound,
  );
});

const REFERENCE = join(ROOT, '../shared/reference/dbt/project');

describe.skipIf(!existsSync(REFERENCE))('the reference project (skipped without ../shared)', () => {
  const files = existsSync(REFERENCE) ? filesOf(REFERENCE, ['', ...foldersOf(REFERENCE)]) : [];
  it('has its 17 files', () => expect(files.length).toBe(17));
  it.each(files)('$file fits the schema $schema', expectSound);
});

function foldersOf(project: string): string[] {
  return readdirSync(project, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

describe('what `velo init` writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'velo-schemas-'));
  const project = join(folder, 'shop');
  beforeAll(() => init({ folder: project }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('fits the schemas', () => {
    const files = filesOf(project, ['', 'models']);
    expect(files.map(({ file }) => file)).toEqual(['velo_project.yml', 'models/_models.yml']);
    for (const file of files) expectSound(file);
  });

  const firstLines = (of: string) =>
    filesOf(of, ['', 'models']).map(({ text }) => text.split('\n')[0]);

  it('names the schemas of the velo that will be installed in it', () => {
    expect(firstLines(project)).toEqual([
      '# yaml-language-server: $schema=./node_modules/velo/schemas/project.json',
      '# yaml-language-server: $schema=../node_modules/velo/schemas/properties.json',
    ]);
  });

  it('names the schemas of the velo installed above it', async () => {
    mkdirSync(join(folder, 'work/node_modules/velo/schemas'), { recursive: true });
    const inner = join(folder, 'work/projects/shop');
    await init({ folder: inner });
    expect(firstLines(inner)).toEqual([
      '# yaml-language-server: $schema=../../node_modules/velo/schemas/project.json',
      '# yaml-language-server: $schema=../../../node_modules/velo/schemas/properties.json',
    ]);
  });
});
