import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeArtifacts } from './write-artifacts.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'velo-artifacts-'));
});
afterEach(() => rm(root, { recursive: true }));

test('makes the folder, replaces files and leaves nothing beside them', async () => {
  const target = join(root, 'target');
  await writeArtifacts(target, { 'a.json': { old: true }, 'b.json': [1] });
  await writeArtifacts(target, { 'a.json': { text: 'é\n' } });
  expect((await readdir(target)).sort()).toEqual(['a.json', 'b.json']);
  expect(await readFile(join(target, 'a.json'), 'utf8')).toBe('{"text":"é\\n"}');
});

test('a file that cannot be replaced is an error, and nothing is left over', async () => {
  await mkdir(join(root, 'a.json', 'in-the-way'), { recursive: true });
  await expect(writeArtifacts(root, { 'a.json': {} })).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(await readdir(root)).toEqual(['a.json']);
});
