import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, ROOT, readText } from './documents.ts';

const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')];

/** Code is no prose: `[a](b)` in it is no link. */
const proseOf = (path: string): string =>
  readText(path)
    .replace(/^```.*?^```$/gms, '')
    .replace(/`[^`\n]*`/g, '');

/** GitHub's rule for the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (path: string): string[] =>
  [
    ...readText(path)
      .replace(/^```.*?^```$/gms, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = '']) => anchorOf(heading));

it.each(documents)('%s links to files and headings that exist', (path) => {
  const targets = [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  const broken = local.filter((target) => {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, linked))) return true;
    return anchor !== undefined && !anchorsOf(linked).includes(anchor);
  });
  expect(broken).toEqual([]);
});

it('every page of docs/ can be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const [, target = ''] of proseOf(path).matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g)) {
      if (!/^[a-z]+:/.test(target)) reached.add(join(dirname(path), target));
    }
  }
  expect(documents.filter((path) => !reached.has(path))).toEqual([]);
});
