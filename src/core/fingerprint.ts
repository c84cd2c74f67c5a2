import { hash } from 'node:crypto';

/** A short, stable hash of any JSON-like value; the order of object keys does not matter. */
export function hashOf(value: unknown): string {
  return hash('sha256', stableJson(value) ?? '').slice(0, 16);
}

/** JSON with the keys of objects in order, without a replacer: that would cost twice as much. */
function stableJson(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || 'toJSON' in value)
    return JSON.stringify(value);
  let json = '';
  const add = (one: string) => {
    json += json === '' ? one : `,${one}`;
  };
  if (Array.isArray(value)) {
    for (const one of value) add(stableJson(one) ?? 'null');
    return `[${json}]`;
  }
  for (const key of orderedKeys(value)) {
    const inner = stableJson((value as Readonly<Record<string, unknown>>)[key]);
    if (inner !== undefined) add(`${JSON.stringify(key)}:${inner}`);
  }
  return `{${json}}`;
}

/** Keys that are numbers first, as in every object, and the rest in order. */
function orderedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  if (keys.every((key, i) => i === 0 || (keys[i - 1] ?? '') < key)) return keys;
  return Object.keys(Object.fromEntries(keys.sort().map((key) => [key, null])));
}

// What stands for one blank. A lone blank is not looked at: it is one already, and there are many.
const GAP = String.raw`(?:\{#[\s\S]*?#\}|--[^\n]*|\/\*[\s\S]*?\*\/|\s)+`;
// Strings come first so that comment signs inside them are left alone.
const TOKENS = new RegExp(
  String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$| ${GAP}|(?! )${GAP}`,
  'g',
);

/** SQL or a template without comments, and with every run of white space as one blank. */
export function normalizeSql(text: string): string {
  return text.replace(TOKENS, (token) => (isQuoted(token) ? token : ' ')).trim();
}

function isQuoted(token: string): boolean {
  const first = token.charCodeAt(0);
  return first === 39 || first === 34 || first === 36;
}
