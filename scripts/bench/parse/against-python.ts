import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { recordedContext } from '../../../spec/golden/jinja/context.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate, type Template } from '../../../src/jinja/template.ts';
import { ROOT } from '../bench.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { macroTemplates } from './macro-templates.ts';

const SCRIPT = fileURLToPath(new URL('./render-in-python.py', import.meta.url));
const RECORDER = join(ROOT, 'spec', 'golden', 'jinja', 'record.py');
const ROUNDS = 100;
/** Rounds that are not counted: a project renders thousands of templates, and so soon runs compiled. */
const WARM_UP = 50;

interface Timing {
  readonly compileMs: number;
  readonly renderMs: number;
  readonly outputs: readonly string[];
}

/**
 * The macro-heavy templates in velo and in Python's Jinja2: rendered when parsed before, and from text. Without a
 * Python that has jinja2 the rows say so and have nothing to be compared with.
 */
export async function againstPython(tell: (text: string) => void): Promise<Row[]> {
  const templates = macroTemplates();
  tell(`${templates.length} macro-heavy templates, ${ROUNDS} rounds here and in Python's Jinja2`);
  const ours = timed(templates);
  const theirs = await inPython(templates);
  if (typeof theirs === 'string') tell(theirs);
  else checkEqual(templates, ours.outputs, theirs.outputs);
  const row = (what: string, timeOf: (timing: Timing) => number): Row => ({
    name: `${templates.length} macro-heavy templates ${what}${typeof theirs === 'string' ? ` (${theirs})` : ''}`,
    runs: ROUNDS,
    wallMs: timeOf(ours),
    ...(typeof theirs !== 'string' && {
      against: { name: "Python's Jinja2", wallMs: timeOf(theirs) },
      target: { atMostRatio: 1 },
    }),
  });
  return [
    row('rendered', ({ renderMs }) => renderMs),
    row('parsed and rendered', ({ compileMs, renderMs }) => compileMs + renderMs),
  ];
}

function timed(texts: readonly string[]): Timing {
  const compileMs: number[] = [];
  const renderMs: number[] = [];
  let outputs: string[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const start = performance.now();
    const parsed: Template[] = texts.map((template) =>
      parseTemplate({ file: 'case.sql', text: template }),
    );
    const middle = performance.now();
    const context = recordedContext([]);
    outputs = parsed.map((template) => render(template, context).text);
    if (round < WARM_UP) continue;
    compileMs.push(middle - start);
    renderMs.push(performance.now() - middle);
  }
  return { compileMs: median(compileMs), renderMs: median(renderMs), outputs };
}

/** Resolves to the reason when it cannot be measured here. */
async function inPython(templates: readonly string[]): Promise<Timing | string> {
  const child = spawn('python3', [SCRIPT, RECORDER, String(ROUNDS)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  child.stdin.on('error', () => undefined).end(JSON.stringify(templates));
  const [stdout, stderr, ended] = await Promise.all([text(child.stdout), text(child.stderr), code]);
  if (ended === 0) return JSON.parse(stdout) as Timing;
  if (ended === null) return 'not compared: there is no python3';
  if (stderr.includes("No module named 'jinja2'")) return 'not compared: python3 has no jinja2';
  throw new Error(`Python ended with ${ended}: ${stderr.trim().split('\n').at(-1)}`);
}

function checkEqual(
  templates: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): void {
  const differing = templates.find((_, i) => ours[i] !== theirs[i]);
  if (differing !== undefined)
    throw new Error(`velo and Jinja2 render it differently: ${differing}`);
}
