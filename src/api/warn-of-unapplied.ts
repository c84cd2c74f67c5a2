import type { Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { Warn } from './warn.ts';

type Config = Node['config'];

const isGiven = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).some(Boolean);

/** Settings of dbt's that velo reads, keeps in the manifest and does not act on. */
const UNAPPLIED: readonly (readonly [name: string, isSet: (config: Config) => boolean])[] = [
  [
    'contract',
    ({ contract }) => (contract as { enforced?: boolean } | undefined)?.enforced === true,
  ],
  ['grants', ({ grants }) => isGiven(grants)],
  ['indexes', ({ indexes }) => isGiven(indexes)],
  ['persist_docs', ({ persist_docs }) => isGiven(persist_docs)],
  ['sql_header', ({ sql_header }) => (sql_header ?? null) !== null],
  ['store_failures', ({ store_failures }) => store_failures === true],
];

/** One warning for all settings that the nodes to be built have and that nothing comes of. */
export function warnOfUnapplied(plan: Plan, nodes: ReadonlyMap<NodeId, Node>, warn: Warn): void {
  const built = plan.steps
    .filter(({ action }) => action === 'build')
    .flatMap(({ node, checks }) => [node, ...checks])
    .flatMap((id) => nodes.get(id) ?? []);
  const found = UNAPPLIED.flatMap(([name, isSet]) => {
    const having = built.filter(({ config }) => isSet(config));
    const [first] = having;
    if (!first) return [];
    return [`${name} (${first.name}${having.length > 1 ? ` and ${having.length - 1} more` : ''})`];
  });
  if (found.length > 0)
    warn(`velo reads these settings and does not apply them: ${found.join(', ')}`);
}
