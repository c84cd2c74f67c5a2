import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { type GitRepository, makeRepository, removeRepository } from './git-repository.ts';
import { type CliResult, type Files, makeProject, type TestProject } from './velo.ts';

/** A hub of bare repositories, gone when the test is finished. */
function makeHub(): { readonly dir: string; add(name: string): GitRepository } {
  const dir = mkdtempSync(join(tmpdir(), 'velo-hub-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return { dir, add: (name) => makeRepository(dir, name) };
}

const projectFile = (name: string, version = '1'): Files => ({
  'dbt_project.yml': `name: ${name}\nversion: '${version}'\n`,
  'macros/which.sql': `{% macro which() %}${version}{% endmacro %}\n`,
});

/** acme/my_tools with 1.0.0, 1.1.0, 2.0.0, 2.1.0-rc1 as tags and a branch. */
function makeTools(hub: ReturnType<typeof makeHub>) {
  const repository = hub.add('acme/my-tools');
  const commits = new Map(
    ['1.0.0', '1.1.0', '2.0.0', '2.1.0-rc1'].map((tag) => [
      tag,
      repository.commit(projectFile('my_tools', tag), { tag }),
    ]),
  );
  const next = repository.commit(projectFile('my_tools', 'next'), { branch: 'next' });
  return { ...repository, commits, next };
}

const shop = (packages: string, more: Files = {}): TestProject =>
  makeProject({ 'packages.yml': `packages:\n${packages}`, ...more });

async function deps(project: TestProject, hubDir: string, ...args: string[]): Promise<CliResult> {
  return project.velo(['deps', ...args], { env: { VELO_PACKAGE_HUB: hubDir } });
}

async function good(project: TestProject, hubDir = '', ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await deps(project, hubDir, ...args);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

async function refusal(project: TestProject, hubDir = ''): Promise<string> {
  const { exitCode, stderr } = await deps(project, hubDir);
  expect(exitCode).toBe(2);
  return stderr.replaceAll(hubDir || '\0', '<hub>');
}

const installed = (project: TestProject): string[] =>
  project.exists('dbt_packages') ? readdirSync(join(project.dir, 'dbt_packages')).sort() : [];

describe('as dbt recorded it', () => {
  const toolbox = { 'packages/toolbox/dbt_project.yml': 'name: toolbox\n' };
  const LOCK = `packages:
  - local: packages/toolbox
    name: toolbox
sha1_hash: f49182c945c376c1a1d53d2cf49cccb21c087952
`;

  it('a local package: 007, 008, 009', async () => {
    const project = shop('  - local: packages/toolbox\n', toolbox);
    expect(await good(project)).toBe(`Updating lock file in file path: <project>/package-lock.yml
Installing packages/toolbox
Installed from <local @ packages/toolbox>
`);
    expect(project.read('package-lock.yml')).toBe(LOCK);
    expect(await good(project)).toBe(`Installing packages/toolbox
Installed from <local @ packages/toolbox>
`);
    expect(await good(project, '', '--lock')).toBe('');
    // It is read where it is.
    expect(project.exists('dbt_packages')).toBe(false);
  });

  it('its JSON events: 104', async () => {
    const project = shop('  - local: packages/toolbox\n', {
      ...toolbox,
      'package-lock.yml': LOCK,
    });
    const lines = (await good(project, '', '--log-format', 'json')).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ info, data }) => [info.name, info.level, info.msg, data])).toEqual([
      [
        'DepsStartPackageInstall',
        'info',
        'Installing packages/toolbox',
        { package_name: 'packages/toolbox' },
      ],
      [
        'DepsInstallInfo',
        'info',
        'Installed from <local @ packages/toolbox>',
        { version_name: '<local @ packages/toolbox>' },
      ],
    ]);
  });
});

describe('hub packages', () => {
  const ONES = '  - package: acme/my_tools\n    version: [">=1.0.0", "<2.0.0"]\n';

  it('are installed at the highest version that fits, and locked', async () => {
    const hub = makeHub();
    const tools = makeTools(hub);
    const project = shop(ONES);
    expect(
      await good(project, hub.dir),
    ).toBe(`Updating lock file in file path: <project>/package-lock.yml
Installing acme/my_tools
Installed from version 1.1.0
Updated version available: 2.0.0
Updates available for packages: acme/my_tools. Update your versions in packages.yml, then run velo deps
`);
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('1.1.0');
    expect(installed(project)).toEqual(['my_tools']);
    // What is locked and installed needs no network.
    removeRepository(tools);
    expect(await good(project, hub.dir)).toBe(
      'Installing acme/my_tools\nInstalled from version 1.1.0\n',
    );
  });

  it('stay at the locked version until --upgrade', async () => {
    const hub = makeHub();
    const tools = makeTools(hub);
    const project = shop(ONES);
    await good(project, hub.dir);
    tools.commit(projectFile('my_tools', '1.2.0'), { tag: 'v1.2.0' });
    project.remove('dbt_packages');
    await good(project, hub.dir);
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('1.1.0');
    await good(project, hub.dir, '--upgrade');
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('1.2.0');
    expect(project.read('package-lock.yml')).toContain('version: 1.2.0\n');
  });

  it('take a prerelease only when asked', async () => {
    const hub = makeHub();
    makeTools(hub);
    const wide = '  - package: acme/my_tools\n    version: ">=1.0.0"\n';
    const project = shop(wide);
    expect(await good(project, hub.dir)).toContain('Installed from version 2.0.0\nUp to date!\n');
    project.write({ 'packages.yml': `packages:\n${wide}    install-prerelease: true\n` });
    expect(await good(project, hub.dir)).toContain('Installed from version 2.1.0-rc1\n');
  });

  it('tell which versions there are when none fits', async () => {
    const hub = makeHub();
    makeTools(hub);
    expect(
      await refusal(shop('  - package: acme/my_tools\n    version: 9.0.0\n'), hub.dir),
    ).toMatchInlineSnapshot(`
      "error[package-unavailable] packages.yml:2:5
        acme/my_tools has no version 9.0.0
        2 |   - package: acme/my_tools
                ^
        hint: it has 1.0.0, 1.1.0, 2.0.0, 2.1.0-rc1
        docs: docs/errors/package-unavailable.md
      "
    `);
  });

  it('tell where they were looked for', async () => {
    const hub = makeHub();
    expect(
      await refusal(shop('  - package: acme/my_tols\n    version: 1.0.0\n'), hub.dir),
    ).toMatchInlineSnapshot(`
      "error[package-unavailable] packages.yml:2:5
        hub package acme/my_tols has no repository at <hub>/acme/my-tols, <hub>/acme/my_tols, <hub>/acme/dbt_my_tols, <hub>/acme/dbt-my-tols
        git cannot read <hub>/acme/my-tols
        fatal: '<hub>/acme/my-tols' does not appear to be a git repository
        2 |   - package: acme/my_tols
                ^
        hint: is the name right? A package that is elsewhere can be listed by its address: git
        docs: docs/errors/package-unavailable.md
      "
    `);
  });
});

describe('git packages', () => {
  it.each(['1.0.0', 'next', 'commit', 'short'])('at a %s', async (what) => {
    const hub = makeHub();
    const { url, commits, next } = makeTools(hub);
    const first = commits.get('1.0.0') ?? '';
    const revision = { commit: first, short: first.slice(0, 10) }[what] ?? what;
    const project = shop(`  - git: ${url}\n    revision: "${revision}"\n`);
    const commit = what === 'next' ? next : first;
    expect(await good(project)).toContain(`Installed from revision ${commit}\n`);
    expect(project.read('package-lock.yml')).toContain(`revision: ${commit}\n`);
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain(
      what === 'next' ? 'next' : '1.0.0',
    );
    expect(project.exists('dbt_packages/my_tools/.git')).toBe(false);
  });

  it('that are not pinned are warned of, once they are locked a new commit changes nothing', async () => {
    const hub = makeHub();
    const { url, commit } = makeTools(hub);
    const project = shop(`  - git: ${url}\n`);
    expect(await good(project)).toContain(
      `[WARNING]: The git package "${url}" is not pinned, using HEAD (default branch).`,
    );
    commit(projectFile('my_tools', 'later'));
    expect(await good(project)).not.toContain('[WARNING]');
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('2.1.0-rc1');
    const quiet = shop(`  - git: ${url}\n    warn-unpinned: false\n`);
    expect(await good(quiet)).not.toContain('[WARNING]');
  });

  it('in a folder of their repository, with a name that is not ASCII', async () => {
    const hub = makeHub();
    const repository = hub.add('mono');
    repository.commit(
      { 'größe/dbt_project.yml': 'name: inner\n', 'README.md': 'outside\n' },
      { tag: '1.0.0' },
    );
    const project = shop(
      `  - git: ${repository.url}\n    revision: 1.0.0\n    subdirectory: größe\n`,
    );
    expect(await good(project)).toContain('and subdirectory größe\n');
    expect(readdirSync(join(project.dir, 'dbt_packages/inner')).sort()).toEqual([
      '.velo-package.json',
      'dbt_project.yml',
    ]);
    expect(await good(project)).toContain('Installing');
  });

  it('say which revision is missing', async () => {
    const hub = makeHub();
    const { url } = makeTools(hub);
    expect(
      await refusal(shop(`  - git: ${url}\n    revision: 1.0.1\n`), hub.dir),
    ).toMatchInlineSnapshot(`
      "error[package-unavailable] packages.yml:2:5
        <hub>/acme/my-tools has no revision '1.0.1'
        2 |   - git: <hub>/acme/my-tools
                ^
        hint: did you mean '1.0.0'?
        docs: docs/errors/package-unavailable.md
      "
    `);
  });

  it('never show a password', async () => {
    const project = shop(
      `  - git: "https://me:{{ env_var('TOKEN') }}@127.0.0.1:1/acme/tools.git"\n    revision: 1.0.0\n`,
    );
    const env = { TOKEN: 'hunter2' };
    const { exitCode, stdout, stderr } = await project.velo(['deps'], { env });
    expect(exitCode).toBe(2);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stderr).toContain('git cannot read https://127.0.0.1:1/acme/tools.git');
  });
});

describe('tarballs', () => {
  it('are fetched and unpacked', async () => {
    const project = shop('');
    project.write({ 'made/inner-1/dbt_project.yml': 'name: inner\n' });
    execFileSync('tar', ['-czf', 'inner.tgz', '-C', 'made', 'inner-1'], { cwd: project.dir });
    const bytes = readFileSync(join(project.dir, 'inner.tgz'));
    const server = createServer((_, answer) => void answer.end(bytes));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const url = `http://127.0.0.1:${port}/inner.tgz`;
    project.write({ 'packages.yml': `packages:\n  - tarball: ${url}\n    name: inner\n` });
    expect(await good(project)).toContain(`Installed from tarball (url: ${url})\n`);
    expect(project.read('dbt_packages/inner/dbt_project.yml')).toBe('name: inner\n');
  });
});

describe('packages of packages', () => {
  const asking = (version: string) =>
    `packages:\n  - package: acme/my_tools\n    version: ${version}\n`;

  it('take the highest version that suits all', async () => {
    const hub = makeHub();
    makeTools(hub);
    hub
      .add('acme/reports')
      .commit({ ...projectFile('reports'), 'packages.yml': asking('"<2.0.0"') }, { tag: '1.0.0' });
    // The project alone would get 2.0.0.
    const project = shop(
      '  - package: acme/my_tools\n    version: ">=1.0.0"\n  - package: acme/reports\n    version: 1.0.0\n',
    );
    await good(project, hub.dir);
    expect(installed(project)).toEqual(['my_tools', 'reports']);
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('1.1.0');
  });

  it('conflict: who asks for what', async () => {
    const hub = makeHub();
    makeTools(hub);
    const project = shop('  - package: acme/my_tools\n    version: 2.0.0\n  - local: inner\n', {
      'inner/dbt_project.yml': 'name: inner\n',
      'inner/packages.yml': asking('["<1.1.0"]'),
    });
    expect(await refusal(project, hub.dir)).toMatchInlineSnapshot(`
      "error[package-conflict] packages.yml:2:5
        no version of acme/my_tools suits all who ask for it:
          packages.yml asks for 2.0.0
          inner/packages.yml asks for <1.1.0
        2 |   - package: acme/my_tools
                ^
        hint: widen one of the ranges, or take versions of the packages that agree
        docs: docs/errors/package-conflict.md
      "
    `);
    expect(project.exists('package-lock.yml')).toBe(false);
    expect(project.exists('dbt_packages')).toBe(false);
  });

  it('a list of a local package that changed is noticed', async () => {
    const hub = makeHub();
    makeTools(hub);
    const project = shop('  - local: inner\n', { 'inner/dbt_project.yml': 'name: inner\n' });
    await good(project, hub.dir);
    project.write({ 'inner/packages.yml': asking('1.0.0') });
    await good(project, hub.dir);
    expect(installed(project)).toEqual(['my_tools']);
  });

  it('a circle ends', async () => {
    const project = shop('  - local: a\n', {
      'a/dbt_project.yml': 'name: a\n',
      'a/packages.yml': 'packages: [{local: b}]\n',
      'b/dbt_project.yml': 'name: b\n',
      'b/packages.yml': 'packages: [{local: a}]\n',
    });
    expect(await good(project)).toContain('Installing a\n');
    expect(project.read('package-lock.yml').match(/local: \w/g)).toEqual(['local: a', 'local: b']);
  });

  it.each([
    ['the project’s own name', 'name: shop\n', "has the project's own name 'shop'"],
    ['the name of another', 'name: a\n', "two packages are named 'a': a (in packages.yml) and b"],
  ])('%s is refused', async (_, text, expected) => {
    const project = shop('  - local: a\n  - local: b\n', {
      'a/dbt_project.yml': 'name: a\n',
      'b/dbt_project.yml': text,
    });
    const stderr = await refusal(project);
    expect(stderr).toContain('error[package-conflict] packages.yml:3:5\n');
    expect(stderr).toContain(expected);
  });
});

describe('the list', () => {
  it('is strict', async () => {
    const project = shop(
      '  - git: https://host/x\n    revison: 1.0.0\n  - pakage: a/b\n  - package: a/b\n    version: ~1.0\n',
    );
    expect(await refusal(project)).toMatchInlineSnapshot(`
      "error[unknown-key] packages.yml:3:5
        unknown key 'revison' under packages.#1
        3 |     revison: 1.0.0
                ^
        hint: did you mean 'revision'?

      error[yaml-schema] packages.yml:4:5
        an entry of packages does not say where it is from
        4 |   - pakage: a/b
                ^
        hint: did you mean 'package'?

      error[yaml-schema] packages.yml:6:14
        packages.#3.version must be a version such as 1.2.3 or a range such as [">=1.0.0", "<2.0.0"]
        6 |     version: ~1.0
                         ^

      3 errors
        docs: docs/errors/unknown-key.md, docs/errors/yaml-schema.md
      "
    `);
  });

  it('may stand in dependencies.yml, but not in both', async () => {
    const files = { 'inner/dbt_project.yml': 'name: inner\n' };
    const list = 'packages: [{local: inner}]\n';
    const project = makeProject({ ...files, 'dependencies.yml': list });
    expect(await good(project)).toContain('Installing inner\n');
    project.write({ 'packages.yml': list });
    expect(await refusal(project)).toContain('packages are listed in both packages.yml and');
  });

  it('without packages nothing is done', async () => {
    expect(await good(makeProject({}))).toBe('Warning: No packages were found in packages.yml\n');
  });

  it('gets a package with --add-package and keeps its comments', async () => {
    const hub = makeHub();
    makeTools(hub);
    const project = shop('  # ours\n  - local: inner\n', {
      'inner/dbt_project.yml': 'name: inner\n',
    });
    const before = project.read('packages.yml');
    const dry = await good(project, hub.dir, '--add-package', 'acme/my_tools@1.0.0', '--dry-run');
    expect(dry).toContain('Would install acme/my_tools from version 1.0.0\n');
    expect(project.read('packages.yml')).toBe(before);
    expect(project.exists('package-lock.yml')).toBe(false);
    await good(project, hub.dir, '--add-package', 'acme/my_tools@1.0.0');
    expect(project.read('packages.yml')).toBe(
      `${before}  - package: acme/my_tools\n    version: 1.0.0\n`,
    );
    const again = await good(project, hub.dir, '--add-package', 'acme/my_tools@>=1.0.0,<2.0.0');
    expect(again).toContain('Found duplicate package in packages.yml, removing: acme/my_tools\n');
    expect(project.read('dbt_packages/my_tools/macros/which.sql')).toContain('1.1.0');
  });
});

it('a killed install leaves nothing half done', async () => {
  const hub = makeHub();
  const { url } = makeTools(hub);
  const project = shop(`  - git: ${url}\n    revision: 1.0.0\n`);
  const { PATH = '' } = readEnvironment();
  // The real git, with time to be killed before the files are written.
  const slow = join(hub.dir, 'bin');
  mkdirSync(slow);
  const started = join(project.dir, 'started');
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(slow, 'git'),
    `#!/bin/sh\ncase "$*" in *checkout*) touch "${started}"; sleep 2;; esac\nexec ${real} "$@"\n`,
  );
  chmodSync(join(slow, 'git'), 0o755);
  const run = project.start(['deps'], { env: { PATH: `${slow}:${PATH}` } });
  while (!existsSync(started)) await wait(20);
  run.child.kill('SIGKILL');
  await run.ended;
  expect(installed(project).filter((name) => !name.startsWith('.staging-'))).toEqual([]);
  await wait(2500);
  await good(project);
  expect(installed(project)).toEqual(['my_tools']);
});

it('what is not listed any more is removed, what velo did not install stays', async () => {
  const hub = makeHub();
  makeTools(hub);
  const project = shop('  - package: acme/my_tools\n    version: 1.0.0\n');
  await good(project, hub.dir);
  project.write({ 'packages.yml': 'packages: []\n', 'dbt_packages/mine/notes.txt': 'x' });
  await good(project, hub.dir);
  expect(installed(project)).toEqual(['mine']);
});

it('velo clean removes the install folder when clean-targets names it', async () => {
  const hub = makeHub();
  makeTools(hub);
  const project = shop('  - package: acme/my_tools\n    version: 1.0.0\n', {
    'velo_project.yml':
      'name: shop\npackages-install-path: parts\nclean-targets: [target, parts]\n',
  });
  await good(project, hub.dir);
  expect(project.exists('parts/my_tools/dbt_project.yml')).toBe(true);
  await project.velo(['clean']);
  expect(project.exists('parts')).toBe(false);
});
