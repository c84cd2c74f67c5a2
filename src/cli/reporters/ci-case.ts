import type { TestCase } from '../../artifacts/junit.ts';
import { VeloError, VeloErrors } from '../../core/errors.ts';
import type { Manifest, Node } from '../../core/node.ts';
import type { NodeResult } from '../../core/result.ts';
import type { Span } from '../../core/span.ts';
import { renderError } from '../render-error.ts';
import { printable } from '../terminal/printable.ts';
import { PLAIN } from '../terminal/style.ts';
import { isCheck, kindName, wordsFor } from './node-words.ts';

/** Something to be shown at its line of a file. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly span: Span | undefined;
  readonly title: string;
  readonly message: string;
}

/** A result as CI is told of it. */
export interface CiCase extends TestCase {
  readonly findings: readonly Finding[];
}

/** Results of a run; what is nothing to be built is left out. What did not run again is as good as it was. */
export const casesOfRun = (
  results: readonly NodeResult[],
  manifest: Manifest | undefined,
  projectDir: string,
): readonly CiCase[] =>
  results.flatMap((result) => {
    const node = manifest?.nodes.get(result.node);
    return !node || !manifest || result.status === 'no-op'
      ? []
      : [caseOf(node, result, manifest, projectDir)];
  });

function caseOf(node: Node, result: NodeResult, manifest: Manifest, projectDir: string): CiCase {
  const name = isCheck(node) ? wordsFor(node, manifest).done : node.name;
  const told = { file: node.span.file, name, durationMs: result.durationMs };
  const { status, error, message } = result;
  const title = `${kindName(node)} ${name}`;
  const at = { span: node.span, title, message };
  switch (status) {
    case 'success':
    case 'pass':
    case 'reused':
    case 'no-op':
      return { ...told, outcome: { kind: 'passed' }, findings: [] };
    case 'warn':
      return {
        ...told,
        outcome: { kind: 'passed', text: `${message}\n${sqlOf(result)}` },
        findings: [{ level: 'warning', ...at }],
      };
    case 'skipped': {
      const why = message || 'something it needs failed';
      const outcome = { kind: 'skipped', type: status, message: why, text: '' } as const;
      return { ...told, outcome, findings: [] };
    }
    default: {
      const outcome = error
        ? errorOutcome(error, projectDir, sqlOf(result))
        : failure(status, at, sqlOf(result));
      const findings = error
        ? findingsOf(error, title, node.span)
        : [{ level: 'error', ...at } as const];
      return { ...told, outcome, findings };
    }
  }
}

/** What was looked at, and is not as it should be. */
export function failure(
  type: string,
  { span, message }: { readonly span: Span; readonly message: string },
  more = '',
): TestCase['outcome'] {
  const text = `${span.file}:${span.line}:${span.column}\n${printable(message)}\n${more}`;
  return { kind: 'failure', type, message: firstLine(message), text };
}

/** What could not be done. */
export function errorOutcome(
  error: VeloError | VeloErrors,
  projectDir: string,
  more = '',
): TestCase['outcome'] {
  const [first] = errorsIn(error);
  const text = `${renderError(error, { projectDir, style: PLAIN })}\n${more}`;
  return {
    kind: 'error',
    type: first?.code ?? 'error',
    message: firstLine(error instanceof VeloErrors ? (first?.message ?? '') : error.message),
    text,
  };
}

/** An error is shown where it stands, else where what failed does. */
export const findingsOf = (
  error: VeloError | VeloErrors,
  title: string,
  span: Span | undefined,
): readonly Finding[] =>
  errorsIn(error)
    .filter(({ code }) => code !== 'interrupted')
    .map((one) => ({
      level: 'error',
      span: one.span ?? span,
      title: title === '' ? one.code : `${title}: ${one.code}`,
      message: one.hint ? `${one.message}\nhint: ${one.hint}` : one.message,
    }));

/** A command that could not start. */
export function casesOfError(error: unknown, projectDir: string): readonly CiCase[] {
  const isKnown = error instanceof VeloError || error instanceof VeloErrors;
  if (!isKnown) {
    const message = error instanceof Error ? error.message : String(error);
    const text = renderError(error, { projectDir, style: PLAIN });
    const outcome = { kind: 'error', type: 'internal error', message, text } as const;
    const finding = { level: 'error', span: undefined, title: outcome.type, message } as const;
    return [{ file: '', name: outcome.type, durationMs: 0, outcome, findings: [finding] }];
  }
  return errorsIn(error).map((one) => ({
    file: one.span?.file ?? '',
    name: one.code,
    durationMs: 0,
    outcome: errorOutcome(one, projectDir),
    findings: findingsOf(one, '', undefined),
  }));
}

const errorsIn = (error: VeloError | VeloErrors): readonly VeloError[] =>
  error instanceof VeloErrors ? error.errors : [error];

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

const sqlOf = ({ compiledCode }: NodeResult): string =>
  compiledCode === undefined ? '' : `\ncompiled SQL:\n${compiledCode}\n`;
