import { closeSync, openSync, renameSync, rmSync, writevSync } from 'node:fs';
import type { NodeId } from '../core/node.ts';
import type { EntryContext } from './entry-parts.ts';
import { entryContext, entryOf, type ManifestInput, manifestFrame, sectionOf } from './manifest.ts';

/** Where the text `"<id>":{…}` of each node is in a manifest.json: first byte and bytes. */
export interface ManifestPlaces {
  readonly id: readonly string[];
  readonly offset: readonly number[];
  readonly length: readonly number[];
}

/** A manifest.json of the same project, of which most entries still hold. */
export interface EarlierManifest {
  readonly bytes: Buffer;
  readonly places: ManifestPlaces;
  /** Nodes whose entries are made anew. */
  readonly renewed: ReadonlySet<NodeId>;
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
    const places: Record<keyof ManifestPlaces, (string | number)[]> = {
      id: [],
      offset: [],
      length: [],
    };
    const context = entryContext(input, renewedNodes(input, earlier));
    const text = entryTexts(input, context, earlier);
    const bySection = idsBySection(input);
    const frame = manifestFrame(input, context);
    let separator = '{';
    for (const [key, value] of Object.entries(frame)) {
      out.add(`${separator}${JSON.stringify(key)}:`);
      separator = ',';
      const ids = bySection.get(key);
      if (!ids) {
        out.add(JSON.stringify(value));
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
    return places as unknown as ManifestPlaces;
  } finally {
    out.close();
  }
}

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

const BLOCK = 1 << 20;
const MOST_PARTS = 1024;

/** Writes texts and bytes in blocks. */
function byteWriter(path: string) {
  const descriptor = openSync(path, 'w');
  let parts: Uint8Array[] = [];
  let texts = '';
  let waiting = 0;
  let position = 0;
  const flushText = () => {
    if (texts !== '') parts.push(Buffer.from(texts));
    texts = '';
  };
  const flush = () => {
    flushText();
    writeAll(descriptor, parts);
    parts = [];
    waiting = 0;
  };
  return {
    position: () => position,
    add(part: string | Buffer): number {
      const size = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
      if (typeof part === 'string') texts += part;
      else {
        flushText();
        parts.push(part);
      }
      position += size;
      waiting += size;
      if (waiting >= BLOCK || parts.length >= MOST_PARTS - 1) flush();
      return size;
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

/** The system may take less than it is given. */
function writeAll(descriptor: number, parts: readonly Uint8Array[]): void {
  if (parts.length === 0) return;
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const written = writevSync(descriptor, parts);
  if (written < total) writeAll(descriptor, [Buffer.concat(parts).subarray(written)]);
}
