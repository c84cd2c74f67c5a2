import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MacroFile, readPackage } from './global-macros-b/harness.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHARED = join(ROOT, '../shared/reference/dbt/macros.json');

interface Recorded {
  readonly kind: string;
  readonly args: readonly { readonly name: string; readonly default?: string }[] | null;
  readonly file: string;
}

/** The folders this file answers for; `global-macros-a` has the others. */
const SHARE =
  /materializations\/|generic_test_sql\/|^tests\/|unit_test_sql\/|python_model\/|snapshot_helper|^macros\/seed\.sql|flights/;

const hasShared = existsSync(SHARED);

describe.skipIf(!hasShared)('macros dbt has (skipped without ../shared)', () => {
  if (!hasShared) return;
  const recorded = readJson(SHARED) as Record<string, Record<string, Recorded>>;
  const leftOut = readJson(join(ROOT, 'global_macros/left-out-b.json')) as Record<
    string,
    Record<string, string>
  >;
  for (const [name, macros] of Object.entries(recorded)) {
    const files = readPackage(name);
    for (const [macro, { kind, args, file }] of Object.entries(macros)) {
      if (!SHARE.test(file)) continue;
      it(`${name}.${macro}`, () => {
        const signature = { kind, args: args ?? [], file: file.replace(/^macros\//, '') };
        const reason = leftOut[name]?.[macro];
        expect(find(files, macro)).toEqual(reason === undefined ? signature : undefined);
      });
    }
    it(`${name} leaves out only what dbt has`, () => {
      const unknown = Object.keys(leftOut[name] ?? {}).filter((macro) => !macros[macro]);
      expect(unknown).toEqual([]);
    });
  }
});

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function find(files: readonly MacroFile[], name: string): Recorded | undefined {
  for (const { file, macros } of files) {
    const macro = macros.find((candidate) => candidate.name === name);
    if (macro) return { kind: macro.kind, args: argumentsOf(macro.text), file };
  }
  return undefined;
}

/** Arguments as written in the opening tag; none of our defaults holds a comma or parenthesis. */
function argumentsOf(text: string): NonNullable<Recorded['args']> {
  const list = /^\{%-?\s*\w+\s+\w+\s*\(([^)]*)\)/.exec(text)?.[1] ?? '';
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', written] = part.split(/\s*=\s*/);
      return written === undefined ? { name } : { name, default: written };
    });
}
