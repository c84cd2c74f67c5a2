import { hookFile } from '../../artifacts/compiled-file.ts';
import { DatabaseError, ProjectError, VeloError, VeloErrors } from '../../core/errors.ts';
import type { Node } from '../../core/node.ts';
import { FAILED, type NodeResult } from '../../core/result.ts';
import { renderError } from '../render-error.ts';
import { printable } from '../terminal/printable.ts';
import { compiledPath, hookName, isCheck } from './node-words.ts';
import { paintedDiff } from './painted-diff.ts';
import type { ReporterOptions } from './reporter.ts';

/**
 * What dbt prints beneath `Completed with …` for one failed or warning node: entries of one or more lines, each to be
 * preceded by the time, an empty one at the end. An error of velo brings its line of the file with it.
 */
export function failureDetails(node: Node, result: NodeResult, options: ReporterOptions): string[] {
  const { style, targetPath } = options;
  const failed = FAILED.has(result.status);
  const mark = failed ? style.red('[ERROR]') : style.yellow('[WARNING]');
  const place = `in ${node.kind} ${node.name} (${placeOf(node)})`;
  return [
    `${mark}: ${place}`,
    failed ? cause(node, result, options) : `${mark}: ${printable(result.message)}`,
    '',
    ...(result.compiledCode === undefined || isFixtureFault(node, result) || wasInterrupted(result)
      ? []
      : [`  compiled code at ${compiledPath(node, targetPath)}`, '']),
    ...storedFailures(node, result),
  ];
}

/** What is wrong stands in YAML: the SQL around it helps nobody. */
const isFixtureFault = ({ kind }: Node, { error }: NodeResult): boolean =>
  kind === 'unit_test' && error instanceof ProjectError;

/** Its SQL is not to blame. */
const wasInterrupted = ({ error }: NodeResult): boolean =>
  error instanceof VeloError && error.code === 'interrupted';

const placeOf = (node: Node): string => (node.kind === 'operation' ? hookFile(node) : node.path);

function cause(node: Node, result: NodeResult, options: ReporterOptions): string {
  // Its table of rows stands at the margin, as in dbt.
  if (node.kind === 'unit_test' && !result.error) {
    return `  ${paintedDiff(printable(result.message), options.style)}`;
  }
  if (!result.error) return indent(printable(result.message));
  if (node.kind === 'operation') {
    return indent(`${hookName(node)} failed, error:\n${renderError(result.error, options)}`);
  }
  return indent(
    `${kindOf(result.error)} in ${node.kind} ${node.name} (${node.path})\n${renderError(result.error, options)}`,
  );
}

/** dbt's word for it: scripts look for that line. Its adapters for servers have one of their own. */
function kindOf(error: unknown): string {
  if (error instanceof DatabaseError && error.isOfServer) return 'Database Error';
  const all = error instanceof VeloErrors ? error.errors : [error];
  return all.every((one) => one instanceof ProjectError) ? 'Compilation Error' : 'Runtime Error';
}

/** A test has a relation only when its failures are stored; rows that were not published are kept elsewhere. */
function storedFailures(node: Node, { keptIn }: NodeResult): string[] {
  const relation = keptIn ?? (isCheck(node) ? node.relation : undefined);
  if (!relation) return [];
  const { database, schema, name } = relation;
  const parts = [database, schema, name].filter((part) => part !== undefined);
  const query = `select * from ${parts.map((part) => `"${part}"`).join('.')}`;
  const rule = '-'.repeat(query.length);
  return [`  See test failures:\n  ${rule}\n  ${query}\n  ${rule}`, ''];
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
