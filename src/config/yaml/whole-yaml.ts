import { createRequire } from 'node:module';
import type { Document } from 'yaml';
import { ProjectError, VeloErrors } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

const require = createRequire(import.meta.url);

/** The library takes its time to load, and few texts need it. */
export const yamlLibrary = (): typeof import('yaml') => require('yaml');

/** Parses all of YAML 1.2, and `<<`, which dbt's reader of YAML 1.1 knows. @throws VeloErrors of code 'yaml-syntax', one for each fault */
export function readWholeYaml(file: string, text: string): YamlFile {
  const { LineCounter, parseDocument } = yamlLibrary();
  const lines = new LineCounter();
  checkText(file, text);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): Span => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new VeloErrors(
      document.errors.map(
        ({ message, pos }) => new ProjectError('yaml-syntax', said(message), { span: at(pos[0]) }),
      ),
    );
  }
  const fault = text.includes('<<') ? badMerge(document) : undefined;
  if (fault !== undefined) throw new ProjectError('yaml-syntax', MERGES, { span: at(fault) });
  return {
    file,
    text,
    value: javascriptOf(document, file),
    spanOf: (path, key) => at(offsetOf(document, path, key)),
  };
}

const MERGES = "'<<' takes a mapping, an alias of one, or a list of them";

/** Where the first `<<` stands that has nothing to put in its place. */
function badMerge(document: Document): number | undefined {
  const { isAlias, isMap, isScalar, isSeq, visit } = yamlLibrary();
  const meant = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  let fault: number | undefined;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.type !== 'PLAIN' || key.source !== '<<') return undefined;
      const source = meant(value);
      const all = isSeq(source) ? source.items.map(meant) : [source];
      if (all.every(isMap)) return undefined;
      fault = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return fault;
}

/** Characters beyond which only simple YAML is read: the library would need minutes and gigabytes. */
const MAX_TEXT = 10_000_000;

/** Brackets that open one within another: each level costs the library all those around it. */
const DEEP = /(?:[[{][^[\]{}\n"']{0,100}\s*){1000}/;

function checkText(file: string, text: string): void {
  const deep = DEEP.exec(text);
  const fault = deep
    ? 'it nests too deeply'
    : `it has more than ${MAX_TEXT / 1e6} MB, which is read only where it is simple`;
  if (!deep && text.length <= MAX_TEXT) return;
  const before = text.slice(0, deep?.index ?? 0).split('\n');
  const span = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  throw new ProjectError('yaml-syntax', fault, { span });
}

/** The library's words where they are meant for programmers. */
function said(message: string): string {
  if (message.startsWith('Maximum call stack')) return 'it nests too deeply';
  return message.startsWith('Source contains multiple documents')
    ? 'the file holds more than one document'
    : message;
}

/** How often anchors may be repeated, those within others multiplied. */
const MAX_ALIASES = 10_000;

function javascriptOf(yaml: Document, file: string): unknown {
  try {
    return yaml.toJS({ maxAliasCount: MAX_ALIASES }) ?? null;
  } catch (cause) {
    if (!(cause instanceof ReferenceError || cause instanceof RangeError)) throw cause;
    const isBomb = cause.message.startsWith('Excessive alias');
    const message = isBomb
      ? `its anchors stand for more than ${MAX_ALIASES} values: aliases within aliases multiply`
      : said(cause.message);
    throw new ProjectError('yaml-syntax', message, { span: { file, line: 1, column: 1 }, cause });
  }
}

function offsetOf(document: Document, path: YamlPath, key?: string): number {
  const { isMap, isScalar } = yamlLibrary();
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown =
      depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const wanted = depth === path.length ? key : String(path[depth]);
    if (wanted !== undefined && isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === wanted,
      );
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}
