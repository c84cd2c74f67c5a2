/** What a schema says of one bad value, as zod lists it; `input` is there when it was asked to report it. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: string;
  readonly minimum?: number | bigint;
  readonly inclusive?: boolean;
  readonly origin?: string;
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** An issue in words that follow the name of what is wrong: `is missing`, `must be a number, not 'many'`. */
export function issueText(issue: SchemaIssue): string {
  const { input, message } = issue;
  const wanted = wantedBy(issue);
  if (wanted === undefined) return message;
  if (input === undefined) return 'is missing';
  return `must be ${wanted}, not ${shown(input)}`;
}

function wantedBy(issue: SchemaIssue): string | undefined {
  const { code, expected, values, minimum, origin, errors } = issue;
  if (code === 'invalid_type') return WORDS[expected ?? ''] ?? expected;
  if (code === 'invalid_value') return values?.map((value) => JSON.stringify(value)).join(' or ');
  if (code === 'too_small' && origin === 'string') return 'text that is not empty';
  if (code === 'too_small' && minimum !== undefined) {
    return issue.inclusive === false ? `more than ${minimum}` : `at least ${minimum}`;
  }
  if (code !== 'invalid_union') return undefined;
  const each = (errors ?? []).flatMap((issues) => issues.map(wantedBy));
  const known = [...new Set(each)].filter((wanted) => wanted !== undefined);
  return known.length > 0 ? known.join(' or ') : undefined;
}

/** A value in the words of an error: `a list`, `"many"`. */
export function shown(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (input === null) return 'empty';
  return typeof input === 'object' ? 'a mapping' : JSON.stringify(input);
}
