import type { Node } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { ResolvedProject } from '../project/read-project.ts';
import type { Warn } from './warn.ts';

/**
 * Tells of models that refer to a model with a deprecation date, in dbt's words before that day. `now`: epoch
 * milliseconds.
 */
export function warnOfDeprecatedModels(
  { graph, deprecated }: Pick<ResolvedProject, 'graph' | 'deprecated'>,
  now: number,
  warn: Warn,
): void {
  for (const node of deprecated) {
    const date = String(node.extra?.['deprecation_date']);
    const isPast = Date.parse(date) < now;
    for (const id of graph.children(node.id)) {
      const child = graph.nodes.get(id);
      if (child?.kind === 'model')
        warn(
          warningText(child, node, date, isPast),
          placeOf(child, node, graph),
          isPast ? 'DeprecatedReference' : 'UpcomingReferenceDeprecation',
        );
    }
  }
}

function warningText(child: Node, node: Node, date: string, isPast: boolean): string {
  const { name, version } = node;
  const found = `While compiling '${child.name}': Found a reference to ${name}${version ? `.v${version.label}` : ''}`;
  const dated = isPast
    ? `which was deprecated on '${date}'`
    : `which is slated for deprecation on '${date}'`;
  const latest = node.extra?.['latest_version'];
  if (!version || version.latest || latest === null || latest === undefined)
    return `${found}, ${dated}.`;
  const call = `{{ ref('${node.packageName}', '${name}', v='${String(latest)}') }}`;
  const advice = `A new version of '${name}' is available. ${isPast ? 'Migrate now' : 'Try it out'}: ${call}.`;
  return `${found}, ${dated}. ${advice}`;
}

const placeOf = (child: Node, node: Node, graph: Graph) =>
  child.references.find((reference) => graph.resolve(child, reference) === node)?.span;
