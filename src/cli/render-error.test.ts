import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, DatabaseError, ProjectError, VeloErrors } from '../core/errors.ts';
import { renderError } from './render-error.ts';
import { createStyle, PLAIN } from './terminal/style.ts';

const projectDir = mkdtempSync(join(tmpdir(), 'velo-render-error-'));
const options = { projectDir, style: PLAIN };

function write(file: string, text: string): void {
  mkdirSync(join(projectDir, file, '..'), { recursive: true });
  writeFileSync(join(projectDir, file), text);
}

beforeAll(() => {
  write('models/a.sql', "select *\nleft join {{ ref('traner_velocity') }} tv\n");
  write('models/tab.sql', '\t\tno_such_col\r\n');
  write('models/wide.sql', "'香港🐎' || no_such_col\n");
  write('models/long.sql', `${'a, '.repeat(100)}no_such_col${', b'.repeat(100)}\n`);
});
afterAll(() => rmSync(projectDir, { recursive: true }));

const at = (file: string, line: number, column: number) => ({ span: { file, line, column } });

describe('one error', () => {
  it('has code, place, message, line, caret, trace and hint', () => {
    const error = new ProjectError('unknown-ref', "ref('traner_velocity') matches no node", {
      ...at('models/a.sql', 2, 14),
      hint: "did you mean 'trainer_velocity'?",
      trace: [
        { text: 'macro shrunk_rate', span: { file: 'macros/rates.sql', line: 12, column: 5 } },
      ],
    });
    expect(renderError(error, options).split('\n')).toEqual([
      'error[unknown-ref] models/a.sql:2:14',
      "  ref('traner_velocity') matches no node",
      "  2 | left join {{ ref('traner_velocity') }} tv",
      '                   ^',
      '  in macro shrunk_rate (macros/rates.sql:12:5)',
      "  hint: did you mean 'trainer_velocity'?",
      '  docs: docs/errors/unknown-ref.md',
    ]);
  });

  it('says once that a macro calls itself, and how often', () => {
    const span = { file: 'macros/total.sql', line: 1, column: 29 };
    const again = Array.from({ length: 399 }, () => ({ text: "macro 'total'", span }));
    const first = { text: "macro 'total'", span: { file: 'models/a.sql', line: 1, column: 4 } };
    const trace = [...again, first];
    const error = new ProjectError('template-limit', 'too deep', { trace });
    expect(renderError(error, options).split('\n').slice(2)).toEqual([
      "  in macro 'total' (macros/total.sql:1:29), 399 times",
      "  in macro 'total' (models/a.sql:1:4)",
      '  docs: docs/errors/template-limit.md',
    ]);
  });

  it.each([
    ['models/tab.sql', 3, '  1 |         no_such_col', '              ^'],
    ['models/wide.sql', 11, "  1 | '香港🐎' || no_such_col", '                  ^'],
  ])('the caret stands under the cell: %s', (file, column, line, caret) => {
    const error = new DatabaseError('database-error', 'x', 'select', at(file, 1, column));
    expect(renderError(error, options).split('\n').slice(2, 4)).toEqual([line, caret]);
  });

  it('a long line is cut on both sides of the column', () => {
    const error = new DatabaseError('database-error', 'x', 'select', at('models/long.sql', 1, 301));
    expect(
      renderError(error, { ...options, width: 46 })
        .split('\n')
        .slice(2, 4),
    ).toEqual(['  1 | … a, a, a, a, a, a, no_such_col, b, b, …', '                          ^']);
  });

  it.each([
    ['models/none.sql', 1],
    ['models/a.sql', 99],
    ['models', 1],
  ])('no line, no frame: %s:%i', (file, line) => {
    const error = new ProjectError('yaml-syntax', 'bad', at(file, line, 1));
    expect(renderError(error, options)).toBe(
      `error[yaml-syntax] ${file}:${line}:1\n  bad\n  docs: docs/errors/yaml-syntax.md`,
    );
  });

  it('a message of several lines is indented and obeyed by no terminal', () => {
    const error = new ConfigError('usage', 'one\ntwo \u001b[2Jthree');
    expect(renderError(error, options)).toBe(
      'error[usage]\n  one\n  two \ufffd[2Jthree\n  docs: docs/errors/usage.md',
    );
  });

  it('is coloured where colours are wanted', () => {
    const text = renderError(new ConfigError('usage', 'bad'), {
      projectDir,
      style: createStyle(true),
    });
    expect(text).toBe(
      '\u001b[1m\u001b[31merror[usage]\u001b[39m\u001b[22m\n  bad\n\u001b[2m  docs: docs/errors/usage.md\u001b[22m',
    );
  });
});

it('several errors stand apart and are counted; each page is named once, at the end', () => {
  const errors = [
    new ConfigError('usage', 'a'),
    new ProjectError('unknown-ref', 'b'),
    new ConfigError('usage', 'c'),
  ];
  expect(renderError(new VeloErrors(errors), options)).toBe(
    'error[usage]\n  a\n\nerror[unknown-ref]\n  b\n\nerror[usage]\n  c\n\n3 errors\n' +
      '  docs: docs/errors/usage.md, docs/errors/unknown-ref.md',
  );
  expect(renderError(new VeloErrors(errors.slice(0, 1)), options)).toBe(
    'error[usage]\n  a\n  docs: docs/errors/usage.md',
  );
});

describe('what velo did not raise', () => {
  it('is a bug, with its stack', () => {
    const text = renderError(new TypeError('x is undefined'), options);
    expect(text).toMatch(/^internal error, please report:\nTypeError: x is undefined\n {4}at /);
  });

  it.each([['text'], [undefined], [null], [42]])('may be anything: %j', (thrown) => {
    expect(renderError(thrown, options)).toBe(`internal error, please report:\n${thrown}`);
  });

  it('may not even be printable', () => {
    expect(renderError(Object.create(null), options)).toBe(
      'internal error, please report: an error that cannot be printed',
    );
  });
});
