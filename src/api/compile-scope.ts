import type { CompileScope } from '../nodes/compile.ts';
import type { LoadedProject } from './load-project.ts';

/** What rendering a node of the project needs; reads the macros. */
export async function compileScope(project: LoadedProject): Promise<CompileScope> {
  const { scope, adapter, graph } = project;
  return {
    scope,
    macros: await project.macros(),
    templates: new Map(),
    dialect: adapter.dialect,
    resolve: graph.resolve,
  };
}
