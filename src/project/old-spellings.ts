import type { Span } from '../core/span.ts';
import type { OldSpelling } from './read-properties.ts';

/** Old spellings as they are found: each kind is told of once, with its first place and how often it occurs. */
export interface OldSpellings {
  note(spelling: OldSpelling, span: Span): void;
  tell(warn: (message: string, span: Span, name: string) => void): void;
}

interface Words {
  readonly text: string;
  /** dbt's name of the event; `tests` of properties is old to velo alone. */
  readonly name: string;
}

const WORDS: Readonly<Record<OldSpelling, Words>> = {
  tests: { text: "'tests' is the old name of 'data_tests'", name: 'TestsPropertyDeprecation' },
  'test-arguments': {
    text: "arguments of a generic test belong under 'arguments', below the test's name",
    name: 'MissingArgumentsPropertyInGenericTestDeprecation',
  },
};

export function createOldSpellings(): OldSpellings {
  const found = new Map<OldSpelling, Map<string, Span>>();
  return {
    note(spelling, span) {
      const places = found.get(spelling) ?? new Map<string, Span>();
      found.set(spelling, places.set(`${span.file}:${span.line}:${span.column}`, span));
    },
    tell(warn) {
      for (const [spelling, places] of found) {
        const [first] = places.values();
        const { text, name } = WORDS[spelling];
        if (first) warn(`${text} (${placesText(first, places.size)})`, first, name);
      }
    },
  };
}

function placesText({ file, line }: Span, count: number): string {
  const others = count === 2 ? ', and 1 more place' : `, and ${count - 1} more places`;
  return `${file}:${line}${count > 1 ? others : ''}`;
}
