const ESCAPE =
  /\\(?:\n|([abfnrtv\\'"])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/g;

/** Beyond the last code point; the backslash is not itself escaped. */
const NO_CHARACTER = /(?<!\\)(?:\\\\)*\\U(?!00(?:0|10))[\da-fA-F]{8}/;

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The value of a Python string literal; an unknown escape stays as it is written. Undefined when one means no character. */
export function unescapeString(body: string): string | undefined {
  if (NO_CHARACTER.test(body)) return undefined;
  return body.replace(ESCAPE, (_all, simple, x, u, long, octal) => {
    if (simple !== undefined) return SIMPLE[simple] ?? '';
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = x ?? u ?? long;
    return hex === undefined ? '' : String.fromCodePoint(Number.parseInt(hex, 16));
  });
}
