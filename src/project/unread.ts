import type { VeloError } from '../core/errors.ts';

/**
 * Words of what could not be read: what is missing elsewhere may stand there, so that it is no fault of its own.
 */
export interface Unread {
  /** Notes a text, or a name. */
  add(text: string): void;
  has(name: string): boolean;
}

export function createUnread(): Unread {
  const words = new Set<string>();
  return {
    add(text) {
      for (const [word] of text.matchAll(/[^\s"'`{}[\](),:=%]+/g)) words.add(word);
    },
    has: (name) => words.has(name),
  };
}

const MISSING: ReadonlySet<string> = new Set([
  'unknown-macro',
  'unknown-test',
  'unknown-doc',
  'unknown-group',
  'unknown-property-target',
]);

/** Whether an error only says that something is missing that may stand in a file that could not be read. */
export const isConsequence = ({ code, message }: VeloError, unread: Unread): boolean =>
  MISSING.has(code) &&
  [...message.matchAll(/'(?:[\w-]+\.)*([\w-]+)'/g)].some(([, name = '']) => unread.has(name));
