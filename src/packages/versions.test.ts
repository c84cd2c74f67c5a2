import { describe, expect, it } from 'vitest';
import { compareVersions, fits, highestFitting, isRequirement, parseVersion } from './versions.ts';

const version = (text: string) => {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`${text} is no version`);
  return parsed;
};

describe('order', () => {
  // The chain of semver.org, §11.
  const chain =
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 2.0.0 2.1.0 2.1.1'.split(
      ' ',
    );

  it('is semver’s', () => {
    const sorted = chain.toReversed().map(version).toSorted(compareVersions);
    expect(sorted.map(({ text }) => text)).toEqual(chain);
  });

  it('counts, and does not spell', () => {
    expect(compareVersions(version('1.10.0'), version('1.9.0'))).toBeGreaterThan(0);
    expect(compareVersions(version('v1.2.3'), version('1.2.3+build.5'))).toBe(0);
  });
});

it.each(['1.0', '1', 'main', '1.2.3.4', '', 'release-1.2.3'])('%s is no version', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

it.each([
  ['1.2.3', ['1.2.3'], true],
  ['1.2.3', ['=1.2.3'], true],
  ['1.2.4', ['1.2.3'], false],
  ['1.2.3', ['>=1.0.0', '<2.0.0'], true],
  ['2.0.0', ['>=1.0.0', '<2.0.0'], false],
  ['1.0.0', ['>1.0.0'], false],
  ['1.0.0', ['<=1.0.0'], true],
  ['0.0.1', [], true],
] as const)('%s fits %j: %s', (text, requirements, expected) => {
  expect(fits(version(text), requirements)).toBe(expected);
});

it.each(['~1.0.0', '^1.0.0', '>=1.0', '*', '1.x'])('%s is not in dbt’s grammar', (text) => {
  expect(isRequirement(text)).toBe(false);
});

describe('highest', () => {
  const all = ['1.0.0', '1.10.0', '1.9.0', '2.0.0', '2.1.0-rc1'].map(version);
  it.each([
    [[], false, '2.0.0'],
    [[], true, '2.1.0-rc1'],
    [['<2.0.0'], false, '1.10.0'],
    [['2.1.0-rc1'], false, '2.1.0-rc1'],
    [['>=3.0.0'], true, undefined],
  ] as const)('%j, prereleases %s: %s', (requirements, prerelease, expected) => {
    expect(highestFitting(all, requirements, prerelease)?.text).toBe(expected);
  });
});
