import type { Span } from '../core/span.ts';
import type { OldSpelling } from './read-properties.ts';

/** Old spellings as they are found: each kind is told of once, with its first place and how often it occurs. */
export interface OldSpellings {
  note(spelling: OldSpelling, span: Span): void;
  tell(warn: (message: string, span: Span) => void): void;
}

const WORDS: Readonly<Record<OldSpelling, string>> = {
  tests: "'tests' is the old name of 'data_tests'",
  'test-arguments': "arguments of a generic test belong under 'arguments', below the test's name",
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
        if (first)
          warn(`deprecated: ${WORDS[spelling]} (${placesText(first, places.size)})`, first);
      }
    },
  };
}

function placesText({ file, line }: Span, count: number): string {
  const others = count === 2 ? ', and 1 more place' : `, and ${count - 1} more places`;
  return `${file}:${line}${count > 1 ? others : ''}`;
}
