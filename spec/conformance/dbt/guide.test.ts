import { expect, it } from 'vitest';
import { readText } from '../../docs/documents.ts';
import { MEANT } from './meant.ts';

it('the guide has every difference that is meant, and no other', () => {
  const guide = readText('docs/guides/coming-from-dbt.md');
  const section = /## Call by call\n[\s\S]*?(?=\n## )/.exec(guide)?.[0] ?? '';
  const rows = section.split('\n').filter((line) => /^\| (?!\|)/.test(line));
  expect(rows).toEqual(MEANT.map(({ what, dbt, velo }) => `| ${what} | ${dbt} | ${velo} |`));
});
