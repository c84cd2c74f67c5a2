import { type NodeResult, run, type VeloError, VeloErrors, type VeloEvent } from 'velo';

const TEN_MINUTES_MS = 600_000;

/** What became of one project: how many nodes ended how, and what went wrong. */
interface Outcome {
  readonly projectDir: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Builds one project. What cannot start is an outcome too: the others go on. */
async function build(projectDir: string, signal: AbortSignal): Promise<Outcome> {
  const tell = (event: VeloEvent) => {
    if (event.type === 'warning') console.warn(`${projectDir}: ${event.message}`);
    if (event.type === 'node-finished' && event.result.status === 'error') {
      console.warn(`${projectDir}: ${event.result.node} failed, ${event.index} of ${event.total}`);
    }
  };
  try {
    const { results, interrupted } = await run({
      projectDir,
      cwd: projectDir,
      emit: tell,
      signal,
      vars: { source: 'nightly' },
    });
    const faults = results.flatMap(faultOf);
    return {
      projectDir,
      counts: countsOf(results),
      faults: interrupted ? ['out of time'] : faults,
    };
  } catch (error) {
    // Whoever can repair it reads code, place and hint; anything else is a bug, and goes on up.
    const errors = error instanceof VeloErrors ? error.errors : [error as VeloError];
    if (!errors.every(({ code }) => typeof code === 'string')) throw error;
    return { projectDir, counts: {}, faults: errors.map(faultText) };
  }
}

const faultOf = ({ node, status, message, error }: NodeResult): readonly string[] => {
  if (error instanceof VeloErrors) return error.errors.map(faultText);
  if (error) return [faultText(error)];
  return status === 'fail' ? [`${node}: ${message}`] : [];
};

const faultText = ({ code, message, span, hint }: VeloError): string =>
  [
    span ? `${span.file}:${span.line}` : 'project',
    `${code}: ${message}`,
    ...(hint === undefined ? [] : [`(${hint})`]),
  ].join(' ');

function countsOf(results: readonly NodeResult[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const signal = AbortSignal.timeout(TEN_MINUTES_MS);
const outcomes = await Promise.all(process.argv.slice(2).map((dir) => build(dir, signal)));
console.log(JSON.stringify(outcomes, null, 2));
process.exitCode = outcomes.some(({ faults }) => faults.length > 0) ? 1 : 0;
