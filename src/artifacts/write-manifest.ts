import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { type ByteWriter, byteWriter } from '../core/byte-writer.ts';
import type { Node } from '../core/node.ts';
import {
  edgeMap,
  entryContext,
  entryOf,
  type ManifestInput,
  manifestFrame,
  sectionOf,
} from './manifest.ts';

/** Where the text `"<id>":{…}` of each node is in a manifest.json, in the order of the nodes: first byte and bytes. */
export interface ManifestPlaces {
  readonly offset: readonly number[];
  readonly length: readonly number[];
  /** First byte and bytes of the values of parent_map and child_map. */
  readonly maps: Readonly<Record<string, readonly [number, number]>>;
}

/** A manifest.json of the same project, of which most entries still hold. */
export interface EarlierManifest {
  readonly file: string;
  readonly places: ManifestPlaces;
  /** The number each node had among those of the earlier manifest; -1: its entry is made anew. */
  readonly rowsBefore: readonly number[];
  /** Whether parent_map and child_map hold as they are. */
  readonly hasSameEdges: boolean;
}

/**
 * Writes manifest.json entry by entry, so that it is never in memory as a whole. A reader sees the old file or the new
 * one. Entries that hold are copied from the earlier file, with the time they were made.
 */
export function writeManifest(
  path: string,
  input: ManifestInput,
  earlier?: EarlierManifest,
): ManifestPlaces {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    const places = writeInto(aside, input, earlier && openEarlier(earlier));
    renameSync(aside, path);
    return places;
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

interface OpenManifest extends EarlierManifest {
  readonly descriptor: number;
}

const openEarlier = (earlier: EarlierManifest): OpenManifest => ({
  ...earlier,
  descriptor: openSync(earlier.file, 'r'),
});

type EdgeKey = 'parent_map' | 'child_map';

const EDGES = { parent_map: 'parents', child_map: 'children' } as const satisfies Readonly<
  Record<EdgeKey, keyof ManifestInput['graph']>
>;

const isEdgeKey = (key: string): key is EdgeKey => key in EDGES;

function writeInto(
  path: string,
  input: ManifestInput,
  earlier: OpenManifest | undefined,
): ManifestPlaces {
  const out = byteWriter(path);
  try {
    const nodes = [...input.manifest.nodes.values()];
    const renewed = earlier && nodes.filter((_, row) => earlier.rowsBefore[row] === -1);
    const context = entryContext(input, renewed);
    const entries = entriesWriter(out, nodes, (node) => entryText(node, context), earlier);
    const maps: Record<string, [number, number]> = {};
    const bySection = rowsBySection(nodes);
    let separator = '{';
    for (const [key, value] of Object.entries(manifestFrame(input, context))) {
      out.add(`${separator}${JSON.stringify(key)}:`);
      separator = ',';
      const rows = bySection.get(key);
      if (rows) entries.add(rows);
      else if (isEdgeKey(key)) maps[key] = writeEdges(out, key, input, earlier);
      else out.add(JSON.stringify(value));
    }
    out.add('}');
    return { ...entries.places, maps };
  } finally {
    out.close();
    if (earlier) closeSync(earlier.descriptor);
  }
}

const entryText = (node: Node, context: Parameters<typeof entryOf>[1]): string =>
  `${JSON.stringify(node.id)}:${JSON.stringify(entryOf(node, context))}`;

function rowsBySection(nodes: readonly Node[]): ReadonlyMap<string, readonly number[]> {
  const sections = new Map<string, number[]>();
  for (const [row, { kind }] of nodes.entries()) {
    const section = sectionOf(kind);
    const rows = sections.get(section);
    if (rows) rows.push(row);
    else sections.set(section, [row]);
  }
  return sections;
}

/** Writes the entries of sections, and notes where they are. */
function entriesWriter(
  out: ByteWriter,
  nodes: readonly Node[],
  textOf: (node: Node) => string,
  earlier: OpenManifest | undefined,
) {
  const offset = nodes.map(() => 0);
  const length = nodes.map(() => 0);
  /** Copies an entry, with the comma before it if the one it follows was copied too. */
  const copy = (file: OpenManifest, before: number, end: number, separator: string): number => {
    const start = file.places.offset[before] as number;
    const size = file.places.length[before] as number;
    if (start === end + 1) out.copy(file.descriptor, end, 1 + size);
    else {
      out.add(separator);
      out.copy(file.descriptor, start, size);
    }
    return start + size;
  };
  const add = (rows: readonly number[]) => {
    let separator = '{';
    let end = -1;
    for (const row of rows) {
      const before = earlier?.rowsBefore[row] ?? -1;
      const start = out.position();
      if (earlier && before >= 0) end = copy(earlier, before, end, separator);
      else {
        out.add(`${separator}${textOf(nodes[row] as Node)}`);
        end = -1;
      }
      separator = ',';
      offset[row] = start + 1;
      length[row] = out.position() - start - 1;
    }
    out.add('}');
  };
  return { add, places: { offset, length } };
}

/** Returns the first byte and the bytes of the map. */
function writeEdges(
  out: ByteWriter,
  key: EdgeKey,
  { manifest, graph }: ManifestInput,
  earlier: OpenManifest | undefined,
): [number, number] {
  const start = out.position();
  const before = earlier?.hasSameEdges ? earlier.places.maps[key] : undefined;
  if (earlier && before) out.copy(earlier.descriptor, ...before);
  else out.add(JSON.stringify(edgeMap([...manifest.nodes.keys()], graph[EDGES[key]])));
  return [start, out.position() - start];
}
