import { createHash } from 'node:crypto';

/** A short, stable hash of any JSON-like value; the order of object keys does not matter. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(stableJson(value)).digest('hex').slice(0, 16);
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

// Strings come first so that comment signs inside them are left alone.
const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|(?:\{#[\s\S]*?#\}|--[^\n]*|\/\*[\s\S]*?\*\/|\s)+/g;

/** SQL or a template without comments, and with every run of white space as one blank. */
export function normalizeSql(text: string): string {
  return text.replace(TOKENS, (token) => (/^['"$]/.test(token) ? token : ' ')).trim();
}
