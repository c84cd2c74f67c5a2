import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { junitXml } from '../../artifacts/junit.ts';
import { ConfigError } from '../../core/errors.ts';
import { countGrains, formatInterval } from '../../core/grain.ts';
import { mergeIntervals } from '../../core/interval.ts';
import type { Manifest } from '../../core/node.ts';
import type { Plan } from '../../core/plan.ts';
import type { RunResult } from '../../core/result.ts';
import type { Clock } from '../terminal/clock.ts';
import type { TerminalStream } from '../terminal/screen.ts';
import { type CiCase, casesOfRun, type Finding } from './ci-case.ts';
import { annotation, type GithubPlaces } from './github-lines.ts';
import { type FilledDates, type Summary, summaryMarkdown } from './github-summary.ts';
import type { Reporter } from './reporter.ts';

/** Where CI is told of a command; what is undefined is not written. */
export interface CiTargets {
  /** `velo build` */
  readonly name: string;
  readonly projectDir: string;
  readonly clock: Clock;
  readonly junitFile: string | undefined;
  readonly github: GithubTarget | undefined;
  /** Covers what is secret. */
  conceal(text: string): string;
}

export interface GithubTarget extends Pick<GithubPlaces, 'workspace'> {
  readonly stream: TerminalStream;
  /** Markdown is added at its end. */
  readonly summaryFile: string | undefined;
  readonly showsWarnings: boolean;
}

/** Tells CI of a run as it goes, and writes its reports when it has ended. @throws ConfigError 'usage' when one cannot be written */
export function ciReporter(targets: CiTargets): Reporter {
  const startedAt = targets.clock.now();
  let manifest: Manifest | undefined;
  let plan: Plan | undefined;
  return {
    handle(event) {
      if (event.type === 'project-read' || event.type === 'run-started') manifest = event.manifest;
      if (event.type === 'run-started') plan = event.plan;
      if (event.type === 'warning') {
        const { span, message, name: title = 'warning' } = event;
        annotate([{ level: 'warning', span, title, message }], targets);
      }
      if (event.type !== 'run-finished') return;
      const { results } = event.result;
      const cases = casesOfRun(results, manifest, targets.projectDir);
      const filled = plan && manifest ? filledDates(plan, manifest, event.result) : [];
      writeReports(cases, { startedAt, filled }, targets);
    },
    close() {},
  };
}

/** @throws ConfigError 'usage' when a report cannot be written */
export function writeReports(
  cases: readonly CiCase[],
  { startedAt, filled = [] }: { readonly startedAt: number; readonly filled?: Summary['filled'] },
  targets: CiTargets,
): void {
  const { name, clock, junitFile, github } = targets;
  const elapsedMs = clock.now() - startedAt;
  const shown = cases.map((one) => concealed(one, targets));
  annotate(
    shown.flatMap(({ findings }) => findings),
    targets,
  );
  if (github?.summaryFile !== undefined) {
    const text = summaryMarkdown({ name, cases: shown, elapsedMs, filled });
    written(github.summaryFile, 'GITHUB_STEP_SUMMARY', (file) => appendFileSync(file, text));
  }
  if (junitFile !== undefined) {
    const text = junitXml({ name, startedAt, elapsedMs, cases: shown });
    written(junitFile, '--junit', (file) => replaceFile(file, text));
  }
}

function annotate(findings: readonly Finding[], { github, projectDir, conceal }: CiTargets): void {
  if (!github) return;
  const told = findings.filter(({ level }) => level === 'error' || github.showsWarnings);
  const lines = told.map(({ message, title, ...finding }) =>
    annotation(
      { ...finding, title: conceal(title), message: conceal(message) },
      { workspace: github.workspace, projectDir },
    ),
  );
  if (lines.length > 0) github.stream.write(lines.join(''));
}

/** Before it is escaped: a secret with an `&` in it would not be found any more. */
function concealed(one: CiCase, { conceal }: CiTargets): CiCase {
  const { outcome } = one;
  const text = conceal(outcome.text ?? '');
  return {
    ...one,
    outcome:
      outcome.kind === 'passed'
        ? { kind: 'passed', text }
        : { ...outcome, text, message: conceal(outcome.message) },
    findings: one.findings.map((finding) => ({ ...finding, message: conceal(finding.message) })),
  };
}

/** Whoever reads the file sees the old one or the new one. */
function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, text);
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function written(file: string, option: string, write: (file: string) => void): void {
  try {
    write(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('usage', `${option} '${file}' cannot be written: ${reason}`, { cause });
  }
}

/** Of as_of models that were built: which dates the run filled. */
function filledDates(plan: Plan, manifest: Manifest, { results }: RunResult): FilledDates[] {
  const good = new Set(results.flatMap(({ node, status }) => (status === 'success' ? node : [])));
  return plan.steps.flatMap(({ node, action, batches }) => {
    const { asOf, name = '' } = manifest.nodes.get(node) ?? {};
    if (!asOf || action !== 'build' || !good.has(node) || batches.length === 0) return [];
    return mergeIntervals(batches).map((range) => ({
      name,
      range: formatInterval(range, asOf.grain),
      count: countGrains(range, asOf.grain),
    }));
  });
}
