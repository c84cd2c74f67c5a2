import { createHash } from 'node:crypto';
import { ProjectError } from '../core/errors.ts';
import { checkTree } from './tree-text.ts';

/** What the head of a model's text says. */
export interface ModelHeader {
  /** With its settings: `binary sigmoid:1`. */
  readonly objective: string | undefined;
  readonly featureNames: readonly string[];
  /** Numbers a prediction has for each row. */
  readonly outputs: number;
  readonly trees: number;
}

/** LightGBM 3 wrote v3, 4 writes v4. */
const VERSION = 'v4';
const END = 'end of trees';

/** What is kept of a text to know later that it has not changed. */
export const modelTextChecksum = (text: string): string =>
  createHash('sha256').update(text).digest('hex');

/**
 * Reads the head of a model's text and makes sure that the rest fits it. LightGBM does not: one that was cut off or has a wrong
 * number in it makes it read past its memory, and the process is over.
 * @throws ProjectError 'model-file' that says what is wrong
 */
export function checkModelText(text: string): ModelHeader {
  const firstTree = text.indexOf('\nTree=0\n') + 1;
  const headEnd = firstTree > 0 ? firstTree : text.indexOf(END);
  const head = headerLines(headEnd < 0 ? text : text.slice(0, headEnd));
  if (!text.startsWith('tree\n')) throw broken('it does not begin as a model of LightGBM does');
  if (head.get('version') !== VERSION) {
    throw broken(
      `it is of version ${head.get('version') ?? 'unknown'}, LightGBM 4 writes ${VERSION}`,
      'train the model again with LightGBM 4',
    );
  }
  const featureNames = head.get('feature_names')?.split(' ') ?? [];
  checkHeader(head, featureNames.length);
  const trees = treeTexts(text, headEnd, head.get('tree_sizes'));
  for (const [i, tree] of trees.entries()) {
    const fault = checkTree(tree, i, featureNames.length);
    if (fault !== undefined) throw broken(`tree ${i}: ${fault}`);
  }
  const outputs = count(head, 'num_tree_per_iteration');
  if (trees.length % outputs !== 0) throw broken(`${trees.length} trees, ${outputs} in each round`);
  return { objective: head.get('objective'), featureNames, outputs, trees: trees.length };
}

/** The texts of the trees of a model that has been checked. */
export function modelTrees(text: string): string[] {
  const start = text.indexOf('\nTree=0\n') + 1;
  const sizes = /^tree_sizes=(.*)$/m.exec(text.slice(0, start))?.[1];
  return start === 0 ? [] : treeTexts(text, start, sizes);
}

function headerLines(head: string): ReadonlyMap<string, string> {
  return new Map(
    head.split('\n').map((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

function checkHeader(head: ReadonlyMap<string, string>, names: number): void {
  const features = count(head, 'max_feature_idx') + 1;
  const infos = head.get('feature_infos')?.split(' ').length;
  if (names !== features || infos !== features) {
    throw broken(`${features} features, but ${names} names and ${infos ?? 0} ranges`);
  }
  const outputs = count(head, 'num_class');
  const classes = /\bnum_class:(\d+)/.exec(head.get('objective') ?? '')?.[1];
  if (
    outputs < 1 ||
    outputs !== count(head, 'num_tree_per_iteration') ||
    (classes !== undefined && Number(classes) !== outputs)
  ) {
    throw broken('its numbers of classes differ');
  }
  count(head, 'label_index');
}

function count(head: ReadonlyMap<string, string>, key: string): number {
  const value = head.get(key) ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw broken(`its head has no ${key}`);
}

/** `tree_sizes` are bytes; all after the head is ASCII, up to the end of the trees. */
function treeTexts(text: string, start: number, sizes: string | undefined): string[] {
  if (sizes === undefined || start < 0) throw broken('it is cut off in its head');
  const trees: string[] = [];
  let at = start;
  for (const size of sizes.split(' ').filter((word) => word !== '')) {
    if (!/^[1-9]\d*$/.test(size)) throw broken('its tree_sizes are no numbers');
    trees.push(text.slice(at, at + Number(size)));
    at += Number(size);
  }
  if (!text.startsWith(END, at)) throw broken(`its trees do not end where its head says`);
  return trees;
}

function broken(why: string, hint?: string): ProjectError {
  return new ProjectError('model-file', `the text of the model cannot be loaded: ${why}`, {
    hint: hint ?? 'it was cut off or changed; restore the file, or train the model again',
  });
}
