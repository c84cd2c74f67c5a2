import { expect, test } from 'vitest';
import { annotation } from './github-lines.ts';
import { literal, summaryMarkdown } from './github-summary.ts';

const places = { workspace: '/checkout', projectDir: '/checkout/shop' };

test('a finding is one command, whatever it holds', () => {
  const span = { file: 'models/a, b:c.sql', line: 3, column: 7 };
  const message = '100%\r\n::error::no, `x` | y\n##[group]z';
  expect(annotation({ level: 'error', span, title: 'a,b::c\n::stop', message }, places)).toBe(
    '::error file=shop/models/a%2C b%3Ac.sql,line=3,col=7,title=a%2Cb%3A%3Ac%0A%3A%3Astop::100%25%0D%0A::error::no, `x` | y%0A##[group]z\n',
  );
});

test('a file outside of the workspace is not named', () => {
  const span = { file: '../../elsewhere/a.sql', line: 1, column: 1 };
  expect(annotation({ level: 'warning', span, title: 't', message: 'm' }, places)).toBe(
    '::warning title=t::m\n',
  );
});

test('text of a project is text in the summary: no link, tag, cell, code or mention', () => {
  const evil = 'a|b\n<img src=x> [l](http://x.y) `c` **b** @me &amp; www.z.org #1 :tada:';
  const shown = literal(evil);
  expect(shown.replaceAll(/&#\d+;|<br>/g, '')).toMatch(/^[\p{L}\p{N}\s/-]*$/u);
  const finding = { level: 'error', span: undefined, title: 't', message: evil } as const;
  const outcome = { kind: 'failure', type: 'fail', message: evil, text: '' } as const;
  const cases = [{ file: '', name: evil, durationMs: 5, outcome, findings: [finding] }];
  const summary = summaryMarkdown({ name: 'velo test', cases, elapsedMs: 1500, filled: [] });
  const rows = summary.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.map((row) => row.split('|').length)).toEqual([5, 5, 5, 4, 4, 4]);
  expect(summary.split('\n')[0]).toBe('### ❌ velo test: 1 failed, 1.50s');
});
