import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VeloError, VeloErrors } from '../core/errors.ts';
import { findPackages, type PackagesConfig } from './find-packages.ts';

function makeFolder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'velo-packages-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const shownPaths = (files: Readonly<Record<string, string>>, config: PackagesConfig = {}) => {
  const dir = makeFolder(files);
  const places = findPackages(dir, config);
  expect(places.map(({ rootDir }) => rootDir)).toEqual(
    places.map(({ shownPath }) => join(dir, shownPath)),
  );
  return places.map(({ shownPath }) => shownPath);
};

function codesOf(files: Readonly<Record<string, string>>): (string | undefined)[] {
  try {
    findPackages(makeFolder(files), {});
    return [];
  } catch (error) {
    const errors = error instanceof VeloErrors ? error.errors : [error];
    return errors.map((one) => (one instanceof VeloError ? one.code : String(one)));
  }
}

const UTILS = 'packages:\n  - package: dbt-labs/dbt_utils\n    version: [">=1.0.0", "<2.0.0"]\n';
const lockOf = (version: string, more = '') =>
  `packages:\n  - package: dbt-labs/dbt_utils\n    name: dbt_utils\n    version: ${version}\n${more}`;
const INSTALLED = { 'dbt_packages/dbt_utils/dbt_project.yml': 'name: dbt_utils\n' };
const MARKER = 'dbt_packages/dbt_utils/.velo-package.json';

it('no list, no packages', () => {
  expect(shownPaths({})).toEqual([]);
  expect(shownPaths({ 'packages.yml': '# none yet\n' })).toEqual([]);
});

describe('local packages', () => {
  it('are where they are, also those of packages; without a lock', () => {
    const files = {
      'packages.yml': 'packages: [{local: a}]\n',
      'a/dbt_project.yml': 'name: a\n',
      'a/packages.yml': 'packages: [{local: inner}, {local: b}]\n',
      'a/inner/velo_project.yml': 'name: inner\n',
      'b/dbt_project.yml': 'name: b\n',
    };
    expect(shownPaths(files)).toEqual(['a', 'a/inner', 'b']);
  });

  it('that are not there are an error', () => {
    expect(codesOf({ 'packages.yml': 'packages: [{local: a}, {local: b}]\n' })).toEqual([
      'package-unavailable',
    ]);
  });
});

describe('installed packages', () => {
  it('are found by the lock', () => {
    const files = { 'packages.yml': UTILS, 'package-lock.yml': lockOf('1.3.0'), ...INSTALLED };
    expect(shownPaths(files)).toEqual(['dbt_packages/dbt_utils']);
  });

  it('are found in packages-install-path', () => {
    const files = {
      'packages.yml': UTILS,
      'package-lock.yml': lockOf('1.3.0'),
      'parts/dbt_utils/dbt_project.yml': 'name: dbt_utils\n',
    };
    expect(shownPaths(files, { 'packages-install-path': 'parts' })).toEqual(['parts/dbt_utils']);
  });

  it.each([
    ['no lock', { ...INSTALLED }],
    ['not installed', { 'package-lock.yml': lockOf('1.3.0') }],
    ['a version that does not fit', { 'package-lock.yml': lockOf('2.0.0'), ...INSTALLED }],
    [
      'another version than the locked one',
      {
        'package-lock.yml': lockOf('1.3.0'),
        ...INSTALLED,
        [MARKER]: '{"package":"dbt-labs/dbt_utils","version":"1.2.0"}\n',
      },
    ],
  ])('%s: velo deps has to run', (_, files) => {
    expect(codesOf({ 'packages.yml': UTILS, ...files })).toEqual(['packages-missing']);
  });

  it('a git package whose revision changed in the list only', () => {
    const git = (revision: string) =>
      `packages:\n  - git: https://host/x.git\n    revision: ${revision}\n`;
    const files = {
      'packages.yml': git('1.1.0'),
      'package-lock.yml': `${git('a'.repeat(40))}    name: x\nsha1_hash: of-another-list\n`,
      'dbt_packages/x/dbt_project.yml': 'name: x\n',
    };
    expect(codesOf(files)).toEqual(['packages-missing']);
  });
});

it.each(['../../etc', 'a/b', '..'])('a lock cannot lead out of the install folder: %s', (name) => {
  const lock = lockOf('1.3.0').replace('name: dbt_utils', `name: ${name}`);
  expect(codesOf({ 'packages.yml': UTILS, 'package-lock.yml': lock, ...INSTALLED })).toEqual([
    'yaml-schema',
  ]);
});
