import { type Cursor, unusual } from './cursor.ts';

const KEY = /(?:(\+?[A-Za-z_][\w.+/-]{0,200})|'([^'\n]{0,200})'|"([^"\\\n]{0,200})"):(?=[ \n]|$)/y;

/** Keys that are no texts, that JavaScript would reorder, or that mean something to it. */
const ODD: ReadonlySet<string> = new Set(
  'true True TRUE false False FALSE null Null NULL __proto__'.split(' '),
);

/** The key that begins at the cursor, which is left behind its colon; undefined when there is none. */
export function readKey(cursor: Cursor): string | undefined {
  KEY.lastIndex = cursor.at;
  const found = KEY.exec(cursor.text);
  if (!found) return undefined;
  cursor.at = KEY.lastIndex;
  const [, plain, quoted = found[3] ?? ''] = found;
  const key = plain ?? quoted;
  return ODD.has(key) || (plain === undefined && /^\d/.test(key)) ? unusual() : key;
}
