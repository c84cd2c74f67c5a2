import type { RelationInfo, Warehouse } from '../adapters/adapter.ts';
import { type AskDatabase, refuseQueries } from '../jinja/contexts/replay.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { type LoadedTarget, openWarehouse } from './load-project.ts';
import { isLocked } from './wait-for-lock.ts';

/** Answers the queries of templates in one session. */
export interface TemplateDatabase extends AsyncDisposable {
  readonly ask: AskDatabase;
  /** Tables and views of these schemas; none where there is no database yet. */
  relations(schemas: readonly string[]): Promise<readonly RelationInfo[]>;
}

/** Opens the target's database when it is first asked, and keeps it open until it is disposed of. */
export function lazyDatabase(target: LoadedTarget): TemplateDatabase {
  let opened: Promise<Warehouse> | undefined;
  const open = () => {
    opened ??= openForTemplates(target);
    return opened;
  };
  let lent: ReturnType<typeof lend> | undefined;
  return {
    async ask(request) {
      lent ??= lend(await open());
      return (await lent.asked)(request);
    },
    async relations(schemas) {
      const { adapter, adapterSettings } = target;
      const { sharesDatabase } = adapter.dialect.capabilities;
      const exists = sharesDatabase || (await adapter.stamp(adapterSettings)) !== undefined;
      return exists ? (await open()).listRelations(schemas) : [];
    },
    async [Symbol.asyncDispose]() {
      await lent?.giveBack();
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

/** A template may write; where others look at the database it can look as well. */
async function openForTemplates(target: LoadedTarget): Promise<Warehouse> {
  try {
    return await openWarehouse(target);
  } catch (error) {
    if (!isLocked(error)) throw error;
    const shared = await target.adapter.openToRead(target.adapterSettings).catch(() => undefined);
    if (shared) return shared;
    throw error;
  }
}

/** A connection until it is given back: a template's queries share one. */
function lend(warehouse: Warehouse) {
  let close = () => {};
  const closing = new Promise<void>((done) => {
    close = done;
  });
  let returned: Promise<unknown> = Promise.resolve();
  const asked = new Promise<AskDatabase>((ready, failed) => {
    returned = warehouse
      .use((connection) => {
        ready(askConnection(connection));
        return closing;
      })
      .catch(failed);
  });
  return {
    asked,
    async giveBack() {
      close();
      await returned;
    },
  };
}

/** For `--no-introspect`: a template that asks is told that it may not. */
export const closedDatabase = (): TemplateDatabase => ({
  ask: refuseQueries(
    'the template asks the database, which --no-introspect forbids',
    'compile it without --no-introspect, or guard the query with a flag of your own',
  ),
  relations: async () => [],
  async [Symbol.asyncDispose]() {},
});
