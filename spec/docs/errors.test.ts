import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { filesBelow, readText } from './documents.ts';

const codes = Object.entries(ERROR_CODES);

it.each(codes)('%s has a page with its title, an example and advice', (code, title) => {
  const page = readText(`docs/errors/${code}.md`);
  expect(page.split('\n')[0]).toBe(`# ${code}: ${title}`);
  expect(page).toContain(`error[${code}]`);
  expect(page).toContain('\n## What to do\n');
});

it('has no page for a code that does not exist', () => {
  const pages = filesBelow('docs/errors', '.md').filter((path) => path !== 'docs/errors/README.md');
  expect(pages).toEqual(codes.map(([code]) => `docs/errors/${code}.md`).sort());
});

it('lists every page', () => {
  const index = readText('docs/errors/README.md');
  for (const [code, title] of codes)
    expect(index).toContain(`| [${code}](${code}.md) | ${title} |`);
});

it('raises every code somewhere', () => {
  const sources = filesBelow('src', '.ts')
    .filter((path) => path !== 'src/core/errors.ts' && !/\w\.test\.ts$/.test(path))
    .map(readText)
    .join('\n');
  expect(codes.map(([code]) => code).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});
