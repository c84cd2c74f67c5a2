import type { Excerpt } from '../core/excerpt.ts';
import type { NodeId } from '../core/node.ts';
import type { AskDatabase } from '../jinja/contexts/replay.ts';
import type { CompileScope } from '../nodes/compile.ts';
import type { LoadedProject } from './load-project.ts';
import { manifestValues } from './manifest-values.ts';
import { warner } from './warn.ts';

export interface ScopeOptions {
  /** Answers queries of templates that are rendered outside of a build's steps. */
  readonly ask: AskDatabase;
  /** The nodes this run is about. */
  readonly selected: ReadonlySet<NodeId>;
  /** What is read of inputs; all when absent. */
  readonly excerpt?: Excerpt | undefined;
}

/** What rendering a node of the project needs; reads the macros. */
export async function compileScope(
  project: LoadedProject,
  { ask, selected, excerpt }: ScopeOptions,
): Promise<CompileScope> {
  const { scope, adapter, graph, emit } = project;
  const prints = scope.readFlags?.().flags['PRINT'] !== false;
  return {
    scopeOf: project.scopeOf,
    macros: await project.macros(),
    templates: new Map(),
    dialect: adapter.dialect,
    resolve: graph.resolve,
    excerpt,
    ask,
    voice: {
      log: (message) => emit({ type: 'message', message }),
      print: (message) => {
        if (prints) emit({ type: 'printed', message });
      },
      // What a template said when it was read it says again when it is run, as in dbt.
      warn: warner(emit, project.settings.flags),
    },
    ...manifestValues(project),
    selected: () => [...selected].sort(),
    now: project.now,
  };
}
