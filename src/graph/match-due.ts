import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ReasonCode } from '../core/plan.ts';

/** Why as_of models have dates to build, as a plan of all of them says. */
export type DueNodes = ReadonlyMap<NodeId, ReadonlySet<ReasonCode>>;

/** What `interval:` asks for: dates that were never built, or those that are out of date. */
const WORDS: Readonly<Record<string, readonly ReasonCode[]>> = {
  missing: ['new', 'missing-relation', 'asked', 'gap'],
  stale: ['lookback', 'late-rows', 'code-changed', 'input-changed', 'volatile'],
};

/** `interval:missing`, `interval:stale`. @throws ConfigError 'selector-syntax', 'usage' where the ledger is not read */
export function matchesDue(value: string, due: DueNodes | undefined): (node: Node) => boolean {
  const codes = WORDS[value];
  if (!codes) {
    const words = Object.keys(WORDS);
    throw new ConfigError('selector-syntax', `'interval:${value}' selects nothing`, {
      hint: didYouMean(value, words) ?? `known: ${words.join(', ')}`,
    });
  }
  if (!due) {
    throw new ConfigError('usage', `this command does not know 'interval:${value}'`, {
      hint: 'ls, plan and the commands that build do: `velo ls --select interval:missing --output name`',
    });
  }
  return ({ id }) => codes.some((code) => due.get(id)?.has(code));
}
