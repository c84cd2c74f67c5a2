import { join } from 'node:path';
import type { CliResult, TestProject } from '../e2e/velo.ts';
import { compareManifests } from './compare-manifest.ts';
import { type Comparison, compareEntries } from './comparison.ts';
import { readCompiled, readInvocations, readManifest, readTree } from './records.ts';
import { fillDatabase, withShop } from './shop.ts';

/** Files of target/compiled that dbt writes only when it builds. */
const NOT_COMPILED: readonly { readonly files: RegExp; readonly reason: string }[] = [
  { files: /\/hooks\//, reason: 'hooks are rendered when they run' },
  { files: /\/_inc\.yml\/models\//, reason: 'unit tests are rendered when they run' },
  {
    files: /\/_inc\.yml\/(int_\w+|stg_\w+|fct_orders)\.sql$/,
    reason: 'inputs of unit tests, which are rendered when they run',
  },
  { files: /\/fct_events_daily\/fct_events_daily_/, reason: 'batches of a run' },
  { files: /\.py$/, reason: 'velo reads models in Python and never compiles them' },
];

/** What `dbt compile` writes besides: recorded in a scenario that compiled it. */
const ONLY_COMPILED = [
  'shop/analyses/top_customers.sql',
  'shop/models/marts/incremental/fct_events_daily.sql',
];

/** What compiling adds to a node of the manifest. */
const COMPILED_FIELDS = [
  'compiled',
  'compiled_code',
  'compiled_path',
  'extra_ctes',
  'extra_ctes_injected',
];

const LS_RECORDS = [66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81];
/** 49 and 51 are errors: `errors.test.ts` has them. */
const COMPILE_RECORDS = [43, 44, 45, 46, 47, 48, 50, 52];

/** One part of what is compared; each starts with a fresh copy of the project. */
export const PARTS: Readonly<Record<string, (shop: TestProject) => Promise<Comparison>>> = {
  manifest: compareParse,
  ls: (shop) => compareAnswers(shop, 'ls', LS_RECORDS, lsAnswer),
  // What rpt_revenue asks the database, an empty one cannot answer.
  compiled: (shop) =>
    compareCompiled(shop, 'compiled', ['duckdb-first'], ['--exclude', 'rpt_revenue']),
  'compiled-manifest': compareCompiledManifest,
  'compiled-after-build': async (shop) => {
    await fillDatabase(shop.dir, '021-build-first');
    return compareCompiled(shop, 'compiled-after-build', ['duckdb-first', 'duckdb-second']);
  },
  compile: async (shop) => {
    await fillDatabase(shop.dir, '021-build-first');
    return compareAnswers(shop, 'compile', COMPILE_RECORDS, compileAnswer);
  },
};

/** Runs velo on the reference project. @throws Error with what velo says when it refuses the project */
export async function comparePart(name: keyof typeof PARTS): Promise<Comparison> {
  const part = PARTS[name];
  if (!part) throw new Error(`no part is named ${name}; parts: ${Object.keys(PARTS).join(', ')}`);
  return await withShop(part);
}

async function compareParse(shop: TestProject): Promise<Comparison> {
  await succeed(shop, ['parse']);
  return compareManifests(readManifest('013-parse'), shop.readJson('target/manifest.json'));
}

/** Compares what compiling adds to the manifest with what dbt's first build added. */
async function compareCompiledManifest(shop: TestProject): Promise<Comparison> {
  await succeed(shop, ['compile', '--exclude', 'rpt_revenue']);
  const dbt = compiledFields(readManifest('021-build-first'));
  const velo = compiledFields(shop.readJson('target/manifest.json'));
  return compareEntries('compiled-manifest', dbt, velo);
}

/** Hooks are rendered when they run, and rpt_revenue asks the database. */
function compiledFields({ nodes }: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(
    nodes as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  );
  return Object.fromEntries(
    entries
      .filter(([id]) => !id.startsWith('operation.') && !id.endsWith('.rpt_revenue'))
      .map(([id, node]) => [
        id,
        Object.fromEntries(COMPILED_FIELDS.map((key) => [key, node[key]])),
      ]),
  );
}

/** Compares target/compiled with the files dbt had after its builds, later builds over earlier ones. */
async function compareCompiled(
  shop: TestProject,
  section: string,
  builds: readonly string[],
  args: readonly string[] = [],
): Promise<Comparison> {
  await succeed(shop, ['compile', ...args]);
  const velo = readTree(join(shop.dir, 'target/compiled'));
  const dbt = new Map(builds.flatMap((build) => [...readCompiled(build)]));
  const others = readCompiled('duckdb-microbatch');
  for (const file of ONLY_COMPILED) dbt.set(file, others.get(file) ?? '');
  const compared = [...dbt].filter(
    ([file]) =>
      !NOT_COMPILED.some(({ files }) => files.test(file)) &&
      // Tests of what is left out are left out, too.
      !args.some((name) => file.slice(file.lastIndexOf('/')).includes(name)),
  );
  return compareEntries(section, Object.fromEntries(compared), Object.fromEntries(velo));
}

/** Compares exit codes and answers of recorded calls, byte for byte. */
async function compareAnswers(
  shop: TestProject,
  section: string,
  numbers: readonly number[],
  answerOf: (stdout: string) => string,
): Promise<Comparison> {
  const calls = readInvocations();
  const dbt: Record<string, Answer> = {};
  const velo: Record<string, Answer> = {};
  for (const number of numbers) {
    const call = calls.get(number);
    if (!call) throw new Error(`call ${number} was not recorded`);
    const result = await shop.velo(call.args, { env: call.env });
    dbt[call.name] = answer(call.exit, answerOf(call.stdout));
    // velo writes its log to stderr; where it refuses, that says why.
    const text = answerOf(result.stdout) || (result.exitCode === 0 ? '' : result.stderr);
    velo[call.name] = answer(result.exitCode, text);
  }
  return compareEntries(section, dbt, velo);
}

interface Answer {
  readonly exit: number | null;
  readonly text: string;
  /** Lines of JSON by their names, so that a difference is shown where it is. */
  readonly items?: Readonly<Record<string, unknown>>;
}

function answer(exit: number | null, text: string): Answer {
  const objects = text
    .split('\n')
    .flatMap((line) => (/^\{.*\}$/.test(line) ? [JSON.parse(line)] : []));
  const items = objects.map((item) => [String(item.unique_id ?? item.name), item] as const);
  return items.length > 0 ? { exit, text, items: Object.fromEntries(items) } : { exit, text };
}

/** What is left of `dbt ls` without its log: of the texts between lines with a time, the last that is a list. */
function lsAnswer(stdout: string): string {
  const texts = stdout.split(/^HH:MM:SS .*\n/m);
  return texts.findLast((text) => /^((\{.*\}|\S+)\n)+$/.test(text)) ?? '';
}

/** What is left of `dbt compile` without its log; with `-q` there is none. */
function compileAnswer(stdout: string): string {
  const unlogged = stdout.replaceAll(/^HH:MM:SS .*\n/gm, '');
  const start = unlogged.search(/^(Compiled (inline )?node .*is:|\{)$/m);
  return unlogged.slice(Math.max(start, 0));
}

async function succeed(shop: TestProject, args: readonly string[]): Promise<CliResult> {
  const result = await shop.velo(args);
  if (result.exitCode === 0) return result;
  throw new Error(`velo ${args.join(' ')} ends with ${result.exitCode}\n${result.stderr}`);
}
