import type { Connection, Warehouse } from '../adapters/adapter.ts';
import { type AskDatabase, refuseQueries } from '../jinja/contexts/replay.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { type LoadedTarget, openWarehouse } from './load-project.ts';

/** Answers the queries of templates in one session. */
export interface TemplateDatabase extends AsyncDisposable {
  readonly ask: AskDatabase;
}

/** Opens the target's database when the first query comes, and keeps it open until it is disposed of. */
export function lazyDatabase(target: LoadedTarget): TemplateDatabase {
  let lent: Promise<AskDatabase> | undefined;
  let close = () => {};
  const closing = new Promise<void>((done) => {
    close = done;
  });
  let closed: Promise<unknown> = Promise.resolve();
  const open = () =>
    new Promise<AskDatabase>((opened, failed) => {
      closed = lend(target, (connection) => {
        opened(askConnection(connection));
        return closing;
      }).catch(failed);
    });
  return {
    async ask(request) {
      lent ??= open();
      return (await lent)(request);
    },
    async [Symbol.asyncDispose]() {
      close();
      await closed;
    },
  };
}

async function lend(target: LoadedTarget, work: (connection: Connection) => Promise<void>) {
  await using warehouse: Warehouse = await openWarehouse(target);
  await warehouse.use(work);
}

/** For `--no-introspect`: a template that asks is told that it may not. */
export const closedDatabase = (): TemplateDatabase => ({
  ask: refuseQueries(
    'the template asks the database, which --no-introspect forbids',
    'compile it without --no-introspect, or guard the query with a flag of your own',
  ),
  async [Symbol.asyncDispose]() {},
});
