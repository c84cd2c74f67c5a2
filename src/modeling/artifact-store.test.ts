import { mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadArtifact, removeArtifact, storeArtifact, unnamedArtifacts } from './artifact-store.ts';

const folder = () => mkdtemp(join(tmpdir(), 'velo-artifacts-'));

const FILES = { 'model.json': '{"format":1}', 'model.txt': 'tree\n' };

it('what was stored is loaded, and the same files are stored once', async () => {
  const dir = await folder();
  const stored = await storeArtifact(dir, 'win', FILES);
  expect(await loadArtifact(dir, stored)).toEqual(FILES);
  expect(await storeArtifact(dir, 'win', { ...FILES })).toEqual(stored);
  expect(await readdir(join(dir, 'win'))).toEqual([stored.sha256.slice(0, 12)]);
});

it('the list of checksums is one that sha256sum -c reads', async () => {
  const dir = await folder();
  const stored = await storeArtifact(dir, 'win', { 'model.txt': 'hello\n' });
  const { readFile } = await import('node:fs/promises');
  // printf 'hello\n' | sha256sum
  expect(await readFile(join(dir, stored.uri, 'SHA256SUMS'), 'utf8')).toBe(
    '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  model.txt\n',
  );
});

it('a file that was edited, cut off or removed is an error', async () => {
  const dir = await folder();
  const stored = await storeArtifact(dir, 'win', FILES);
  await writeFile(join(dir, stored.uri, 'model.txt'), 'tre');
  await expect(loadArtifact(dir, stored)).rejects.toMatchObject({ code: 'model-artifact' });
  await writeFile(join(dir, stored.uri, 'model.txt'), FILES['model.txt']);
  expect(await loadArtifact(dir, stored)).toEqual(FILES);
  await removeArtifact(dir, stored.uri);
  await expect(loadArtifact(dir, stored)).rejects.toMatchObject({ code: 'model-artifact' });
  expect(await readdir(dir)).toEqual([]);
});

it('files and their list that were changed together are an error too', async () => {
  const dir = await folder();
  const [stored, other] = [
    await storeArtifact(dir, 'win', FILES),
    await storeArtifact(dir, 'win', { ...FILES, 'model.txt': 'other\n' }),
  ];
  await expect(loadArtifact(dir, { ...stored, uri: other.uri })).rejects.toMatchObject({
    message: expect.stringContaining('not the one that was registered'),
  });
});

it('folders nobody names are found once they are a day old, forgotten ones at once', async () => {
  const dir = await folder();
  const [a, b, c] = [
    await storeArtifact(dir, 'win', FILES),
    await storeArtifact(dir, 'win', { 'model.txt': 'b' }),
    await storeArtifact(dir, 'place', { 'model.txt': 'c' }),
  ];
  const none = new Set<string>();
  expect(await unnamedArtifacts(dir, new Set([a.uri]), none)).toEqual([]);
  expect(await unnamedArtifacts(dir, new Set([a.uri]), new Set([b.uri]))).toEqual([b.uri]);
  await utimes(join(dir, c.uri), 1, 1);
  expect(await unnamedArtifacts(dir, new Set([a.uri, b.uri]), none)).toEqual([c.uri]);
});
