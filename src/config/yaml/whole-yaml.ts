import { createRequire } from 'node:module';
import type { Document } from 'yaml';
import { ProjectError, VeloErrors } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

const require = createRequire(import.meta.url);

/** The library takes its time to load, and few texts need it. */
export const yamlLibrary = (): typeof import('yaml') => require('yaml');

/** Parses all of YAML 1.2. @throws VeloErrors of code 'yaml-syntax', one for each fault */
export function readWholeYaml(file: string, text: string): YamlFile {
  const { LineCounter, parseDocument } = yamlLibrary();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Span => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new VeloErrors(
      document.errors.map(
        ({ message, pos }) => new ProjectError('yaml-syntax', message, { span: at(pos[0]) }),
      ),
    );
  }
  return {
    file,
    text,
    value: document.toJS({ maxAliasCount: 100 }) ?? null,
    spanOf: (path, key) => at(offsetOf(document, path, key)),
  };
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
