import {
  DatabaseError,
  type ErrorCode,
  type SqlPosition,
  type StatementFault,
} from '../../core/errors.ts';
import { describeTarget, type PostgresSettings } from './settings.ts';

/** What the driver throws: the server's fields by their names, or a fault of the network with its code. */
interface Failure {
  readonly message: string;
  /** SQLSTATE of the server, or the system's code: `28P01`, `ECONNREFUSED`. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Characters into the statement, from 1. */
  readonly position: number | undefined;
  /** A statement the server made itself, and the place in it. */
  readonly internalQuery: string | undefined;
  readonly internalPosition: number | undefined;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly say?: (failure: Failure) => string;
  readonly hint?: string;
}

const LOST: Meaning = {
  code: 'connection-lost',
  say: ({ message }) => `the connection to the server was lost: ${message}`,
  hint: 'what was not committed is undone; run again when the server answers (velo debug tells)',
};

const CONFLICT: Meaning = {
  code: 'write-conflict',
  say: ({ message, detail }) => [message, detail].filter(Boolean).join(': '),
  hint: 'nothing was committed; run again, and let only one run write a relation',
};

/** By SQLSTATE, or by its class of two letters. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '08': LOST,
  '57P01': LOST,
  '57P02': LOST,
  '57P03': LOST,
  '40001': CONFLICT,
  '40P01': CONFLICT,
  '55P03': CONFLICT,
  '53100': {
    code: 'disk-full',
    hint: 'free space on the server; nothing was committed',
  },
  '42501': {
    code: 'permission-denied',
    hint: "grant it to the target's user, or to its role",
  },
  '25006': {
    code: 'database-read-only',
    say: ({ message }) => `the database takes no changes: ${message}`,
    hint: 'it is a replica, or default_transaction_read_only is on: point host of the target at the primary',
  },
  '2BP01': { code: 'database-error', say: ({ message, detail }) => lines(message, detail) },
  '42P01': {
    code: 'database-error',
    hint: "write {{ ref('name') }} for a model or seed, {{ source('source', 'name') }} for other tables",
  },
  '22021': {
    code: 'database-error',
    hint: 'Postgres keeps no NUL character in text: remove it before it is loaded',
  },
};

const lines = (...texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== '').join('\n');

/** Two sessions that make a schema or a table of one name at once meet in the catalog. */
const CATALOG_INDEX = /"pg_\w+_index"/;

/** Codes of sockets that break, besides what the driver says without a code. */
const BROKEN = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|ENETDOWN|ENETUNREACH|EHOSTUNREACH|ECONNABORTED)$/;
const BROKEN_TEXT =
  /^(?:Connection terminated|Client was closed|Client has encountered a connection)/;

/** What a failed statement means; `cause` is what the driver threw. */
export function statementError(cause: unknown, sql: string): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const failure = readFailure(cause);
  const meaning = meaningOf(failure);
  const said = isOfRow(failure) ? lines(failure.message, failure.detail) : failure.message;
  return new DatabaseError(meaning.code, meaning.say?.(failure) ?? said, sql, {
    cause,
    isOfServer: true,
    hint: meaning.hint ?? failure.hint,
    position: positionOf(failure, sql),
    fault: faultOf(failure),
  });
}

/** Constraints that a row breaks: which row it is stands in the detail. */
const isOfRow = ({ code }: Failure): boolean => code.startsWith('23');

/** Undefined tables, objects such as types, schemas, and functions; an operator that is not there is one of wrong types. */
const MISSING: ReadonlySet<string> = new Set(['42P01', '42704', '3F000', '42883']);

function faultOf({ code, message }: Failure): StatementFault | undefined {
  if (MISSING.has(code)) return message.startsWith('operator ') ? 'wrong-sql' : 'missing';
  return code.startsWith('42') && code !== '42501' ? 'wrong-sql' : undefined;
}

function meaningOf(failure: Failure): Meaning {
  const { code, message } = failure;
  if (code === '57014') return cancelled(message);
  if (code === '23505' && CATALOG_INDEX.test(message)) return CONFLICT;
  if (message === 'tuple concurrently updated') return CONFLICT;
  if (BROKEN.test(code) || BROKEN_TEXT.test(message)) return LOST;
  return MEANINGS[code] ?? MEANINGS[code.slice(0, 2)] ?? { code: 'database-error' };
}

const cancelled = (message: string): Meaning =>
  /timeout/.test(message)
    ? { code: 'database-error', hint: 'raise statement_timeout of the target, or that of the role' }
    : { code: 'interrupted', say: () => 'the statement was interrupted' };

interface Refusal {
  readonly code: ErrorCode;
  readonly say: (failure: Failure, settings: PostgresSettings) => string;
  readonly hint: string;
}

const UNREACHABLE: Refusal = {
  code: 'database-unreachable',
  say: ({ message }, { host, port }) => `no server answers at ${host}:${port}: ${message}`,
  hint: 'check host and port of the target, and that the server runs and lets this machine in',
};

const REFUSED: Refusal = {
  code: 'login-failed',
  say: ({ message }, { host, port }) => `${host}:${port} does not give a session: ${message}`,
  hint: 'check user, role and the other settings of the target',
};

/** Why a server lets nobody in, by SQLSTATE. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  '28P01': {
    code: 'login-failed',
    say: (_, { user, host, port }) => `${host}:${port} does not take the password of ${user}`,
    hint: 'the password comes from password of the target, password_command, PGPASSWORD or ~/.pgpass',
  },
  '28000': {
    code: 'login-failed',
    say: ({ message }, { host, port }) => `${host}:${port} refuses the login: ${message}`,
    hint: "check user and sslmode of the target, and the server's pg_hba.conf",
  },
  '3D000': {
    code: 'login-failed',
    say: (_, { database, host, port }) => `${host}:${port} has no database '${database}'`,
    hint: 'velo makes schemas, no databases: create database, or set dbname of the target',
  },
  '42501': {
    code: 'login-failed',
    say: ({ message }) => message,
    hint: 'grant connect on the database to the user',
  },
  '53300': {
    code: 'database-unreachable',
    say: ({ message }, { host, port }) => `${host}:${port} takes no more connections: ${message}`,
    hint: 'lower threads, or raise max_connections of the server',
  },
};

/** Why there is no session with the server. The password is in none of these texts. */
export function connectError(cause: unknown, settings: PostgresSettings): DatabaseError {
  const failure = readFailure(cause);
  const refusal = REFUSALS[failure.code] ?? withoutPassword(failure) ?? otherRefusal(failure);
  const message = refusal.say(failure, settings);
  return new DatabaseError(refusal.code, message, '', { cause, hint: refusal.hint });
}

/** What has an SQLSTATE comes from a server that answers; that it starts or ends is no refusal. */
const otherRefusal = ({ code }: Failure): Refusal =>
  /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P') ? REFUSED : UNREACHABLE;

/** The driver's own words when the server asks for a password and there is none. */
const withoutPassword = ({ message }: Failure): Refusal | undefined =>
  /password must be a (?:non-empty )?string/.test(message) ? REFUSALS['28P01'] : undefined;

/** Whether the same attempt may succeed a little later. */
export function isPassing(cause: unknown): boolean {
  const { code, message } = readFailure(cause);
  const isNetwork = /^(?:ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN)/.test(code) || /timeout/i.test(message);
  return isNetwork || code === '57P03' || code === '53300';
}

export function lockedError(settings: PostgresSettings, holder: string | undefined): DatabaseError {
  const place = `schema ${settings.schema} of ${describeTarget(settings)}`;
  const by = holder === undefined ? 'another run of velo' : `another run of velo (${holder})`;
  return new DatabaseError('database-locked', `${place} is in use by ${by}`, '', {
    hint: 'wait until it ends (--wait does), or stop it',
  });
}

export function oldServer(version: string, oldest: number): DatabaseError {
  return new DatabaseError('database-unusable', `the server is Postgres ${version}`, '', {
    hint: `velo builds in Postgres ${oldest} and newer`,
  });
}

function readFailure(cause: unknown): Failure {
  // A host with several addresses fails once for each: the last one's reason stands for all.
  const inner = cause instanceof AggregateError ? cause.errors.at(-1) : cause;
  const given = (inner ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) =>
    typeof given[name] === 'string' ? (given[name] as string) : undefined;
  const number = (name: string) => (given[name] === undefined ? undefined : Number(given[name]));
  return {
    message: text('message') ?? String(inner),
    code: text('code') ?? '',
    detail: text('detail'),
    hint: text('hint'),
    position: number('position'),
    internalQuery: text('internalQuery'),
    internalPosition: number('internalPosition'),
  };
}

/** The server counts characters, not bytes and not UTF-16 units. */
function positionOf(failure: Failure, sql: string): SqlPosition | undefined {
  if (failure.position !== undefined) return placeOf(sql, failure.position);
  const { internalQuery: inner, internalPosition: at } = failure;
  const offset = inner === undefined ? -1 : sql.indexOf(inner);
  if (offset < 0 || at === undefined) return undefined;
  return placeOf(sql, [...sql.slice(0, offset)].length + at);
}

function placeOf(sql: string, position: number): SqlPosition {
  const before = [...sql].slice(0, position - 1).join('');
  const rows = before.split('\n');
  return { line: rows.length, column: (rows.at(-1)?.length ?? 0) + 1 };
}
