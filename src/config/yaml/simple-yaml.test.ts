import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { Span } from '../../core/span.ts';
import { simpleFile } from './simple-places.ts';
import { readSimpleYaml } from './simple-yaml.ts';
import { readWholeYaml } from './whole-yaml.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

const EXAMPLE = `---
# a comment
version: 2
models:
  - name: orders   # trailing
    description: >
      Folded text
      of two lines.

      And a third.
    config: {tags: [a, 'b c', "d\\te"], meta: {owner: {team: 7}}}
    columns:
    - name: id
      data_tests: [unique, not_null]
    - name: 'it''s'
      tests:
        - accepted_values:
            values: [1, -2.5, .5, 1e3, 012, true, False, null, ~, yes, 2024-01-01, 0.10.1]
  - name: other
    description: plain text
      over lines: and: colons
    empty:
nested:
  - - a
    - b
  -
    - c
  - |
    kept
      as it is
  - |-
    no end
  - >-
    one
    line
other: http://example.com/x?y=1
"quoted": 'x'
`.replace('lines: and: colons', 'lines\n\n      and a gap');

/** By the rules of YAML 1.2's core schema, worked out by hand. */
const EXPECTED = {
  version: 2,
  models: [
    {
      name: 'orders',
      description: 'Folded text of two lines.\nAnd a third.\n',
      config: { tags: ['a', 'b c', 'd\te'], meta: { owner: { team: 7 } } },
      columns: [
        { name: 'id', data_tests: ['unique', 'not_null'] },
        {
          name: "it's",
          tests: [
            {
              accepted_values: {
                values: [
                  ...[1, -2.5, 0.5, 1000, 12, true, false, null, null],
                  ...['yes', '2024-01-01', '0.10.1'],
                ],
              },
            },
          ],
        },
      ],
    },
    { name: 'other', description: 'plain text over lines\nand a gap', empty: null },
  ],
  nested: [['a', 'b'], ['c'], 'kept\n  as it is\n', 'no end', 'one line'],
  other: 'http://example.com/x?y=1',
  quoted: 'x',
};

describe('readSimpleYaml', () => {
  it('reads what projects write', () => {
    expect(readSimpleYaml(EXAMPLE)?.value).toEqual(EXPECTED);
    expect(readSimpleYaml(EXAMPLE.replaceAll('\n', '\r\n'))?.value).toEqual(EXPECTED);
  });

  it.each([
    ['anchors', 'a: &x 1\nb: *x'],
    ['tags', 'a: !!str 1'],
    ['merge keys', 'a:\n  <<: {b: 1}'],
    ['duplicate keys', 'a: 1\na: 2'],
    ['duplicate keys in braces', '{a: 1, a: 2}'],
    ['tabs', 'a:\t1'],
    ['a byte order mark', '\ufeffa: 1'],
    ['several documents', 'a: 1\n---\nb: 2'],
    ['a key that is a number', '1: a'],
    ['a key that is a prototype', '__proto__: {a: 1}'],
    ['a value that looks like a mapping', 'a: b: c'],
    ['an unclosed bracket', 'a: [1, 2'],
    ['an unclosed quote', 'a: "b'],
    ['bad indentation', 'a:\n    b: 1\n  c: 2'],
    ['a template in braces', 'a: {{ x }}'],
    ['no document', '# nothing\n'],
    ['a lone text', 'text'],
    ['lists nested too deeply', '['.repeat(100_000)],
  ])('leaves %s to the whole parser', (_, text) => {
    expect(readSimpleYaml(text)).toBeUndefined();
  });

  it('reads what the yaml library reads, to the place of every value', () => {
    const texts = corpus();
    const read = texts.filter((text) => readSimpleYaml(text));
    for (const text of read) expectEqualReading(text);
    expect(read.length).toBeGreaterThan(texts.length / 2);
  });

  it('reads damaged texts as the yaml library does, or not at all', () => {
    let read = 0;
    fc.assert(
      fc.property(damaged(corpus()), (text) => {
        if (!readSimpleYaml(text)) return;
        read += 1;
        expectEqualReading(text);
      }),
      { numRuns: 1500, seed: 4 },
    );
    expect(read).toBeGreaterThan(150);
  });
});

/** The YAML files of this repository that are not too long to ask for every place, and the example. */
function corpus(): string[] {
  const root = join(import.meta.dirname, '../../..');
  const files = ['models', 'seeds', 'tests', 'spec'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ya?ml$/.test(path))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );
  return [EXAMPLE, ...files.filter((text) => text.length < 5000)];
}

const PIECES = [
  ...[' ', '  ', '\n', '\n  ', '- ', '-', ': ', ':', ' #', '#', '"', "'", '|', '>', '|-', '>+'],
  ...['[', ']', '{', '}', ',', 'a: 1', '\n\n', '*a', '&a', '!t', '~', 'null', '1', '0x1', '.'],
  ...['---', '...', '? ', '<<: ', '%', '@', '`', '\\', 'é', '\u00a0', '1_0', '1e', '0o7', '.inf'],
];

/** A few lines of a text with pieces put in, taken out and replaced. */
function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(400),
    width: fc.nat(2),
    piece: fc.constantFrom('', ...PIECES),
  });
  return fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(200),
      fc.integer({ min: 1, max: 14 }),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
    )
    .map(([text, from, count, edits]) => {
      const lines = text.split('\n');
      const start = from % lines.length;
      let part = lines.slice(start, start + count).join('\n');
      for (const { at, width, piece } of edits) {
        const place = at % (part.length + 1);
        part = part.slice(0, place) + piece + part.slice(place + width);
      }
      return part;
    });
}

function expectEqualReading(text: string): void {
  expect(parseDocument(text).warnings).toEqual([]);
  const whole = readWholeYaml('a.yml', text);
  const yaml = readSimpleYaml(text);
  if (!yaml) throw new Error('not simple');
  const simple = simpleFile('a.yml', yaml);
  expect(simple.value).toEqual(whole.value);
  expect(placesOf(simple)).toEqual(placesOf(whole));
}

/** The place of every value and key, and of some that do not exist. */
function placesOf(yaml: YamlFile): [string, Span][] {
  const found: [string, Span][] = [];
  const note = (path: YamlPath, key?: string) => {
    found.push([`${path.join('.')}${key === undefined ? '' : `:${key}`}`, yaml.spanOf(path, key)]);
  };
  const visit = (value: unknown, path: YamlPath) => {
    for (const absent of [undefined, 'absent', '0']) note(path, absent);
    note([...path, 'absent', 'deeper']);
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) note(path, key);
      visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  visit(yaml.value, []);
  return found;
}
