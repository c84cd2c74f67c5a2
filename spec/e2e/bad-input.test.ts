import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, makeProject } from './velo.ts';

const SHOP: Files = { 'models/orders.sql': 'select 1 as order_id\n' };
const YAML = 'models/_models.yml';

const BOMB = [...'bcdefghi']
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]`)
  .join('\n');

/** The exit code and what was said; a fault of velo itself says 'internal error'. */
async function parsed(files: Files, prepare?: (dir: string) => void) {
  const project = makeProject({ ...SHOP, ...files });
  prepare?.(project.dir);
  const { exitCode, stdout, stderr } = await project.velo(['parse']);
  return { exitCode, said: stdout + stderr };
}

/** First lines of errors by input: the code, the place and what it is. */
const REFUSED: readonly (readonly [string, Files, string])[] = [
  ['alias bomb', { [YAML]: `a: &a [x]\n${BOMB}\n` }, `yaml-syntax] ${YAML}:1:1\n  its anchors`],
  ['duplicate keys', { [YAML]: 'models:\n  - name: a\n    name: b\n' }, `yaml-syntax] ${YAML}:3:5`],
  ['tabs', { [YAML]: 'models:\n\t- name: a\n' }, `yaml-syntax] ${YAML}:2:1\n  Tabs`],
  ['two documents', { [YAML]: '---\nmodels: []\n---\nmodels: []\n' }, `yaml-syntax] ${YAML}:3:1`],
  ['a scalar', { [YAML]: 'hello\n' }, `yaml-schema] ${YAML}:1:1`],
  ['deep brackets', { [YAML]: `models: ${'['.repeat(100_000)}` }, `yaml-syntax] ${YAML}:1:9`],
  [
    'deep blocks',
    { [YAML]: [...Array(3000).keys()].map((n) => `${' '.repeat(n)}a:\n`).join('') },
    'it nests too deeply',
  ],
  ['__proto__ as a key', { [YAML]: '__proto__:\n  a: 1\n' }, `unknown-key] ${YAML}:1:1`],
  [
    'YAML that is not UTF-8',
    { [YAML]: Buffer.from('models:\n- name: \xff\n', 'latin1') },
    `file-unreadable] ${YAML}:2:1`,
  ],
  [
    'SQL that is not UTF-8',
    { 'models/a.sql': Buffer.from('select\n1 as \xe9\n', 'latin1') },
    'file-unreadable] models/a.sql:2:1',
  ],
  [
    'SQL in UTF-16',
    { 'models/a.sql': Buffer.from('\ufeffselect 1', 'utf16le') },
    'file-unreadable] models/a.sql:1:1',
  ],
  [
    'a binary file',
    { 'models/a.sql': Uint8Array.from({ length: 256 }, (_, byte) => byte) },
    'file-unreadable] models/a.sql:',
  ],
  ['an empty project file', { 'velo_project.yml': '' }, 'yaml-schema] velo_project.yml:1:1'],
  [
    'a file that is a folder',
    { 'models/orders.sql/x': '', 'models/y.sql': '{% if ' },
    'template-syntax] models/y.sql:1:7',
  ],
  [
    'unclosed tags on one line',
    { 'models/a.sql': '{% if '.repeat(100_000) },
    'template-syntax] models/a.sql:1:8',
  ],
  [
    'open brackets',
    { 'models/a.sql': `{{ ${'('.repeat(100_000)}` },
    'template-limit] models/a.sql:1:1',
  ],
  [
    'an endless loop',
    {
      'models/a.sql':
        '{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}',
    },
    'template-limit] models/a.sql:1:33',
  ],
  [
    'gigabytes in YAML',
    { [YAML]: `models:\n  - name: orders\n    config: {enabled: "{{ 'a' * 10**9 }}"}\n` },
    `template-limit] ${YAML}:3:26`,
  ],
  [
    'ref of what all objects have',
    { 'models/a.sql': "select * from {{ ref('constructor') }}" },
    'unknown-ref] models/a.sql:1:18',
  ],
  [
    'env_var of what all objects have',
    { 'models/a.sql': "{{ env_var('constructor') }}" },
    'env-var-missing] models/a.sql:1:4',
  ],
];

describe('bad input is refused with its place', () => {
  const files = (given: Files): Files =>
    Object.hasOwn(given, 'models/orders.sql/x') ? given : { ...SHOP, ...given };
  it.each(REFUSED)('%s', async (_name, given, expected) => {
    const project = makeProject(files(given));
    const { exitCode, stdout, stderr } = await project.velo(['parse']);
    expect(stdout + stderr).toContain(expected);
    expect(stderr).not.toContain('internal error');
    expect(exitCode).toBe(2);
  });

  it('links to themselves, links to folders, folders that are files', async () => {
    const loop = await parsed({}, (dir) => symlinkSync('a.sql', join(dir, 'models/a.sql')));
    expect(loop.said).toContain('error[file-unreadable] models/a.sql:1:1\n  cannot be read: ELOOP');
    const folder = await parsed({}, (dir) => symlinkSync(dir, join(dir, 'models/a.sql')));
    expect(folder.said).toContain(
      'error[file-unreadable] models/a.sql:1:1\n  cannot be read: EISDIR',
    );
    const seeds = await parsed({ seeds: 'no folder' });
    expect(seeds.said).toContain('error[file-unreadable] seeds:1:1\n  is no folder');
    const project = makeProject(SHOP);
    project.remove('velo_project.yml');
    mkdirSync(join(project.dir, 'velo_project.yml'));
    const { stderr } = await project.velo(['parse']);
    expect(stderr).toContain(
      'error[file-unreadable] velo_project.yml:1:1\n  cannot be read: EISDIR',
    );
  });
});

/** Inputs that are odd but mean something. */
const TAKEN: readonly (readonly [string, Files])[] = [
  [
    'a byte-order mark',
    { [YAML]: '\ufeffmodels:\n  - name: orders\n', 'models/orders.sql': '\ufeffselect 1 as id' },
  ],
  ['CRLF', { [YAML]: 'models:\r\n  - name: orders\r\n', 'velo_project.yml': 'name: shop\r\n' }],
  ['empty files', { [YAML]: '', 'macros/a.sql': '', 'models/a.md': '' }],
  ['only comments', { [YAML]: '# a\n# b\n', 'macros/a.sql': '{# nothing #}' }],
  [
    'one anchor used a thousand times',
    {
      [YAML]:
        `x-meta: &m {a: 1}\n`.replace(
          'x-meta',
          'version: 2\nmodels:\n  - name: orders\n    meta:\n      a',
        ) +
        Array(1000)
          .fill(0)
          .map((_, n) => `      k${n}: *m\n`)
          .join(''),
    },
  ],
  [
    'ten thousand keys',
    {
      [YAML]: `models:\n  - name: orders\n    meta:\n${Array.from({ length: 10_000 }, (_, n) => `      k${n}: ${n}\n`).join('')}`,
    },
  ],
  ['a line of five megabytes', { 'models/orders.sql': `select '${'x'.repeat(5_000_000)}' as id` }],
  [
    'a hundred thousand tags on a line',
    { 'models/orders.sql': `select 1 as id /*${'{{ 1 }} '.repeat(100_000)}*/` },
  ],
  [
    'fifty megabytes of YAML',
    {
      [YAML]: `models:\n  - name: orders\n    meta:\n      a:\n${'        - abcdefghijklmnopqrstuvwxyzabcdefghijklmnop\n'.repeat(1_000_000)}`,
    },
  ],
];

describe('odd input works', () => {
  it.each(TAKEN)('%s', { timeout: 60_000 }, async (_name, files) => {
    expect(await parsed(files)).toEqual({ exitCode: 0, said: 'Found 1 model\n' });
  });

  it('names of files in any letters, folders in Windows words, a link to the folder itself', async () => {
    const project = makeProject({
      'velo_project.yml': "name: shop\nmodel-paths: ['.\\models\\all\\']\n",
      'models/all/a b.sql': 'select 1 as id',
      "models/all/größe 'x'.sql": 'select 1 as id',
      'models/all/__proto__.sql': 'select 1 as id',
      'models/all/constructor.sql': "select * from {{ ref('__proto__') }}",
    });
    symlinkSync('.', join(project.dir, 'models/all/loop'));
    const { exitCode, stderr } = await project.velo(['build']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await project.relations()).toEqual(['__proto__', 'a b', 'constructor', "größe 'x'"]);
  });
});
