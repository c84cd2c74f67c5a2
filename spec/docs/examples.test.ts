import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { filesBelow, ROOT, readText } from './documents.ts';

interface Example {
  /** Where the page says that the file stands. */
  readonly path: string;
  readonly text: string;
}

/** A whole file of an extending page: its path in backticks at the start of a line, then the code. */
const examples = filesBelow('docs/extending', '.md').flatMap((page): Example[] =>
  [...readText(page).matchAll(/^`(src\/[\w/-]+\.ts)`:[^\n]*\n\n```ts\n(.*?)^```$/gms)].map(
    ([, path = '', text = '']) => ({ path: join(ROOT, path), text }),
  ),
);

/** What the compiler says of files that exist only in `texts`. */
function faultsOf(texts: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const text = texts.get(file);
    if (text === undefined) return getSourceFile(file, target, ...rest);
    return ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(
      ({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

it('the examples of docs/extending compile', () => {
  expect(examples.length).toBe(10);
  expect(faultsOf(new Map(examples.map(({ path, text }) => [path, text])))).toEqual([]);
}, 120_000);

it('the list of reasons in as-of.md is the one of the plan', () => {
  const [, union = ''] =
    /export type ReasonCode =([^;]*);/.exec(readText('src/core/plan.ts')) ?? [];
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code);
  const table = readText('docs/guides/as-of.md').matchAll(/^\| `([a-z-]+)` \| .* \| .* \|$/gm);
  const listed = [...table].map(([, code]) => code);
  expect(codes.filter((code) => !listed.includes(code))).toEqual([]);
});
