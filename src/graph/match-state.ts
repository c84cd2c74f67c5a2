import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';

/** What `state:modified.…` asks of a node. */
const PARTS: readonly string[] = [
  ...['body', 'configs', 'persisted_descriptions', 'relation', 'macros', 'contract'],
];

/** What an earlier run says of nodes; each method reads its files when it is first called. */
export interface EarlierRun {
  /** Sources whose newest rows are newer now than then. @throws ConfigError */
  fresherSources(): ReadonlySet<string>;
  /** Whether it had the node. @throws ConfigError where it left no manifest.json */
  had(node: Node): boolean;
  /**
   * Whether a node is new or not as it was, as a whole or in one part.
   * @throws ConfigError as `had` does, ProjectError 'contract-broken'
   */
  isModified(node: Node, part?: string): boolean;
  /** Ids of the nodes that ended so. @throws ConfigError where it left no run_results.json */
  endedAs(status: string): ReadonlySet<string>;
}

/** What may stand behind `state:`. */
export const STATE_WORDS: readonly string[] = [
  ...['new', 'old', 'modified', 'unmodified'],
  ...PARTS.map((part) => `modified.${part}`),
];

/** `state:new`, `state:modified.body` … @throws ConfigError */
export function matchesState(
  value: string,
  earlier: EarlierRun | undefined,
): (node: Node) => boolean {
  if (!STATE_WORDS.includes(value)) throw unknownWord(`state:${value}`, value, STATE_WORDS);
  const run = neededRun('state', 'manifest.json', earlier);
  const [word, part] = value.split('.');
  switch (word) {
    case 'new':
      return (node) => !run.had(node);
    case 'old':
      return (node) => run.had(node);
    case 'unmodified':
      return (node) => !run.isModified(node);
    default:
      return (node) => run.isModified(node, part);
  }
}

/** How dbt says that a node ended: what may stand behind `result:`. */
export const RESULT_WORDS: readonly string[] = [
  ...['success', 'error', 'skipped', 'partial success', 'no-op', 'reused'],
  ...['pass', 'fail', 'warn', 'runtime error'],
];

/** `result:error`. @throws ConfigError */
export function matchesResult(
  value: string,
  earlier: EarlierRun | undefined,
): (node: Node) => boolean {
  if (!RESULT_WORDS.includes(value)) throw unknownWord(`result:${value}`, value, RESULT_WORDS);
  const ended = neededRun('result', 'run_results.json', earlier).endedAs(value);
  return ({ id }) => ended.has(id);
}

/** dbt knows but one status of a source. @throws ConfigError */
export function matchesSourceStatus(
  value: string,
  earlier: EarlierRun | undefined,
): (node: Node) => boolean {
  if (value !== 'fresher') throw unknownWord(`source_status:${value}`, value, ['fresher']);
  const fresher = neededRun('source_status', 'sources.json', earlier).fresherSources();
  return ({ id }) => fresher.has(id);
}

const unknownWord = (criterion: string, word: string, known: readonly string[]): ConfigError =>
  new ConfigError('selector-syntax', `'${criterion}' asks for what no run says`, {
    hint: didYouMean(word, known) ?? `known: ${known.join(', ')}`,
  });

function neededRun(method: string, file: string, earlier: EarlierRun | undefined): EarlierRun {
  if (earlier) return earlier;
  throw new ConfigError('selector-syntax', `${method}: compares with an earlier run`, {
    hint: `name the folder of its ${file}: --state <dir>`,
  });
}
