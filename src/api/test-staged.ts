import type { Connection, RelationInfo } from '../adapters/adapter.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { refuseQueries } from '../jinja/contexts/replay.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { compileNode } from '../nodes/compile.ts';
import { nodeAt } from '../nodes/node-at.ts';
import { type CheckOutcome, runChecks } from '../nodes/run-checks.ts';
import { projectFolders } from '../project/project-folders.ts';
import { compileScope } from './compile-scope.ts';
import type { LoadedProject } from './load-project.ts';
import { relationKey } from './relations.ts';

export interface StagedTests {
  readonly outcomes: readonly CheckOutcome[];
  /** Tests that were not run, with the reason. */
  readonly left: readonly LeftTest[];
}

export interface LeftTest {
  readonly test: Node;
  readonly reason: string;
}

/** Runs the tests of a model on rows that stand somewhere else. */
export type TestStaged = (
  model: Node,
  rows: Relation,
  connection: Connection,
) => Promise<StagedTests>;

/**
 * Tests of a project for rows that are not published yet: a model's data tests read `rows` in its place. Tests of code,
 * and those that read what the database has not, are left out. `relations`: what it has.
 */
export async function stagedTester(
  project: LoadedProject,
  relations: readonly RelationInfo[],
): Promise<TestStaged> {
  const scope = await compileScope(project, { ask: outsideOfTests, selected: new Set() });
  const known = new Set(relations.map(({ relation }) => relationKey(relation)));
  const { graph } = project;
  const testsOf = (model: Node) =>
    [...graph.nodes.values()].filter(
      ({ kind, check }) => kind === 'test' && check?.attachedTo === model.id,
    );
  return async (model, rows, connection) => {
    const moved = nodeAt(model, rows);
    const resolve: typeof graph.resolve = (from, reference) => {
      const found = graph.resolve(from, reference);
      return found.id === model.id ? moved : found;
    };
    const reasonOf = (test: Node): string | undefined => {
      if (test.check?.judgesCode) return CODE;
      const missing = test.references
        .map((reference) => graph.resolve(test, reference))
        .find(
          ({ id, relation }) => id !== model.id && !(relation && known.has(relationKey(relation))),
        );
      return missing && `it reads ${missing.name}, which is not there`;
    };
    const tests = testsOf(model).map((test) => ({ test, reason: reasonOf(test) }));
    const ask = askConnection(connection);
    const outcomes = await runChecks(
      tests.flatMap(({ test, reason }) => (reason === undefined ? [test] : [])),
      {
        connection,
        dialect: scope.dialect,
        folders: projectFolders(project.settings),
        resolve,
        compile: (node, options) => compileNode(node, { ask, ...options }, { ...scope, resolve }),
        leaksOf: () => Promise.reject(notBuilt),
        datesOf: () => undefined,
      },
    );
    const left = tests.flatMap(({ test, reason }) =>
      reason === undefined ? [] : [{ test, reason }],
    );
    const isNotBuilt = ({ error }: CheckOutcome) => error === notBuilt;
    const building = outcomes.filter(isNotBuilt).map(({ node }) => ({ test: node, reason: CODE }));
    return {
      outcomes: outcomes.filter((outcome) => !isNotBuilt(outcome)),
      left: [...left, ...building],
    };
  };
}

const CODE = 'it judges the code, not the rows';

/** What an experiment ends with: it builds the model again, for which the target has no inputs. */
const notBuilt = new ConfigError('unsupported', CODE);

const outsideOfTests = refuseQueries(
  'the template asks the database outside of its test',
  'this is a mistake of velo',
);
