import { ProjectError, VeloError } from '../../core/errors.ts';
import type { ResultTable } from '../../core/result-table.ts';
import type { Span } from '../../core/span.ts';
import { SHIPPED_FOLDER } from '../shipped-folder.ts';
import { Suspend } from '../signals.ts';

/** What a template asks of the database while it is rendered. */
export type DatabaseRequest =
  | {
      readonly kind: 'query';
      readonly sql: string;
      /** Whether rows are wanted; without, only what the engine says of the statement. */
      readonly fetch: boolean;
      /** Only what stands where, and which columns it has: the answer is the same whatever the rows are. */
      readonly asksCatalog?: true | undefined;
      /** Where the template asks. */
      readonly span: Span;
    }
  | { readonly kind: 'commit' | 'begin'; readonly span: Span };

export interface DatabaseAnswer {
  /** What the engine says, such as `OK` or `SELECT 3`. */
  readonly message: string;
  readonly rowsAffected: number | undefined;
  /** Undefined when no rows were asked for. */
  readonly table: ResultTable | undefined;
}

/** Does what is asked. @throws DatabaseError */
export type AskDatabase = (request: DatabaseRequest) => Promise<DatabaseAnswer>;

/** One template on its way to the end: what it asked and was told so far. */
export interface Replay {
  /** The answer; suspends the render when it is not there yet. */
  ask(request: DatabaseRequest): DatabaseAnswer;
  /** Does something for the outside, such as printing a line, once, however often the template is rendered. */
  once(effect: () => void): void;
  /** The value made the first time, however often the template is rendered. */
  remember<T>(make: () => T): T;
}

/** Requests one template may make, and cells their answers may hold: all are kept until it is done. */
const MAX_REQUESTS = 10_000;
const MAX_CELLS = 20_000_000;

/**
 * Renders with answers: `attempt` is called anew, from the start, whenever a question has been answered, and must
 * build what it changes afresh. Without a question it is called once.
 * @throws whatever `attempt` or `ask` throws; ProjectError 'template-limit' for too many or too large answers
 */
export async function renderAnswering<T>(
  attempt: (replay: Replay) => T,
  ask: AskDatabase,
): Promise<T> {
  const known: { readonly key: string; readonly answer: DatabaseAnswer }[] = [];
  let cells = 0;
  let told = 0;
  const remembered: unknown[] = [];
  for (;;) {
    let position = 0;
    let effects = 0;
    let memories = 0;
    const replay: Replay = {
      ask(request) {
        const found = known[position];
        position += 1;
        if (!found) throw new Suspend(request);
        if (found.key !== keyOf(request)) throw changedItsMind(request.span);
        return found.answer;
      },
      once(effect) {
        effects += 1;
        if (effects <= told) return;
        told = effects;
        effect();
      },
      remember<T>(make: () => T): T {
        if (memories === remembered.length) remembered.push(make());
        memories += 1;
        return remembered[memories - 1] as T;
      },
    };
    try {
      return attempt(replay);
    } catch (error) {
      if (!(error instanceof Suspend)) throw error;
      const request = error.request as DatabaseRequest;
      const answer = await ask(request).catch((reason: unknown) => {
        throw atCaller(reason, request, error);
      });
      cells += (answer.table?.rows.length ?? 0) * (answer.table?.columns.length ?? 0);
      known.push({ key: keyOf(request), answer });
      if (known.length > MAX_REQUESTS || cells > MAX_CELLS) throw tooMuch(request.span);
    }
  }
}

/** dbt's own macros stand between the query and the template that wanted it: people look at the template. */
const isShipped = ({ file }: Span): boolean => file.startsWith(SHIPPED_FOLDER);

function atCaller(reason: unknown, { span }: DatabaseRequest, { trace }: Suspend): unknown {
  if (!(reason instanceof VeloError)) return reason;
  const calls = trace.filter((entry) => !isShipped(entry.span));
  const asked = isShipped(span) ? calls[0]?.span : span;
  const outer = isShipped(span) ? calls.slice(1) : calls;
  return Object.assign(reason, { span: asked ?? span, trace: outer });
}

const keyOf = (request: DatabaseRequest): string =>
  request.kind === 'query' ? `${request.fetch} ${request.sql}` : request.kind;

/** Rendering again must ask the same again: a template that asks by chance would be told what it did not ask. */
const changedItsMind = (span: Span): ProjectError =>
  new ProjectError('template-error', 'the template asks another query each time it is rendered', {
    span,
    hint: 'a template with queries is rendered once more after each answer: what it asks must not depend on chance',
  });

const tooMuch = (span: Span): ProjectError =>
  new ProjectError(
    'template-limit',
    `the template asks more than ${MAX_REQUESTS} queries, or for more than ${MAX_CELLS} values`,
    { span, hint: 'let the database do it: ask for what the template needs, and no more' },
  );

/** For templates that may not ask: `reason` says why. */
export const refuseQueries =
  (reason: string, hint: string): AskDatabase =>
  async ({ span }) => {
    throw new ProjectError('template-error', reason, { span, hint });
  };
