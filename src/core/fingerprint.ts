import { hash } from 'node:crypto';

/** A short, stable hash of any JSON-like value; the order of object keys does not matter. */
export function hashOf(value: unknown): string {
  return hash('sha256', stableJson(value)).slice(0, 16);
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
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
