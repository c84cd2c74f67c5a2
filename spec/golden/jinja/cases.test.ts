import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { VeloError } from '../../../src/core/errors.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate, type TemplateSource } from '../../../src/jinja/template.ts';
import { recordedContext } from './context.ts';

interface Case {
  readonly id: string;
  readonly template: string;
  readonly output?: string;
  /** Python's `Type: message`. */
  readonly error?: string;
}

const here = import.meta.dirname;
const shared = join(here, '../../../../shared/reference/jinja');

function readCases(path: string): readonly Case[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Case[];
}

function readMacros(folder: string): readonly TemplateSource[] {
  return ['macros/a.sql', 'macros/b.sql'].map((file) => ({
    file,
    text: readFileSync(join(folder, file), 'utf8'),
  }));
}

function run(template: string, macros: readonly TemplateSource[]) {
  try {
    const source = { file: 'case.sql', text: template };
    return { output: render(parseTemplate(source), recordedContext(macros)).text };
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return { error: error.message };
  }
}

/** Counts the cases of a suite that are as Jinja2 has them, and prints the count at its end. */
function counted(what: string) {
  let all = 0;
  let equal = 0;
  afterAll(() => {
    process.stdout.write(`jinja: ${equal} of ${all} ${what} byte-identical to Jinja2\n`);
  });
  return (id: string, check: () => void) => {
    all += 1;
    it(id, () => {
      check();
      equal += 1;
    });
  };
}

describe('templates recorded with Jinja2', () => {
  const test = counted('cases of our own');
  for (const { id, template, output, error } of readCases(join(here, 'recorded.json'))) {
    test(id, () => {
      const expected = error === undefined ? { output } : { error: error.replace(/^\w+: /, '') };
      expect(run(template, [])).toEqual(expected);
    });
  }
});

const hasShared = existsSync(join(shared, 'cases.json'));

describe.skipIf(!hasShared)('the 183 reference templates (skipped without ../shared)', () => {
  if (!hasShared) return;
  const test = counted('reference cases');
  for (const { id, template, output, error } of readCases(join(shared, 'cases.json'))) {
    test(id, () => {
      const got = run(template, readMacros(shared));
      if (error === undefined) expect(got).toEqual({ output });
      else expect(got.error).toBe(error.replace(/^\w+: /, ''));
    });
  }
});
