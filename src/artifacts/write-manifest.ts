import { renameSync, rmSync } from 'node:fs';
import { byteWriter } from '../core/byte-writer.ts';
import type { NodeId } from '../core/node.ts';
import type { EntryContext } from './entry-parts.ts';
import { entryContext, entryOf, type ManifestInput, manifestFrame, sectionOf } from './manifest.ts';

/** Where the text `"<id>":{…}` of each node is in a manifest.json: first byte and bytes. */
export interface ManifestPlaces {
  readonly id: readonly string[];
  readonly offset: readonly number[];
  readonly length: readonly number[];
  /** First byte and bytes of the values of parent_map and child_map. */
  readonly maps: Readonly<Record<string, readonly [number, number]>>;
}

/** A manifest.json of the same project, of which most entries still hold. */
export interface EarlierManifest {
  readonly bytes: Buffer;
  readonly places: ManifestPlaces;
  /** Nodes whose entries are made anew. */
  readonly renewed: ReadonlySet<NodeId>;
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
    const places = writeInto(aside, input, earlier);
    renameSync(aside, path);
    return places;
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function writeInto(path: string, input: ManifestInput, earlier: EarlierManifest | undefined) {
  const out = byteWriter(path);
  try {
    const places = {
      id: [] as string[],
      offset: [] as number[],
      length: [] as number[],
      maps: {} as Record<string, [number, number]>,
    };
    const context = entryContext(input, renewedNodes(input, earlier));
    const text = entryTexts(input, context, earlier);
    const bySection = idsBySection(input);
    const graph = earlier?.hasSameEdges ? NO_EDGES : input.graph;
    const frame = manifestFrame({ ...input, graph }, context);
    let separator = '{';
    for (const [key, value] of Object.entries(frame)) {
      out.add(`${separator}${JSON.stringify(key)}:`);
      separator = ',';
      const ids = bySection.get(key);
      if (!ids) {
        const start = out.position();
        const length = out.add(mapBefore(key, earlier) ?? JSON.stringify(value));
        if (key === 'parent_map' || key === 'child_map') places.maps[key] = [start, length];
        continue;
      }
      let inner = '{';
      for (const id of ids) {
        out.add(inner);
        inner = ',';
        places.id.push(id);
        places.offset.push(out.position());
        places.length.push(out.add(text(id)));
      }
      out.add(inner === '{' ? '{}' : '}');
    }
    out.add('}');
    return places;
  } finally {
    out.close();
  }
}

/** Maps that are copied need not be made. */
const NO_EDGES: ManifestInput['graph'] = { parents: () => [], children: () => [] };

function idsBySection({ manifest }: ManifestInput): ReadonlyMap<string, readonly NodeId[]> {
  const sections = new Map<string, NodeId[]>();
  for (const { id, kind } of manifest.nodes.values()) {
    const section = sectionOf(kind);
    const ids = sections.get(section);
    if (ids) ids.push(id);
    else sections.set(section, [id]);
  }
  return sections;
}

function mapBefore(key: string, earlier: EarlierManifest | undefined): Buffer | undefined {
  const [start = 0, length] = (earlier?.hasSameEdges && earlier.places.maps[key]) || [];
  return length === undefined ? undefined : earlier?.bytes.subarray(start, start + length);
}

const renewedNodes = ({ manifest }: ManifestInput, earlier: EarlierManifest | undefined) =>
  earlier && [...earlier.renewed].flatMap((id) => manifest.nodes.get(id) ?? []);

/** The text of each node's entry with its key: copied where it holds. */
function entryTexts(
  input: ManifestInput,
  context: EntryContext,
  earlier: EarlierManifest | undefined,
): (id: NodeId) => string | Buffer {
  const rows = new Map(earlier?.places.id.map((id, row) => [id, row]));
  return (id) => {
    const row = earlier?.renewed.has(id) ? undefined : rows.get(id);
    if (earlier && row !== undefined) {
      const start = earlier.places.offset[row] as number;
      return earlier.bytes.subarray(start, start + (earlier.places.length[row] as number));
    }
    const node = input.manifest.nodes.get(id);
    return node ? `${JSON.stringify(id)}:${JSON.stringify(entryOf(node, context))}` : '';
  };
}
