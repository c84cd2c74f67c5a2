import { parseArgs } from 'node:util';

/** A mistake in the arguments; the message is all the user needs. */
export class UsageError extends Error {}

/** What the arguments ask for; `groups` in the order of `known`. */
type Request =
  | { readonly task: 'help' }
  | { readonly task: 'measure'; readonly groups: readonly string[] };

/** Reads the arguments after the script's name: none mean all groups. Raises UsageError with a message of one line. */
export function readRequest(args: readonly string[], known: readonly string[]): Request {
  const { values, positionals } = parse(args);
  if (values.help) return { task: 'help' };
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`no group is named ${unknown}; groups: ${known.join(', ')}`);
  }
  const groups = known.filter((name) => positionals.length === 0 || positionals.includes(name));
  return { task: 'measure', groups };
}

function parse(args: readonly string[]) {
  try {
    const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's message goes on, on the line or below it, about how to pass odd values.
    const [said] = String((error as Error).message).split(/\.\s/);
    throw new UsageError(`${said} (try --help)`);
  }
}
