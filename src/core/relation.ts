import { hashOf } from './fingerprint.ts';

/** Where a node's rows live. Rendering and quoting belong to the dialect. */
export interface Relation {
  readonly database?: string | undefined;
  readonly schema: string;
  readonly name: string;
}

const HASH_LENGTH = 8;

/** A name of at most `bytes`: of a longer one the beginning and a hash of all of it, the same every time. */
export function shortName(name: string, bytes: number | undefined): string {
  if (bytes === undefined || Buffer.byteLength(name) <= bytes) return name;
  const hash = hashOf(name).slice(0, HASH_LENGTH);
  let head = '';
  for (const character of name) {
    if (Buffer.byteLength(head + character) + HASH_LENGTH + 1 > bytes) break;
    head += character;
  }
  return `${head}_${hash}`;
}
