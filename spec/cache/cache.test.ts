import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type DumpOptions, dumpProject } from './dump-project.ts';
import { EDITS, replace } from './edits.ts';
import { type Files, SMALL_PROJECT, writeProject } from './small-project.ts';

const root = mkdtempSync(join(tmpdir(), 'velo-cache-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
function newName(prefix: string): string {
  count += 1;
  return `${prefix}${count}`;
}

type Surroundings = Pick<DumpOptions, 'vars' | 'environment' | 'inline'>;

/** A project that is read with its cache and, into an empty folder, without. */
function project(files: Files = SMALL_PROJECT) {
  const projectDir = join(root, newName('p'));
  let now = files;
  writeProject(projectDir, now);
  const cached = (more: Surroundings = {}) =>
    dumpProject({ projectDir, targetPath: 'target', ...more });
  return {
    projectDir,
    target: join(projectDir, 'target'),
    files: () => now,
    cached,
    edit(change: (files: Files) => Files) {
      const next = change(now);
      writeProject(projectDir, next, now);
      now = next;
    },
    async expectSame(more: Surroundings = {}) {
      const targetPath = newName('fresh');
      const fresh = await dumpProject({ projectDir, targetPath, ...more });
      rmSync(join(projectDir, targetPath), { recursive: true, force: true });
      expect(await cached(more)).toEqual(fresh);
      return fresh;
    },
  };
}

test('the same without change', async () => {
  const { expectSame, target } = project();
  expect(await expectSame()).toMatchObject({ projectName: 'shop' });
  const before = readdirSync(target);
  await expectSame();
  expect(readdirSync(target)).toEqual(before);
});

describe('a change is seen at once, after others, and when it is taken back', () => {
  test.each(Object.entries(EDITS))('%s', async (name, change) => {
    const { edit, expectSame, files } = project();
    const before = files();
    const first = await expectSame();
    edit(change);
    const second = await expectSame();
    expect(second).not.toEqual(first);
    await expectSame();
    edit(replace('models/marts/mart_b.sql', 'select', 'select /* more */'));
    await expectSame();
    edit(() => before);
    const last = await expectSame();
    // A file of a source has another time of change, whatever is in it.
    if (name !== 'files of a source') expect(last).toEqual(first);
  });
});

test('only the file that changed is read', async () => {
  const { cached, edit, target, files } = project();
  await cached();
  const size = () =>
    readdirSync(target)
      .filter((name) => name.startsWith('parse_nodes.'))
      .map((name) => readFileSync(join(target, name), 'utf8'));
  const [whole = ''] = size();
  edit(replace('models/marts/mart_b.sql', 'as n', 'as changed'));
  await cached();
  const added = size().find((text) => text !== whole) ?? '';
  const bodies = Object.values(files()).filter((text) => /^\S*select|^\{\{/.test(text));
  const kept = bodies.filter((text) => added.includes(JSON.stringify(text.trim()).slice(1, -1)));
  expect(kept).toEqual([files()['models/marts/mart_b.sql']]);
});

test('vars, environment and target', async () => {
  const { expectSame } = project();
  const plain = await expectSame();
  for (const more of [
    { vars: '{first: 9}' },
    { environment: { MOOD: 'bad' } },
    { vars: '{second: 9}' },
  ]) {
    await expectSame(more);
    expect(await expectSame()).toEqual(plain);
  }
  expect(await expectSame({ environment: { MOOD: 'bad' } })).not.toEqual(plain);
});

test('an inline query sees the project, and leaves nothing behind', async () => {
  const { expectSame, cached } = project();
  const plain = await cached();
  const inline = await expectSame({ inline: "select * from {{ ref('mart_a') }}" });
  expect(JSON.stringify(inline)).toContain('inline_query');
  expect(await expectSame()).toEqual(plain);
});

test('a touched file is the same file', async () => {
  const { projectDir, expectSame } = project();
  const before = await expectSame();
  for (const path of ['models/marts/mart_a.sql', 'models/marts/_marts.yml']) {
    utimesSync(join(projectDir, path), 1, 1);
  }
  expect(await expectSame()).toEqual(before);
});

describe('a cache that is damaged or foreign is no harm', () => {
  const damage: Readonly<Record<string, (file: string) => void>> = {
    truncated: (file) => truncateSync(file, 100),
    emptied: (file) => writeFileSync(file, ''),
    'full of something else': (file) => writeFileSync(file, '{"format":6,"nodes":[1,2,3]}'),
    'of the same size': (file) => writeFileSync(file, 'x'.repeat(readFileSync(file).length)),
    removed: (file) => rmSync(file),
  };
  test.each(Object.entries(damage))('%s', async (_, harm) => {
    const { target, expectSame } = project();
    const before = await expectSame();
    for (const kind of ['parse_index', 'parse_nodes']) {
      const name = readdirSync(target).find((one) => one.startsWith(kind)) ?? '';
      harm(join(target, name));
      expect(await expectSame()).toEqual(before);
    }
  });
});

test('property: any edits in any order, with and without a run between them', async () => {
  const names = Object.keys(EDITS);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...names, 'back'), fc.boolean()), {
        minLength: 1,
        maxLength: 8,
      }),
      async (steps) => {
        const { edit, expectSame, projectDir } = project();
        await expectSame();
        for (const [name, isRun] of steps) {
          edit(EDITS[name] ?? (() => SMALL_PROJECT));
          if (isRun) await expectSame();
        }
        await expectSame();
        rmSync(projectDir, { recursive: true });
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
