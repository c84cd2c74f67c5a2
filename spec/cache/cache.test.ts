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

const set =
  (path: string, text: string | ((before: string) => string)) =>
  (files: Files): Files => ({
    ...files,
    [path]: typeof text === 'string' ? text : text(files[path] ?? ''),
  });

const remove =
  (path: string) =>
  ({ [path]: _, ...files }: Files): Files =>
    files;

const replace = (path: string, from: string, to: string) =>
  set(path, (before) => before.replaceAll(from, to));

/** Ways a node can change without its own file. */
const EDITS: Readonly<Record<string, (files: Files) => Files>> = {
  'its file': replace('models/marts/mart_b.sql', 'as n', 'as m'),
  'its references': replace('models/marts/mart_b.sql', 'mart_a', 'stg_a'),
  'a reference to nothing': replace('models/marts/mart_b.sql', 'mart_a', 'mart_x'),
  'a circle': replace('models/staging/stg_b.sql', 'select', "-- {{ ref('mart_b') }}\nselect"),
  'its config call': replace('models/marts/mart_a.sql', 'table', 'view'),
  'its alias': replace('models/marts/mart_a.sql', 'table', "view', alias='stg_a"),
  'another materialization': replace('models/marts/mart_a.sql', 'table', 'ephemeral'),
  'it is disabled': replace(
    'models/marts/mart_b.sql',
    'select',
    '{{ config(enabled=false) }}select',
  ),
  'a template that fails': replace(
    'models/marts/mart_b.sql',
    "{{ var('first') }}",
    '{{ no_such() }}',
  ),
  'its entry': replace('models/staging/_staging.yml', '[b]', '[b, c]'),
  'a test more': replace(
    'models/staging/_staging.yml',
    '[b]}',
    '[b]}\n    columns: [{name: one, data_tests: [unique]}]',
  ),
  'a test less': replace('models/staging/_staging.yml', '[unique, not_null]', '[unique]'),
  'an entry of nothing': replace('models/staging/_staging.yml', 'stg_b', 'stg_c'),
  'an entry elsewhere': (files) =>
    replace(
      'models/staging/_staging.yml',
      '  - name: stg_b\n    config: {tags: [b]}\n',
      '',
    )(
      replace(
        'models/marts/_marts.yml',
        'groups:',
        '  - name: stg_b\n    description: moved\ngroups:',
      )(files),
    ),
  'an entry twice': replace('models/marts/_marts.yml', 'groups:', '  - name: stg_b\ngroups:'),
  'a source': replace(
    'models/staging/_staging.yml',
    'name: raw',
    'name: raw\n    schema: elsewhere',
  ),
  'a source more': replace(
    'models/staging/_staging.yml',
    '      - name: b',
    '      - name: c\n      - name: b',
  ),
  'files of a source': set('data/a.csv', 'id\n1\n2\n'),
  'YAML that is none': set('models/staging/_staging.yml', 'models: ['),
  'YAML of a wrong shape': replace('models/staging/_staging.yml', 'config: {tags', 'confg: {tags'),
  'no YAML': remove('models/marts/_marts.yml'),
  'YAML with comments': set('models/staging/_staging.yml', (text) => `# x\n${text}`),
  'a macro it calls': set('macros/one.sql', '{% macro one() %}2{% endmacro %}'),
  'a macro of a macro': set('macros/two.sql', '{% macro two() %}2{% endmacro %}'),
  'a macro more, in the place of an internal one': set(
    'macros/names.sql',
    '{% macro generate_schema_name(name, node) %}{{ name or "none" }}{% endmacro %}',
  ),
  'a test macro': set('macros/few_rows.sql', (text) =>
    text.replace('select count', 'select  1 + count'),
  ),
  'a macro less': remove('macros/two.sql'),
  'a docs block': set('models/docs.md', '{% docs words %}Other words.{% enddocs %}'),
  'a group': replace('models/marts/_marts.yml', 'us}', 'them}'),
  'a group of another name': replace('models/marts/_marts.yml', '- name: core', '- name: rim'),
  selectors: set('selectors.yml', 'selectors:\n  - name: all\n    definition: "*"\n'),
  'vars of the project file': replace('velo_project.yml', 'first: 1', 'first: 3'),
  'config of the project file': replace('velo_project.yml', '+schema: marts', '+schema: arts'),
  'vars of a package': replace('tools/velo_project.yml', 'tool: 1', 'tool: 2'),
  'config of the project for a package': replace(
    'velo_project.yml',
    '  shop:',
    '  tools: {+tags: [t]}\n  shop:',
  ),
  'a macro of a package': replace('tools/macros/tool.sql', 'var(', '1 + var('),
  'a seed': set('seeds/codes.csv', 'id,name\n1,eins\n'),
  'a singular test': replace('tests/no_rows.sql', 'false', 'true'),
  'a snapshot': replace('snapshots/history.sql', "'all'", "['id']"),
  'a snapshot of another name': replace(
    'snapshots/history.sql',
    'snapshot history',
    'snapshot past',
  ),
  'a model more': set('models/marts/mart_c.sql', "select * from {{ ref('mart_b') }}"),
  'a model less': remove('tests/no_rows.sql'),
  'a model less that is needed': remove('models/staging/stg_a.sql'),
  versions: replace(
    'models/staging/_staging.yml',
    '  - name: stg_b',
    '  - name: stg_b\n    versions: [{v: 1, defined_in: stg_b}]',
  ),
  'an exposure': set(
    'models/exposures.yml',
    "exposures:\n  - name: board\n    type: dashboard\n    owner: {name: us}\n    depends_on: [ref('mart_b')]\n",
  ),
  'a unit test': set(
    'models/unit.yml',
    'unit_tests:\n  - name: none\n    model: mart_b\n    given: []\n    expect: {rows: []}\n',
  ),
  'the id of the run': replace(
    'models/staging/stg_a.sql',
    '*',
    "'{{ invocation_id[:0] }}' as run, *",
  ),
  'a warning': replace(
    'models/staging/stg_a.sql',
    'select',
    "{% do exceptions.warn('mind') %}select",
  ),
};

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
    'full of something else': (file) => writeFileSync(file, '{"format":5,"nodes":[1,2,3]}'),
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
