import type {
  Connection,
  Dialect,
  PassingDatabase,
  RelationType,
  Warehouse,
} from '../adapters/adapter.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { macrosIn, sessionMacros } from '../nodes/build-macros.ts';
import { type CompileOptions, type CompileScope, compileNode } from '../nodes/compile.ts';
import { checkContract } from '../nodes/contract.ts';
import type { Compiled } from '../nodes/ctes.ts';
import type { GenericTestDetail } from '../nodes/generic-test.ts';
import { builderOf } from '../nodes/index.ts';
import { nodeAt } from '../nodes/node-at.ts';
import type { BuildContext, ProjectFolders } from '../nodes/node-kind.ts';
import { testSql, WITHOUT_SQL } from '../nodes/run-checks.ts';

/** What scratch builds are made with and where. */
export interface ScratchSettings {
  readonly warehouse: Warehouse;
  readonly scope: CompileScope;
  readonly folders: ProjectFolders;
  readonly models: ModelTools;
  /** Database and name of the schema that is made for it; open scratches need different names. */
  readonly place: Pick<Relation, 'database' | 'schema'>;
}

/** A schema of its own in the warehouse in which nodes are built, and of which nobody else sees anything. */
export interface Scratch {
  /** For queries of what was built, and for tables that are made by other means. */
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** A name in the schema that is not taken; `label` is a part of it. */
  place(label: string): Relation;
  /**
   * From now on what is built reads `relation` in the place of `node`, which may be a source, a seed or a model: a
   * changed copy, or what `build` returned.
   */
  shadow(node: Node, relation: Relation): void;
  /**
   * Builds one node, its inputs as they are shadowed or else as they stand in the warehouse; hooks and tests are not
   * run. The rows of a model that changes its table bit by bit are those of a full refresh.
   * @throws ProjectError, DatabaseError
   */
  build(node: Node, options?: ScratchBuild): Promise<Relation>;
  /**
   * The SELECT of a node with a template, its inputs as they are shadowed. `onAsk` is told what the template asks before it is
   * asked, and may throw. @throws ProjectError, DatabaseError
   */
  compile(node: Node, batch: Interval | undefined, onAsk?: OnAsk): Promise<Compiled>;
  /** The SELECT of a test's failing rows, likewise; undefined for one that is no SELECT. @throws ProjectError, DatabaseError */
  compileTest(test: Node, onAsk?: OnAsk): Promise<Compiled | undefined>;
  /** Compares a model's SELECT with its contract, where one is enforced. @throws ProjectError 'contract-broken' */
  checkContract(node: Node, sql: string): Promise<void>;
  /** Does something that may fail without harm to what was done before. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

type AskDatabase = NonNullable<CompileOptions['ask']>;

export type OnAsk = (request: Parameters<AskDatabase>[0]) => void;

export interface ScratchBuild {
  /** as_of ranges, one statement each, in order: needed for an as_of node, and for no other. */
  readonly ranges?: readonly Interval[] | undefined;
  /** A table of the scratch with rows of other ranges: the ranges are written into it. */
  readonly onto?: Relation | undefined;
  /** Called after each range with the number of those that are done. */
  readonly onRange?: ((done: number) => void) | undefined;
}

/**
 * Lends a scratch in a session of its own. When `work` is done, fails or is interrupted, and also when the process is
 * killed, the warehouse is as it was before: the scratch is a database in memory or, where the engine has none, a
 * transaction that is never committed.
 */
export async function inScratch<T>(
  settings: ScratchSettings,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const { passingDatabase } = settings.scope.dialect;
  return passingDatabase
    ? inMemory(passingDatabase, settings, work)
    : inTransaction(settings, work);
}

async function inMemory<T>(
  { attach, detach }: PassingDatabase,
  settings: ScratchSettings,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const { warehouse, scope, place } = settings;
  const passing = { ...settings, place: { database: place.schema, schema: place.schema } };
  return warehouse.use(async (connection) => {
    await connection.execute(attach(place.schema));
    try {
      await connection.execute(scope.dialect.createSchema(passing.place));
      return await work(scratchIn(connection, passing, (attempted) => attempted()));
    } finally {
      await connection.execute(detach(place.schema));
    }
  });
}

/** Thrown in the transaction so that it is rolled back; never leaves this file. */
class NothingIsKept extends Error {}

async function inTransaction<T>(
  settings: ScratchSettings,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const done: T[] = [];
  const { warehouse, scope, place } = settings;
  const rolledBack = warehouse.use((connection) =>
    connection.transaction(async () => {
      await connection.execute(scope.dialect.createSchema(place));
      done.push(await work(scratchIn(connection, settings, savepoints(connection))));
      throw new NothingIsKept();
    }),
  );
  await rolledBack.catch((error: unknown) => {
    if (!(error instanceof NothingIsKept)) throw error;
  });
  return done[0] as T;
}

/** In a transaction that has failed nothing else can be done. */
const savepoints =
  ({ execute }: Connection): Scratch['attempt'] =>
  async (work) => {
    await execute('savepoint velo_attempt');
    try {
      const result = await work();
      await execute('release savepoint velo_attempt');
      return result;
    } catch (error) {
      await execute('rollback to savepoint velo_attempt');
      throw error;
    }
  };

/** Enough to tell tables apart by their names; the longest that Postgres takes is 63. */
const LABEL_LENGTH = 40;

function scratchIn(
  connection: Connection,
  { scope, folders, models, place }: ScratchSettings,
  attempt: Scratch['attempt'],
): Scratch {
  const { dialect } = scope;
  const shadows = new Map<NodeId, Node>();
  const shadowed: CompileScope = {
    ...scope,
    resolve(from, reference) {
      const target = scope.resolve(from, reference);
      return shadows.get(target.id) ?? target;
    },
  };
  const ask = askConnection(connection);
  const context = {
    connection,
    dialect,
    folders,
    models,
    macros: macrosIn(sessionMacros(shadowed), ask),
    compile: (node, options) => compileNode(node, { ask, ...options }, shadowed),
    resolve: shadowed.resolve,
  } satisfies Partial<BuildContext>;
  const watching = (onAsk: OnAsk | undefined) => ({
    ...context,
    compile: (node: Node, options: CompileOptions) =>
      context.compile(node, { ...options, ask: onAsk ? watched(ask, onAsk) : ask }),
  });
  let placed = 0;
  const freePlace = (label: string): Relation => {
    placed += 1;
    return { ...place, name: `${label.slice(0, LABEL_LENGTH)}_${placed}` };
  };
  return {
    connection,
    dialect,
    place: freePlace,
    attempt,
    compile: (node, batch, onAsk) => watching(onAsk).compile(node, { batch, isIncremental: false }),
    async compileTest(test, onAsk) {
      const isOwn = (test.detail as Partial<GenericTestDetail>).builtIn === true;
      const watched = watching(onAsk);
      if (!isOwn) return watched.compile(test, { batch: undefined, isIncremental: false });
      const sql = await testSql(test, watched);
      return sql === WITHOUT_SQL ? undefined : { sql, placeOf: () => undefined };
    },
    checkContract: (node, sql) => checkContract(node, sql, context),
    shadow: (node, relation) => void shadows.set(node.id, nodeAt(node, relation)),
    async build(node, { ranges, onto, onRange } = {}) {
      const relation = onto ?? freePlace(node.name);
      const moved = nodeAt(node, relation);
      let existing: RelationType | undefined = onto && 'table';
      for (const [index, batch] of (ranges ?? [undefined]).entries()) {
        await builderOf(moved).build(moved, { ...context, existing, replace: !existing, batch });
        existing = node.storesRows ? 'table' : 'view';
        onRange?.(index + 1);
      }
      return relation;
    },
  };
}

const watched =
  (ask: AskDatabase, onAsk: OnAsk): AskDatabase =>
  async (request) => {
    onAsk(request);
    return ask(request);
  };
