// Trains small models in fresh processes and looks at how they end: npm run soak -- [trainings for each wait policy]
// A library that is unloaded under running threads crashes after the right answer, so that only the exit code tells.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../src/config/environment.ts';

const ONE = fileURLToPath(new URL('./one-training.mjs', import.meta.url));
const POLICIES = ['active', 'passive'];
const ENDINGS = ['dispose', 'leave', 'interrupt'];
const DEFAULT_COUNT = 2000;
/** Lines of progress of each policy, to what is not the result. */
const PROGRESS_LINES = 40;
const SECONDS_A_MINUTE = 60;

interface End {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const count = Number(process.argv[2] ?? DEFAULT_COUNT);
if (!Number.isInteger(count) || count < 1) {
  process.stderr.write('usage: npm run soak -- [trainings for each wait policy]\n');
  process.exit(2);
}
let failures = 0;
const answers = new Set<string>();
for (const policy of POLICIES) failures += await soak(policy);
// The same rows and settings make the same model in every process.
if (answers.size > 1) process.stdout.write(`${answers.size} different models\n`);
process.exitCode = failures > 0 || answers.size !== 1 ? 1 : 0;

/** How many of the trainings did not end well. */
async function soak(policy: string): Promise<number> {
  let started = 0;
  let ended = 0;
  let failed = 0;
  const startedAt = performance.now();
  const tell = () => {
    if (ended % Math.ceil(count / PROGRESS_LINES) !== 0 || ended === count) return;
    process.stderr.write(
      `${policy}: ${progressText(ended, performance.now() - startedAt, failed)}\n`,
    );
  };
  const lane = async () => {
    while (started < count) {
      const ending = ENDINGS[started % ENDINGS.length] ?? '';
      started += 1;
      const { code, stdout, stderr } = await trainOnce(policy, ending);
      if (code === 0) answers.add(stdout);
      else {
        failed += 1;
        process.stdout.write(`${policy}, ${ending}: ended with ${code}\n${stderr.slice(-500)}\n`);
      }
      ended += 1;
      tell();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const endings = ENDINGS.join(', ');
  process.stdout.write(
    `OMP_WAIT_POLICY=${policy}: ${count} trainings (${endings}), ${failed} failed, ${seconds} s\n`,
  );
  return failed;
}

function progressText(ended: number, ms: number, failed: number): string {
  const perSecond = (1000 * ended) / ms;
  const left = (count - ended) / perSecond / SECONDS_A_MINUTE;
  return `${ended} of ${count}, ${failed} failed, ${perSecond.toFixed(1)} a second, ${left.toFixed(1)} min left`;
}

async function trainOnce(policy: string, ending: string): Promise<End> {
  const env = { ...readEnvironment(), OMP_WAIT_POLICY: policy };
  const child = spawn(process.execPath, [ONE, ending], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<End['code']>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
