/** A call of `dbt.<name>(<args>)` in Python. */
export interface PythonCall {
  readonly name: 'ref' | 'source' | 'config';
  /** What stands between its brackets. */
  readonly args: string;
}

const CALL = /\bdbt\s*\.\s*(ref|source|config)\s*\(/g;

/** The calls that say what a Python model reads and how it is set, in order; comments do not count. */
export function pythonCalls(code: string): PythonCall[] {
  const text = code.replace(STRING_OR_COMMENT, (found) =>
    found.startsWith('#') ? ' '.repeat(found.length) : found,
  );
  return [...text.matchAll(CALL)].flatMap((match) => {
    const start = match.index + match[0].length;
    const end = closingBracket(text, start);
    return end < 0 ? [] : [{ name: match[1] as PythonCall['name'], args: text.slice(start, end) }];
  });
}

const STRING_OR_COMMENT =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g;

const TOKEN = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()[\]{}]/g;

/** Where the bracket that was opened before `start` is closed; -1 when it is not. */
function closingBracket(text: string, start: number): number {
  let depth = 1;
  TOKEN.lastIndex = start;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    if ('([{'.includes(match[0])) depth += 1;
    else if (')]}'.includes(match[0])) depth -= 1;
    if (depth === 0) return match.index;
  }
  return -1;
}
