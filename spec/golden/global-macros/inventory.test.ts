import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { hasRecords, readJson, SKIPPED } from './records.ts';

const FOLDER = join(import.meta.dirname, '../../../global_macros');

interface Signature {
  readonly kind: string;
  readonly args: readonly { readonly name: string; readonly default?: string }[];
  readonly file: string;
}

type ByPackage<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

const leftOut = JSON.parse(
  readFileSync(join(FOLDER, 'left-out.json'), 'utf8'),
) as ByPackage<string>;

/** The macros of a package by name. */
function shipped(packageName: string): ReadonlyMap<string, Signature> {
  const folder = join(FOLDER, packageName);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.sql'));
  const found = files.flatMap((file) => {
    const { macros } = parseTemplate({ file, text: readFileSync(join(folder, file), 'utf8') });
    return macros.map(
      ({ name, kind, text }) => [name, { kind, args: argumentsOf(text), file }] as const,
    );
  });
  return new Map(found);
}

/** Arguments as written in the opening tag, which a default may not end: `api.x('integer')` may be one. */
function argumentsOf(text: string): Signature['args'] {
  const tag = /^\{%-?\s*\w+\s+\w+\s*(.*?)\s*-?%\}/s.exec(text)?.[1] ?? '';
  const list = tag.replace(/^\((.*)\)$/s, '$1');
  const parts = [...list.matchAll(/(?:[^,(["']|"[^"]*"|'[^']*'|\([^)]*\)|\[[^\]]*\])+/g)].map(
    ([part]) => part.trim(),
  );
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', written] = /^(\w+)(?:\s*=\s*(.*))?$/s.exec(part) ?? [];
      return written === undefined ? { name } : { name, default: written };
    });
}

describe.skipIf(!hasRecords)(`dbt's macros ${SKIPPED}`, () => {
  if (!hasRecords) return;
  const recorded = readJson('macros.json') as ByPackage<
    Omit<Signature, 'args'> & { readonly args?: Signature['args'] | null }
  >;
  const packages = Object.keys(recorded);

  it.each(packages)('of %s have the same file, kind and arguments', (packageName) => {
    const ours = shipped(packageName);
    const wanted = Object.entries(recorded[packageName] ?? {})
      .filter(([name]) => leftOut[packageName]?.[name] === undefined)
      .map(([name, { kind, args, file }]) => {
        return [name, { kind, args: args ?? [], file: file.replace(/^macros\//, '') }] as const;
      });
    const found = wanted.map(([name]) => [name, ours.get(name)] as const);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  });

  it.each(packages)('of %s that are left out exist in dbt, not here, and have a reason', (name) => {
    const ours = shipped(name);
    for (const [macro, reason] of Object.entries(leftOut[name] ?? {})) {
      expect(recorded[name]).toHaveProperty(macro);
      expect(ours.has(macro)).toBe(false);
      expect(reason).toMatch(/\w{4,}.* \w+/);
    }
  });

  it('are all accounted for', () => {
    const all = packages.flatMap((name) => Object.keys(recorded[name] ?? {}));
    const out = packages.flatMap((name) => Object.keys(leftOut[name] ?? {}));
    const there = packages.flatMap((name) => {
      const ours = shipped(name);
      return Object.keys(recorded[name] ?? {}).filter((macro) => ours.has(macro));
    });
    process.stdout.write(`${there.length} of ${all.length} macros, ${out.length} left out\n`);
    expect(there.length + out.length).toBe(all.length);
  });
});
