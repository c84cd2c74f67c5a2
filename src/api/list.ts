import type { Node } from '../core/node.ts';
import { type ApiOptions, loadProject } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface ListOptions extends ApiOptions, SelectOptions {
  readonly resourceType?: string | undefined;
}

/** The selected nodes, in order of their selectors as dbt lists them. Loads no database driver. @throws VeloErrors */
export async function list(options: ListOptions): Promise<readonly Node[]> {
  const { graph } = await loadProject(options);
  const selected = selectNodes(graph, options, options.emit);
  return [...graph.nodes.values()]
    .filter(({ id, kind }) => selected.has(id) && (options.resourceType ?? kind) === kind)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
