import type { Binding } from '../binding/inputs.ts';
import type { Node } from '../core/node.ts';
import { bindProject } from './bind-project.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface CheckOptions extends ApiOptions, SelectOptions {}

export interface CheckedNode {
  readonly node: Node;
  readonly binding: Binding;
}

/**
 * Has the engine resolve all names and types of the chosen nodes' SQL, and of what they read, against tables without rows:
 * in memory or, where the engine cannot, in a transaction that is rolled back. The target stays as it is; what has not
 * changed since the last check is not looked at. Faults are in the result, parents first. @throws VeloError, VeloErrors when it cannot start
 */
export async function check(options: CheckOptions): Promise<readonly CheckedNode[]> {
  return checkProject(await loadProject(options), options);
}

/** What `check` does once the project is read. */
export async function checkProject(
  project: LoadedProject,
  options: CheckOptions,
): Promise<readonly CheckedNode[]> {
  const { nodes, found } = await bindProject(
    project,
    selectNodes(project, options),
    options.signal,
  );
  return nodes.flatMap((node) => {
    const binding = found.get(node.id);
    return binding ? [{ node, binding }] : [];
  });
}
