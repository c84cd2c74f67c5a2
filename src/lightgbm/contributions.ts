import type { NumberColumn } from './c-api.ts';
import type { PredictionOutput } from './messages.ts';
import { modelTrees } from './model-text.ts';
import { addContributions, type ShapTree, shapTree } from './tree-shap.ts';
import { treeFields } from './tree-text.ts';

/** Rows whose sums are held by columns before they are put into rows. */
const ROWS_AT_ONCE = 65_536;

/** The trees of a text that has been checked; undefined when one of them, or how they are added up, is only for LightGBM. */
export function shapTrees(text: string): readonly ShapTree[] | undefined {
  if (/^average_output$/m.test(text.slice(0, text.indexOf('\nTree=0\n')))) return undefined;
  const trees = modelTrees(text).map((tree) => shapTree(treeFields(tree)));
  return trees.every((tree) => tree !== undefined) ? trees : undefined;
}

/**
 * SHAP contributions as LightGBM's `pred_contrib` gives them: for each row and output a number for each feature and, last, the start.
 * Undefined when it was cancelled.
 */
export function contributions(
  trees: readonly ShapTree[],
  outputs: number,
  columns: readonly NumberColumn[],
  isCancelled: () => boolean,
): PredictionOutput | undefined {
  const rows = columns[0]?.length ?? 0;
  // Numbers of one kind: what looks at them is compiled for that.
  const doubles = columns.map((column) =>
    column instanceof Float64Array ? column : Float64Array.from(column),
  );
  const perRow = outputs * (columns.length + 1);
  const values = new Float64Array(rows * perRow);
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const block = doubles.map((column) => column.subarray(from, from + ROWS_AT_ONCE));
    const sums = sumsOfBlock(trees, outputs, block, isCancelled);
    if (sums === undefined) return undefined;
    for (const [j, sum] of sums.entries()) {
      for (const [row, value] of sum.entries()) values[(from + row) * perRow + j] = value;
    }
  }
  return { values, perRow };
}

/** A column for each number of a row. */
function sumsOfBlock(
  trees: readonly ShapTree[],
  outputs: number,
  columns: readonly Float64Array[],
  isCancelled: () => boolean,
): Float64Array[] | undefined {
  const rows = columns[0]?.length ?? 0;
  const width = columns.length + 1;
  const sums = Array.from({ length: outputs * width }, () => new Float64Array(rows));
  for (let output = 0; output < outputs; output += 1) {
    const own = sums.slice(output * width, (output + 1) * width);
    // The trees of a round stand one after the other.
    const ownTrees = trees.filter((_, i) => i % outputs === output);
    own.at(-1)?.fill(ownTrees.reduce((sum, { expected }) => sum + expected, 0));
    for (const tree of ownTrees) {
      if (isCancelled()) return undefined;
      addContributions(tree, columns, rows, own);
    }
  }
  return sums;
}
