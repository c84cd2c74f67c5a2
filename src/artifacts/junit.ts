/** What became of one test, model or other thing that CI shows as a test. */
export interface TestCase {
  /** The file it stands in, from the project's folder, with '/'. */
  readonly file: string;
  readonly name: string;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** `failure`: what was looked at is not as it should be; `error`: it could not be done. `type` is a word, `message` a line, `text` all there is to say. */
export type Outcome =
  | { readonly kind: 'passed'; readonly text?: string | undefined }
  | {
      readonly kind: 'failure' | 'error' | 'skipped';
      readonly type: string;
      readonly message: string;
      readonly text: string;
    };

export interface TestReport {
  /** `velo build` */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly cases: readonly TestCase[];
}

/**
 * Test results as XML in the words of Jenkins and Surefire (junit-10.xsd): a suite for each file, in the order in which
 * they first appear. That schema knows no `file` and `line` of a test case: the file is its suite's, the line is told in the text.
 */
export function junitXml({ name, startedAt, elapsedMs, cases }: TestReport): string {
  const byFile = new Map<string, TestCase[]>();
  for (const one of cases) {
    const own = byFile.get(one.file);
    if (own) own.push(one);
    else byFile.set(one.file, [one]);
  }
  const timestamp = new Date(startedAt).toISOString().slice(0, 19);
  const suites = [...byFile].map(([file, own]) => suiteXml(file, own, timestamp));
  const attributes = attributesXml({ name, ...countsOf(cases), time: seconds(elapsedMs) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n${suites.join('')}</testsuites>\n`;
}

function suiteXml(file: string, cases: readonly TestCase[], timestamp: string): string {
  const sum = cases.reduce((ms, { durationMs }) => ms + durationMs, 0);
  const skipped = cases.filter(({ outcome }) => outcome.kind === 'skipped').length;
  const attributes = attributesXml({
    ...{ name: file || 'project', ...countsOf(cases), skipped, time: seconds(sum), timestamp },
    ...(file === '' ? {} : { file }),
  });
  return `  <testsuite${attributes}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
}

const countsOf = (cases: readonly TestCase[]) => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome.kind === 'failure').length,
  errors: cases.filter(({ outcome }) => outcome.kind === 'error').length,
});

function caseXml({ file, name, durationMs, outcome }: TestCase): string {
  const attributes = attributesXml({ name, classname: className(file), time: seconds(durationMs) });
  const inner = outcomeXml(outcome);
  return inner === ''
    ? `    <testcase${attributes}/>\n`
    : `    <testcase${attributes}>${inner}</testcase>\n`;
}

function outcomeXml(outcome: Outcome): string {
  if (outcome.kind === 'passed') {
    return outcome.text ? `<system-out>${escaped(outcome.text)}</system-out>` : '';
  }
  const { kind, type, message, text } = outcome;
  return `<${kind}${attributesXml({ type, message })}>${escaped(text)}</${kind}>`;
}

/** Jenkins takes what stands before the last dot for the package: `models.staging.orders`. */
const className = (file: string): string =>
  file.replace(/\.[a-z]+$/i, '').replaceAll('/', '.') || 'project';

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const attributesXml = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');

// biome-ignore lint/suspicious/noControlCharactersInRegex: characters that XML cannot hold, not even escaped
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

const escaped = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
