import {
  DatabaseError,
  type ErrorCode,
  type SqlPosition,
  type StatementFault,
} from '../../core/errors.ts';

interface Failure {
  readonly message: string;
  /** Bytes into the statement. */
  readonly offset: number | undefined;
  readonly fault: StatementFault | undefined;
}

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** In the reader's words; else DuckDB's own message stands. */
  readonly say?: (match: RegExpExecArray, path: string) => string;
  readonly hint?: string;
}

const ANOTHER_FILE = 'move it away and build anew, or set path of the target to another file';

const MEANINGS: readonly Meaning[] = [
  {
    pattern: /^Interrupted!/,
    code: 'interrupted',
    say: () => 'the statement was interrupted',
  },
  {
    pattern: /No space left on device|File too large|max_temp_directory_size/,
    code: 'disk-full',
    hint: 'free space, or point temp_directory of the target at a larger disk; nothing was committed',
  },
  {
    pattern: /^(could not allocate|failed to (?:allocate|pin|offload))[^\n]*/i,
    code: 'database-error',
    say: ([text]) => `out of memory: ${text}`,
    hint: 'raise memory_limit of the target, or lower threads',
  },
  {
    // DuckDB writes the entry as "Schema\0main\0main\0Table\0main\0name", backslashes and all.
    pattern:
      /write-write conflict on (?:.*\\0)?([^"]*)"?|has been altered by a different transaction|Conflict on/,
    code: 'write-conflict',
    say: ([text, entry]) => `another session is changing the same relation (${entry || text})`,
    hint: 'nothing was committed; run again, and let only one run write a relation',
  },
  {
    pattern:
      /^Extension "(?:.*\/)?([^"/]+?)(?:\.duckdb_extension)?" not found|download extension "([^"]+)"/,
    code: 'database-error',
    say: ([, missing, wanted]) => `the DuckDB extension '${missing ?? wanted}' is not installed`,
    hint: 'velo does not download extensions; install it once with DuckDB: install <name>',
  },
  {
    pattern: /^syntax error at or near ";"/,
    code: 'database-error',
    hint: "a model is one SELECT without ';' at its end",
  },
  {
    // DuckDB's own guess is the nearest name of its catalog, often one of its internal tables.
    pattern: /^Table with name (\S+) does not exist!/,
    code: 'database-error',
    say: ([text]) => text,
    hint: "write {{ ref('name') }} for a model or seed, {{ source('source', 'name') }} for other tables",
  },
  {
    pattern: /can only write to a single attached database/,
    code: 'database-error',
    say: ([text], _path) => `DuckDB: a transaction ${text}`,
    hint: "rows and velo's notes of them are written together: leave out database, and use a target of its own for the other file",
  },
  {
    pattern: /Conflicting lock is held in (\S+) \(PID (\d+)\)/,
    code: 'database-locked',
    say: ([, binary, pid], path) => `${path} is in use by process ${pid} (${binary})`,
    hint: 'wait until it ends (--wait does), or stop it',
  },
  {
    pattern: /Could not set lock/,
    code: 'database-locked',
    say: (_, path) => `${path} is in use by another process`,
    hint: 'wait until it ends (--wait does), or stop it',
  },
  {
    pattern: /version number \d+, but we can only read/,
    code: 'database-unusable',
    say: (_, path) => `${path} was written by a version of DuckDB that this one cannot read`,
    hint: 'export it there with EXPORT DATABASE and build it anew here',
  },
  {
    pattern: /^Failed to set config/,
    code: 'database-unusable',
    say: (_, path) =>
      `${path} cannot be opened with the target's threads, memory_limit or temp_directory`,
    hint: "memory_limit is a number with a unit: '4GB'",
  },
  unusable(
    /not a valid DuckDB database file|extension "sqlite/,
    'is not a DuckDB database',
    ANOTHER_FILE,
  ),
  unusable(/Corrupt database file|Could not read enough bytes/, 'is damaged', ANOTHER_FILE),
  unusable(/Is a directory/, 'is a folder, not a file', ANOTHER_FILE),
  unusable(/No such file or directory/, 'cannot be made: its folder does not exist'),
  unusable(/Not a directory/, 'cannot be made: a part of its path is a file, not a folder'),
  unusable(
    /Permission denied|Read-only file system/,
    'cannot be opened for writing: permission denied',
  ),
  unusable(/database file path .*cannot be|already attached/i, 'is open under another name'),
];

function unusable(pattern: RegExp, predicate: string, hint?: string): Meaning {
  const say = (_: RegExpExecArray, path: string) => `${path} ${predicate}`;
  return { pattern, code: 'database-unusable', say, ...(hint && { hint }) };
}

/** What a failed statement means; `cause` is what the driver threw. */
export function statementError(cause: unknown, sql: string): DatabaseError {
  const failure = readFailure(cause);
  const error = explain(failure, sql, '', cause, (code) => code !== 'database-unusable');
  return (
    error ??
    new DatabaseError('database-error', failure.message, sql, {
      cause,
      position: positionOf(failure, sql),
      fault: failure.fault,
    })
  );
}

/** Why the database at `path` cannot be opened. */
export function openError(cause: unknown, path: string, sql = ''): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const failure = readFailure(cause);
  return (
    explain(failure, sql, path, cause, () => true) ??
    new DatabaseError('database-unusable', `${path}: ${failure.message}`, sql, { cause })
  );
}

function explain(
  failure: Failure,
  sql: string,
  path: string,
  cause: unknown,
  applies: (code: ErrorCode) => boolean,
): DatabaseError | undefined {
  for (const { pattern, code, say, hint } of MEANINGS) {
    const match = applies(code) && pattern.exec(failure.message);
    if (!match) continue;
    const position = positionOf(failure, sql);
    const message = say?.(match, path) ?? failure.message;
    const { fault } = failure;
    return new DatabaseError(code, message, sql, { hint, cause, position, fault });
  }
  return undefined;
}

/** The driver throws `Kind Error: text`; with errors_as_json, which a session sets, mostly JSON, with or without the kind. */
function readFailure(cause: unknown): Failure {
  const raw = cause instanceof Error ? cause.message : String(cause);
  const [front = ''] = /^[\w ]+ Error: /.exec(raw) ?? [];
  const text = raw.slice(front.length);
  const parsed = text.startsWith('{"exception_type"') ? parseJson(text) : undefined;
  const message = tidy(parsed?.['exception_message'] ?? text);
  const position = parsed?.['position'];
  return {
    message,
    offset: position === undefined ? undefined : Number(position),
    fault: faultOf(parsed?.['exception_type'] ?? front.replace(' Error: ', ''), message),
  };
}

/** A database that is not attached is told of by the binder, too. */
function faultOf(kind: string, message: string): StatementFault | undefined {
  if (kind === 'Catalog' || /^Catalog "[^"]*" does not exist/.test(message)) return 'missing';
  return kind === 'Binder' || kind === 'Parser' ? 'wrong-sql' : undefined;
}

function parseJson(text: string): Partial<Record<string, string>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a message of the user's own, by error()
  }
}

/** `    *(INTEGER, INTEGER) -> INTEGER`, of which there may be dozens. */
const OVERLOAD = /^\s+\S.*\) -> /;
const OVERLOADS = 5;

/** A few of the functions that could have been meant. */
function fewOverloads(lines: readonly string[]): readonly string[] {
  const overloads = lines.filter((line) => OVERLOAD.test(line));
  const left = new Set(overloads.slice(OVERLOADS));
  if (left.size < 2) return lines;
  const more = `${overloads[0]?.match(/^\s+/)?.[0]}… and ${overloads.length - OVERLOADS} more`;
  const last = lines.lastIndexOf(overloads.at(-1) ?? '');
  return [
    ...lines.slice(0, last + 1).filter((line) => !left.has(line)),
    more,
    ...lines.slice(last + 1),
  ];
}

/** Without the blank lines and the excerpt of the statement, which velo shows in its own way. */
function tidy(message: string): string {
  const [text = ''] = message.split(/^LINE \d+: /m);
  const lines = text.split('\n').filter((line) => line.trim());
  return fewOverloads(lines)
    .join('\n')
    .replace(/^Failed to commit: /, '');
}

/** DuckDB counts bytes of UTF-8. A position beyond the text belongs to the SQL of a view. */
function positionOf({ offset }: Failure, sql: string): SqlPosition | undefined {
  if (offset === undefined) return undefined;
  const bytes = Buffer.from(sql);
  if (offset > bytes.length) return undefined;
  const lines = bytes.subarray(0, offset).toString().split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
