import { describe, expect, it } from 'vitest';
import { listHash } from './lock-file.ts';
import { parsePackageList } from './read-package-list.ts';

const asWritten = (value: unknown) => value;
const hashOf = (yaml: string) => listHash(parsePackageList('packages.yml', yaml, asWritten).specs);

describe('the hash of the list is dbt’s', () => {
  it('of a local package, as recorded from dbt 1.12 (007-deps)', () => {
    expect(hashOf('packages:\n  - local: packages/toolbox\n')).toBe(
      'f49182c945c376c1a1d53d2cf49cccb21c087952',
    );
  });

  // Locks dbt wrote in public projects.
  it('of one hub package', () => {
    const list = 'packages:\n  - package: dbt-labs/dbt_utils\n    version: [">=0.0.1", "<1.1.1"]\n';
    expect(hashOf(list)).toBe('c379ac39bb523bb6d2ea319a2b9ba6b07d46b3f7');
  });

  it('of two hub packages, in any order', () => {
    const utils = '  - {package: dbt-labs/dbt_utils, version: [">=1.0.0", "<2.0.0"]}\n';
    const codegen = '  - {package: dbt-labs/codegen, version: [">=0.12.0", "<1.0.0"]}\n';
    const hash = '3d022e02fec86997200c7bcf766bad95171c0a52';
    expect(hashOf(`packages:\n${utils}${codegen}`)).toBe(hash);
    expect(hashOf(`packages:\n${codegen}${utils}`)).toBe(hash);
  });
});

it('a password is no part of the hash', () => {
  const render = (secret: string) => (value: unknown) =>
    JSON.parse(JSON.stringify(value).replace('{{ secret }}', secret));
  const yaml = 'packages:\n  - git: "https://me:{{ secret }}@host/x.git"\n    revision: 1.0.0\n';
  const hash = (secret: string) =>
    listHash(parsePackageList('packages.yml', yaml, render(secret)).specs);
  expect(hash('one')).toBe(hash('two'));
});
