import type { Capabilities } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { Warn } from './warn.ts';

type Config = Node['config'];

const isGiven = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).some(Boolean);

/** Settings of dbt's that velo reads, keeps in the manifest and does not act on. */
const UNAPPLIED: readonly (readonly [name: string, isSet: (config: Config) => boolean])[] = [
  ['concurrent_batches', ({ concurrent_batches }) => concurrent_batches === true],
  ['indexes', ({ indexes }) => isGiven(indexes)],
];

/** One warning for all settings of a run that nothing comes of. */
export function warnOfUnapplied(
  plan: Plan,
  nodes: ReadonlyMap<NodeId, Node>,
  { appliesStorage = false }: Capabilities,
  warn: Warn,
): void {
  const settings = UNAPPLIED.filter(([name]) => !(appliesStorage && name === 'indexes'));
  const found = unappliedSettings(settings, plan, nodes);
  if (found.length > 0) warn(`velo reads these and does not act on them: ${found.join(', ')}`);
}

function unappliedSettings(
  settings: typeof UNAPPLIED,
  plan: Plan,
  nodes: ReadonlyMap<NodeId, Node>,
): string[] {
  const built = plan.steps
    .filter(({ action }) => action === 'build')
    .flatMap(({ node, checks }) => [node, ...checks])
    .flatMap((id) => nodes.get(id) ?? []);
  return settings.flatMap(([name, isSet]) => {
    const having = built.filter(({ config }) => isSet(config));
    const [first] = having;
    if (!first) return [];
    return [`${name} (${first.name}${having.length > 1 ? ` and ${having.length - 1} more` : ''})`];
  });
}
