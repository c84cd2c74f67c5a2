const ESCAPE =
  /\\(?:\n|([abfnrtv\\'"])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/g;

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

/** The value of a Python string literal; an unknown escape stays as it is written. */
export function unescapeString(body: string): string {
  return body.replace(ESCAPE, (_all, simple, x, u, long, octal) => {
    if (simple !== undefined) return SIMPLE[simple] ?? '';
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = x ?? u ?? long;
    return hex === undefined ? '' : String.fromCodePoint(Number.parseInt(hex, 16));
  });
}
