import type { Span } from '../../core/span.ts';
import type { SimpleYaml } from './simple-yaml.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

/** What was read simply, as a file whose lines are counted when a place is first asked for. */
export function simpleFile(file: string, yaml: SimpleYaml): YamlFile {
  let starts: readonly number[] | undefined;
  return {
    file,
    text: yaml.text,
    value: yaml.value,
    spanOf(path, key): Span {
      starts ??= lineStarts(yaml.text);
      const offset = offsetOf(yaml, path, key);
      const line = lineOf(offset, starts);
      return { file, line, column: offset - (starts[line - 1] ?? 0) + 1 };
    },
  };
}

/** The offset of the value at `path` or its key `key`, as far as they exist. */
function offsetOf({ value, places }: SimpleYaml, path: YamlPath, key: string | undefined): number {
  let at = value;
  let offset = placeOf(at)?.[0] ?? 0;
  for (const part of path) {
    const index = entryIndex(at, part);
    const inner =
      index < 0 ? undefined : placeOf(at)?.[Array.isArray(at) ? 1 + index : 2 + 2 * index];
    if (inner === undefined) return offset;
    offset = inner;
    at = (at as Readonly<Record<string | number, unknown>>)[part];
  }
  const index = key === undefined || Array.isArray(at) ? -1 : entryIndex(at, key);
  return index < 0 ? offset : (placeOf(at)?.[1 + 2 * index] ?? offset);

  function placeOf(container: unknown): readonly number[] | undefined {
    return places.get(container as object);
  }
}

/** Which entry of a list or mapping `part` names; -1 when there is none. */
function entryIndex(container: unknown, part: string | number): number {
  if (Array.isArray(container)) return Number(part) in container ? Number(part) : -1;
  if (container === null || typeof container !== 'object') return -1;
  return Object.keys(container).indexOf(part as string);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number of the line an offset is in, from 1. */
function lineOf(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
