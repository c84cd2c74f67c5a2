import type { Capabilities } from '../adapters/adapter.ts';
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
  ['concurrent_batches', ({ concurrent_batches }) => concurrent_batches === true],
  ['grants', ({ grants }) => isGiven(grants)],
  ['indexes', ({ indexes }) => isGiven(indexes)],
  ['persist_docs', ({ persist_docs }) => isGiven(persist_docs)],
  ['sql_header', ({ sql_header }) => (sql_header ?? null) !== null],
];

/** Kinds that are read and listed, and that no command of velo acts on. */
const UNUSED_KINDS: ReadonlyMap<string, string> = new Map([['function', 'functions']]);

/** One warning for all settings and kinds of a run that nothing comes of. */
export function warnOfUnapplied(
  plan: Plan,
  nodes: ReadonlyMap<NodeId, Node>,
  { appliesStorage = false }: Capabilities,
  warn: Warn,
): void {
  const settings = UNAPPLIED.filter(([name]) => !(appliesStorage && name === 'indexes'));
  const found = [...unappliedSettings(settings, plan, nodes), ...unusedKinds(nodes)];
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

function unusedKinds(nodes: ReadonlyMap<NodeId, Node>): string[] {
  const counts = new Map<string, number>();
  for (const { kind } of nodes.values()) {
    const name = UNUSED_KINDS.get(kind);
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} (${count})`);
}
