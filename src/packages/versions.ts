/** A semantic version; `text` is it as written, without a leading v. */
export interface Version {
  readonly text: string;
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly string[];
}

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const REQUIREMENT = /^(>=|<=|>|<|=)?\s*(v?\d.*)$/;

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
  '=': (order) => order === 0,
};

/** `1.2.3`, `v1.2.3`, `1.2.3-rc1`; undefined when it is no version. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease] = VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return {
    text: text.replace(/^v/, ''),
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease?.split('.') ?? [],
  };
}

/** Semver's order: a prerelease stands before its release. Negative when `a` is the lower one. */
export function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const order = number - (b.numbers[index] ?? 0);
    if (order !== 0) return order;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return b.prerelease.length - a.prerelease.length;
  }
  for (const [index, part] of a.prerelease.entries()) {
    const order = comparePart(part, b.prerelease[index]);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function comparePart(a: string, b: string | undefined): number {
  if (b === undefined) return 1;
  const [numberA, numberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numberA && numberB) return Number(a) - Number(b);
  if (numberA !== numberB) return numberA ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Whether dbt's grammar knows it: `1.2.3`, `>=1.0.0`. */
export const isRequirement = (text: string): boolean => requirementOf(text) !== undefined;

function requirementOf(
  text: string,
): { holds: (order: number) => boolean; bound: Version } | undefined {
  const [, matcher = '=', rest = ''] = REQUIREMENT.exec(text.trim()) ?? [];
  const bound = parseVersion(rest);
  const holds = HOLDS[matcher];
  return bound && holds && { holds, bound };
}

/** Whether a version meets every requirement; none are met by any. */
export const fits = (version: Version, requirements: readonly string[]): boolean =>
  requirements.every((text) => {
    const requirement = requirementOf(text);
    return requirement?.holds(compareVersions(version, requirement.bound)) ?? false;
  });

/** The highest version that meets all requirements. Prereleases count when allowed or when a requirement names one. */
export function highestFitting(
  versions: readonly Version[],
  requirements: readonly string[],
  allowPrerelease: boolean,
): Version | undefined {
  const named = requirements.some((text) => requirementOf(text)?.bound.prerelease.length);
  return versions
    .filter(({ prerelease }) => prerelease.length === 0 || allowPrerelease || named)
    .filter((version) => fits(version, requirements))
    .toSorted(compareVersions)
    .at(-1);
}
