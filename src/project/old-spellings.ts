import type { Span } from '../core/span.ts';
import type { OldSpelling } from './read-properties.ts';

type Tell = (message: string, span: Span, name?: string) => void;

/** Old spellings as they are found: `tests` is told of once, with its first place and how often it occurs, arguments of each test. */
export interface OldSpellings {
  note(spelling: OldSpelling, span: Span): void;
  tell(warn: Tell): void;
}

/** dbt's name of the event, by which it is silenced. */
const ARGUMENTS = 'MissingArgumentsPropertyInGenericTestDeprecation';

/** Of the package `packageName`. */
export function createOldSpellings(packageName: string): OldSpellings {
  const tests = new Map<string, Span>();
  const found: (readonly [message: string, span: Span])[] = [];
  return {
    note(spelling, span) {
      if (spelling === 'tests') tests.set(`${span.file}:${span.line}:${span.column}`, span);
      else found.push([argumentsText(spelling, span, packageName), span]);
    },
    tell(warn) {
      const [first] = tests.values();
      if (first) {
        const place = placesText(first, tests.size);
        warn(`deprecated: 'tests' is the old name of 'data_tests' (${place})`, first);
      }
      for (const [message, span] of found) warn(message, span, ARGUMENTS);
    },
  };
}

/** In dbt's words. */
const argumentsText = (
  { test, owner }: Exclude<OldSpelling, 'tests'>,
  { file }: Span,
  packageName: string,
): string =>
  `Found top-level arguments to test \`${test}\` defined on '${owner}' in package '${packageName}' (${file}). ` +
  'Arguments to generic tests should be nested under the `arguments` property.';

function placesText({ file, line }: Span, count: number): string {
  const others = count === 2 ? ', and 1 more place' : `, and ${count - 1} more places`;
  return `${file}:${line}${count > 1 ? others : ''}`;
}
