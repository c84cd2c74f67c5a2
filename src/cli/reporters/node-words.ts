import { extname } from 'node:path';
import { compiledFile } from '../../artifacts/compiled-file.ts';
import type { Manifest, Node } from '../../core/node.ts';

/** What dbt calls a node in the lines of a run. */
export interface NodeWords {
  /** After START: `sql view model main.orders`, `seed file raw.countries`, `test unique_id`. */
  readonly start: string;
  /** After OK: `created sql view model main.orders`, `loaded seed file raw.countries`. */
  readonly done: string;
  /** After ERROR: `creating sql view model main.orders`. */
  readonly doing: string;
  /** After SKIP: `relation main.orders`, `test unique_id`. */
  readonly skip: string;
}

const CHECK_KINDS: ReadonlySet<string> = new Set(['test', 'unit_test']);
const HOOK_NAME = /^(.*)-(on-run-(?:start|end))-(\d+)$/;

/** Data tests and unit tests: their result is a verdict, not a relation. */
export const isCheck = (node: Node): boolean =>
  CHECK_KINDS.has(node.kind) || node.check !== undefined;

export function wordsFor(node: Node, manifest: Manifest): NodeWords {
  if (isCheck(node)) return checkWords(node, manifest);
  const target = relationName(node);
  // dbt names what it leaves out by its node, not by the alias.
  const skip = node.relation
    ? `relation ${node.relation.schema}.${node.name}`
    : `${kindName(node)} ${node.name}`;
  switch (node.kind) {
    case 'operation':
      return hookWords(node);
    case 'source':
      return freshnessWords(node);
    case 'seed':
      return verbs('seed file ', target, ['loaded seed file', 'loading seed file'], skip);
    case 'snapshot':
      return verbs('snapshot ', target, ['snapshotted', 'snapshotting'], skip);
    default: {
      const what = node.kind === 'model' ? modelKind(node) : kindName(node);
      return verbs(`${what} `, target, [`created ${what}`, `creating ${what}`], skip);
    }
  }
}

/** `main.orders`, or the bare name of a node that makes no relation. */
export const relationName = ({ relation, name }: Node): string =>
  relation ? `${relation.schema}.${relation.name}` : name;

/** `unit_test` as people say it: `unit test`. */
export const kindName = ({ kind }: Node): string => kind.replaceAll('_', ' ');

/** Where velo writes a node's compiled SQL: dbt's path beneath the target folder. */
export const compiledPath = (node: Node, targetPath: string): string =>
  `${targetPath}/compiled/${compiledFile(node)}`;

const verbs = (
  start: string,
  target: string,
  [done, doing]: readonly [string, string],
  skip: string,
): NodeWords => ({
  start: start + target,
  done: `${done} ${target}`,
  doing: `${doing} ${target}`,
  skip,
});

/** A unit test is told by its model's name too: `orders::adds_up`. */
function checkWords(node: Node, manifest: Manifest): NodeWords {
  const model = node.check?.attachedTo && manifest.nodes.get(node.check.attachedTo);
  const name = node.kind === 'unit_test' && model ? `${model.name}::${node.name}` : node.name;
  const start = `${node.kind} ${name}`;
  return { start, done: name, doing: name, skip: start };
}

/** `shop.on-run-start.0` */
export const hookName = ({ name }: Node): string => name.replace(HOOK_NAME, '$1.$2.$3');

/** Sources are asked how old they are, under the names YAML gives them. */
function freshnessWords({ fqn }: Node): NodeWords {
  const text = `freshness of ${fqn.slice(-2).join('.')}`;
  return { start: text, done: text, doing: text, skip: text };
}

function hookWords(node: Node): NodeWords {
  const hook = `hook: ${hookName(node)}`;
  return { start: hook, done: hook, doing: hook, skip: hook };
}

const LANGUAGES: Readonly<Record<string, string>> = { '.ts': 'typescript', '.py': 'python' };

function modelKind(node: Node): string {
  const language = LANGUAGES[extname(node.path)] ?? 'sql';
  const { incremental_strategy: strategy } = node.config;
  return `${language} ${strategy === 'microbatch' ? strategy : node.materialized} model`;
}
